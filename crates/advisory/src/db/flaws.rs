//! Which record belongs to which flaw, and the order in which packages and flaws are written.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::{Builder, ClaimRow, RecordRow};
use super::interner::number;
use super::join::{Groups, is_cve, is_erratum};
use crate::BuildError;
use crate::advisory::Role;

/// Records by flaw: which record belongs to which flaw, and the order of flaws in the file.
pub(super) struct Flaws {
    /// For each record, the number of its flaw and its place among the flaw's records.
    pub(super) place: Vec<(u32, u32)>,
    /// For each flaw, its records in order.
    pub(super) members: Vec<Vec<u32>>,
    /// For each flaw, the flaws of the CVE ids that its records name together.
    pub(super) mentions: Vec<BTreeSet<u32>>,
    /// For each flaw, those CVE ids.
    pub(super) mentioned: Vec<BTreeSet<u32>>,
}

/// Packages as they are written.
pub(super) struct Order {
    /// Places of packages, sorted by ecosystem and name.
    pub(super) packages: Vec<u32>,
    /// Claims sorted by package, rule and record; their `package` is a place in `packages`.
    pub(super) claims: Vec<ClaimRow>,
}

impl Builder {
    /// Takes the claims out and sorts them. There are millions, so that they are sorted where they are.
    pub(super) fn take_order(&mut self) -> Order {
        let mut packages: Vec<u32> = (0..).take(self.packages.len()).collect();
        packages.sort_by_key(|place| self.package(*place));
        let mut rules: Vec<u32> = (0..).take(self.rules.len()).collect();
        rules.sort_by_key(|place| self.rules.get(*place));
        let (package_rank, rule_rank) = (ranks(&packages), ranks(&rules));
        let at = |list: &[u32], place: u32| list.get(place as usize).copied().unwrap_or(place);
        let mut claims = std::mem::take(&mut self.claims);
        for claim in &mut claims {
            claim.package = at(&package_rank, claim.package);
            claim.rule = at(&rule_rank, claim.rule);
        }
        claims.sort_unstable();
        for claim in &mut claims {
            claim.rule = at(&rules, claim.rule);
        }
        Order { packages, claims }
    }

    /// Ecosystem and name of a package.
    pub(super) fn package(&self, place: u32) -> (&str, &str) {
        let text = |place: u32| self.strings.get(place).unwrap_or_default();
        let package = self.packages.get(place as usize);
        package.map_or(("", ""), |(ecosystem, name)| {
            (text(*ecosystem), text(*name))
        })
    }

    /// `claims` are those of an [`Order`].
    pub(super) fn flaws(&self, claims: &[ClaimRow]) -> Result<Flaws, BuildError> {
        let mut groups = self.groups();
        let roots: Vec<u32> = self
            .records
            .iter()
            .map(|record| groups.root(record.id))
            .collect();
        // Flaws of one package are neighbours, so that one block serves many of its matches.
        let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
        let mut members: Vec<Vec<u32>> = Vec::new();
        let claimed = claims.iter().map(|claim| claim.record);
        let mut alone: Vec<u32> = (0..).take(self.records.len()).collect();
        alone.sort_by_key(|record| self.record_key(*record));
        // What only adds to flaws is left out where there is none.
        let tells = |record: &u32| {
            let row = self.records.get(*record as usize);
            row.is_some_and(|row| row.role == Role::Tells)
        };
        for record in claimed.chain(alone.iter().copied().filter(tells)) {
            if let Some(root) = roots.get(record as usize)
                && !numbers.contains_key(root)
            {
                numbers.insert(*root, number(members.len(), "flaws")?);
                members.push(Vec::new());
            }
        }
        let mut place = vec![(0, 0); self.records.len()];
        for record in alone {
            let flaw = roots
                .get(record as usize)
                .and_then(|root| numbers.get(root));
            let Some((flaw, list)) =
                flaw.and_then(|flaw| Some((*flaw, members.get_mut(*flaw as usize)?)))
            else {
                continue;
            };
            if let Some(place) = place.get_mut(record as usize) {
                *place = (flaw, number(list.len(), "records of one flaw")?);
            }
            list.push(record);
        }
        let mut flaws = Flaws {
            place,
            mentions: vec![BTreeSet::new(); members.len()],
            mentioned: vec![BTreeSet::new(); members.len()],
            members,
        };
        for (row, (flaw, _)) in self.records.iter().zip(&flaws.place) {
            if !numbers.contains_key(&groups.root(row.id)) {
                continue;
            }
            for cve in self.cves_together(row) {
                if let Some(mentioned) = flaws.mentioned.get_mut(*flaw as usize) {
                    mentioned.insert(cve);
                }
                let other = numbers.get(&groups.root(cve));
                if let Some((other, mentions)) = other.zip(flaws.mentions.get_mut(*flaw as usize)) {
                    mentions.insert(*other);
                }
            }
        }
        Ok(flaws)
    }

    /// Order of records inside of a flaw: by feed, then by id, then as they came.
    fn record_key(&self, record: u32) -> (&str, &str, &str, u32) {
        let text = |place: u32| self.strings.get(place).unwrap_or_default();
        match self.records.get(record as usize) {
            Some(row) => {
                let feed = self.feeds.get(row.feed as usize);
                (
                    feed.map_or("", |feed| &feed.id),
                    text(row.record),
                    text(row.id),
                    record,
                )
            }
            None => ("", "", "", record),
        }
    }

    fn groups(&self) -> Groups {
        let mut groups = Groups::new(self.strings.len(), |id| {
            self.strings.get(id).is_some_and(is_cve)
        });
        for row in &self.records {
            // A record that was taken back may have been so because its aliases were wrong.
            if row.withdrawn.is_some() {
                continue;
            }
            let several = !self.cves_together(row).is_empty();
            for alias in &row.aliases {
                let text = self.strings.get(*alias).unwrap_or_default();
                let joins = !several || !is_cve(text);
                if joins && !is_erratum(text) {
                    groups.join(row.id, *alias);
                }
            }
        }
        groups
    }

    /// The CVE ids that a record names as one flaw, if there are several.
    pub(super) fn cves_together(&self, row: &RecordRow) -> BTreeSet<u32> {
        let ids = row.aliases.iter().chain([&row.id]);
        let mut cves: BTreeSet<u32> = ids
            .filter(|id| self.strings.get(**id).is_some_and(is_cve))
            .copied()
            .collect();
        if cves.len() < 2 {
            cves.clear();
        }
        cves
    }
}

/// For each thing its place in the order.
fn ranks(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, thing) in (0_u32..).zip(order) {
        if let Some(place) = ranks.get_mut(*thing as usize) {
            *place = rank;
        }
    }
    ranks
}
