//! What changed between two lists of packages.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Ecosystem;
use plimsoll_model::facts::Package;

/// What became of one package, of whatever versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Its name, in the normal form of the ecosystem.
    pub name: String,
    /// Versions that only the first list has, sorted; empty for what was added.
    pub before: Vec<String>,
    /// Versions that only the second list has, sorted; empty for what was removed.
    pub after: Vec<String>,
}

type Versions<'a> = BTreeMap<(Ecosystem, String), BTreeSet<&'a str>>;

/// The packages that differ, sorted by ecosystem and name. A package that stands in several places counts
/// once for each version.
#[must_use]
pub fn diff(before: &[Package], after: &[Package]) -> Vec<Change> {
    let (old, new) = (versions(before), versions(after));
    let keys: BTreeSet<&(Ecosystem, String)> = old.keys().chain(new.keys()).collect();
    let none = BTreeSet::new();
    keys.into_iter()
        .filter_map(|key| {
            let (a, b) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
            let only = |x: &BTreeSet<&str>, y: &BTreeSet<&str>| -> Vec<String> {
                x.difference(y)
                    .map(|version| (*version).to_owned())
                    .collect()
            };
            let (before, after) = (only(a, b), only(b, a));
            (!before.is_empty() || !after.is_empty()).then(|| Change {
                ecosystem: key.0,
                name: key.1.clone(),
                before,
                after,
            })
        })
        .collect()
}

fn versions(packages: &[Package]) -> Versions<'_> {
    let mut out = Versions::new();
    for package in packages {
        let fact = &package.fact;
        let name = fact.ecosystem.normal_name(&fact.name);
        out.entry((fact.ecosystem, name))
            .or_default()
            .insert(&fact.version);
    }
    out
}
