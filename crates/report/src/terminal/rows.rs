//! Findings as rows: one for each flaw of one source package, however many binary packages it is in.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Severity;
use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::facts::Package;
use plimsoll_model::finding::{Finding, Remedy};

/// What one line shows.
pub(super) struct Row<'a> {
    /// The finding that speaks for all of the row.
    pub(super) first: &'a Finding,
    /// Its match and its package, for flaws in packages.
    pub(super) flaw: Option<(&'a PackageMatch, &'a Package)>,
    /// Names of the packages, sorted.
    pub(super) packages: BTreeSet<&'a str>,
    /// How many findings are in the row.
    pub(super) members: usize,
    /// Files that prove it, sorted; empty for flaws in packages of the distribution, whose one database
    /// says nothing that the name does not say.
    pub(super) places: BTreeSet<&'a str>,
}

impl Row<'_> {
    pub(super) fn severity(&self) -> Severity {
        self.first.severity
    }
}

/// Findings of one remedy.
pub(super) struct Group<'a> {
    pub(super) remedy: &'a Remedy,
    pub(super) members: Vec<&'a Finding>,
}

/// The four kinds of remedies, in the order in which people apply them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Base,
    Package,
    Dockerfile,
    Manual,
}

pub(super) fn kind_of(remedy: &Remedy) -> Kind {
    match remedy {
        Remedy::BaseUpdate { .. } => Kind::Base,
        Remedy::PackageUpdate { .. } => Kind::Package,
        Remedy::Dockerfile { .. } => Kind::Dockerfile,
        Remedy::Manual { .. } => Kind::Manual,
    }
}

/// Findings by remedy: in each kind the remedy of the worst finding first, then that of most findings.
pub(super) fn groups<'a>(findings: &[&'a Finding]) -> BTreeMap<Kind, Vec<Group<'a>>> {
    let mut by_remedy: BTreeMap<&Remedy, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().copied() {
        by_remedy.entry(&finding.remedy).or_default().push(finding);
    }
    let mut out: BTreeMap<Kind, Vec<Group<'a>>> = BTreeMap::new();
    for (remedy, members) in by_remedy {
        out.entry(kind_of(remedy))
            .or_default()
            .push(Group { remedy, members });
    }
    for groups in out.values_mut() {
        groups.sort_by_key(|group| {
            let worst = group.members.iter().map(|finding| finding.severity).max();
            Reverse((worst, group.members.len()))
        });
    }
    out
}

/// What makes two findings one row.
type Key<'a> = (
    Reverse<Severity>,
    bool,
    &'a str,
    &'a str,
    &'a str,
    Option<&'a FixState>,
    Option<Applicability>,
    usize,
);

/// The rows of some findings: worst first, known exploited ones first among equals.
pub(super) fn rows<'a>(members: &[&'a Finding], packages: &'a [Package]) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<Key<'a>, Row<'a>> = BTreeMap::new();
    for (idx, finding) in members.iter().enumerate() {
        let flaw = finding
            .vulnerability
            .as_deref()
            .filter(|_| finding.class.is_of_advisory())
            .and_then(|found| Some((found, packages.get(found.package)?)));
        let key: Key<'a> = match flaw {
            Some((found, _)) => (
                Reverse(finding.severity),
                !found.vulnerability.known_exploited,
                &finding.rule,
                &found.reason.looked_up,
                &found.reason.compared,
                Some(&found.fix),
                Some(found.answer),
                0,
            ),
            // Every other finding is a row of its own.
            None => (
                Reverse(finding.severity),
                true,
                &finding.rule,
                &finding.subject,
                "",
                None,
                None,
                idx,
            ),
        };
        let row = rows.entry(key).or_insert_with(|| Row {
            first: finding,
            flaw,
            packages: BTreeSet::new(),
            members: 0,
            places: BTreeSet::new(),
        });
        row.members += 1;
        if let Some((_, package)) = flaw {
            row.packages.insert(&package.fact.name);
            if !package.fact.is_installed_by_os() {
                let paths = package.locations.iter().map(|l| l.path.as_str());
                row.places.extend(paths);
            }
        }
    }
    rows.into_values().collect()
}
