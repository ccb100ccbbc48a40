//! What a database says of a package, whatever version of it somebody has.

use std::collections::BTreeSet;

use crate::DatabaseError;
use crate::db::{Database, Reader};
use crate::key::EcosystemKey;
use crate::matching::rule_text;

/// One statement of a record about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The ecosystem with its release, such as `Debian:12`.
    pub ecosystem: String,
    /// The package's name there.
    pub package: String,
    /// The flaw's id.
    pub flaw: String,
    /// All other ids of the flaw, sorted.
    pub aliases: Vec<String>,
    /// Feed that holds the record.
    pub feed: String,
    /// Id of the record in that feed.
    pub record: String,
    /// The versions it speaks of, in interval notation, and what the vendor says besides.
    pub rule: String,
}

impl Database {
    /// Everything that is said of packages of a name, in every ecosystem or in those whose key is or begins with
    /// `ecosystem` (`Debian` for all its releases). Sorted by ecosystem, flaw and record.
    pub fn statements(
        &self,
        name: &str,
        ecosystem: Option<&str>,
    ) -> Result<Vec<Statement>, DatabaseError> {
        let mut reader = Reader::new(self);
        let mut found = Vec::new();
        // A release may be known in several ways, each in part.
        let covered = self.ecosystems().iter();
        let keys: BTreeSet<EcosystemKey> =
            covered.map(|one| EcosystemKey::of_covered(one)).collect();
        for key in keys {
            if ecosystem.is_some_and(|wanted| wanted != key.as_str() && wanted != key.base()) {
                continue;
            }
            let package = key.normal_name(name);
            let Some(said) = reader.package(&key, &package)? else {
                continue;
            };
            for entry in reader.said(&said)?.rules {
                let rule = rule_text(&entry.rule);
                for (number, place) in entry.flaws {
                    let flaw = reader.known(number)?;
                    let record = usize::try_from(place)
                        .ok()
                        .and_then(|place| flaw.records.get(place));
                    found.push(Statement {
                        ecosystem: key.to_string(),
                        package: package.clone(),
                        feed: record.map_or_else(String::new, |record| record.feed.clone()),
                        record: record.map_or_else(String::new, |record| record.id.clone()),
                        flaw: flaw.id,
                        aliases: flaw.aliases,
                        rule: rule.clone(),
                    });
                }
            }
        }
        found.sort_by(|left, right| {
            let key =
                |one: &Statement| (one.ecosystem.clone(), one.flaw.clone(), one.record.clone());
            key(left).cmp(&key(right))
        });
        Ok(found)
    }
}
