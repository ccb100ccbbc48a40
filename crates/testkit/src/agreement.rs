//! Agreement: of the flaws that Trivy finds in the packages of an image with a database of our facts, which
//! Plimsoll finds too, the other way round, and why they differ.
//!
//! `cargo xtask compare` measures it on real images and on images of [`edges`]. The test `agreement` of the
//! program does so on the small ones.

pub mod edges;
mod explanations;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::peers::PackageId;
use crate::trivy::{Database, Said};

pub use explanations::EXPLANATIONS;

/// What Plimsoll's report says.
#[derive(Debug, Default)]
pub struct Ours {
    /// Packages, with what the report says of each.
    pub packages: BTreeMap<PackageId, Value>,
    /// What is wrong with them.
    pub flaws: Vec<Flaw>,
}

/// A flaw of a package, as Plimsoll reports it.
#[derive(Debug)]
pub struct Flaw {
    /// The package.
    pub package: PackageId,
    /// All ids of the flaw.
    pub ids: BTreeSet<String>,
    /// The part `vulnerability` of the finding.
    pub told: Value,
}

/// Who reports a flaw that the other does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Plimsoll.
    Plimsoll,
    /// Trivy.
    Trivy,
}

/// A flaw of a package that only one reports.
#[derive(Debug)]
pub struct Only<'a> {
    /// Who reports it.
    pub side: Side,
    /// The package.
    pub package: &'a PackageId,
    /// The ids of the flaw; one if Trivy reports it.
    pub ids: &'a BTreeSet<String>,
    /// Plimsoll's finding, if it is Plimsoll's.
    pub flaw: Option<&'a Flaw>,
    /// All that Plimsoll says.
    pub ours: &'a Ours,
    /// All that Trivy says.
    pub trivy: &'a Said,
    /// What Trivy was told.
    pub told: &'a Database,
}

/// Whose answer is right. It is never Trivy's alone: then Plimsoll is wrong and is put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Plimsoll's.
    Plimsoll,
    /// Both: the same fact, told in two ways.
    Both,
    /// Plimsoll's, and Trivy was not told: its schema cannot say it.
    Untold,
}

/// Why one reports what the other does not.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// Who reports it.
    pub side: Side,
    /// Whose answer is right.
    pub right: Right,
    /// The reason. One sentence or two.
    pub why: &'static str,
    /// Whether this is the reason; the side is right already.
    pub covers: fn(&Only<'_>) -> bool,
}

impl Ours {
    /// Reads a report in JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn read(report: &Value) -> Self {
        let id = |value: &Value| {
            let id = value["purl"].as_str().and_then(PackageId::parse);
            id.expect("a package has a package URL")
        };
        let list = |name: &str| report[name].as_array().expect("a list").iter();
        let flaws = list("findings").filter(|finding| finding["vulnerability"].is_object());
        let flaws = flaws.map(|finding| {
            let told = finding["vulnerability"].clone();
            let ids = told["aliases"].as_array().into_iter().flatten();
            let ids = ids.chain([&told["id"]]).filter_map(Value::as_str);
            Flaw {
                package: id(&finding["package"]),
                ids: ids.map(str::to_owned).collect(),
                told,
            }
        });
        Self {
            flaws: flaws.collect(),
            packages: list("packages")
                .map(|package| (id(package), package.clone()))
                .collect(),
        }
    }
}

impl Flaw {
    /// Which record says so, by which rule, and why nobody can know where that is so.
    fn words(&self) -> String {
        let reason = &self.told["reason"];
        let words = ["record", "rule", "compared", "unknown"].map(|name| &reason[name]);
        let words = [&self.told["applies"]].into_iter().chain(words);
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        words.join(" · ")
    }
}

/// The result of a comparison. A flaw counts once for each package.
#[derive(Debug, Default)]
pub struct Agreement {
    /// How many packages both list.
    pub packages: usize,
    /// How many flaws both report.
    pub both: usize,
    /// What only one reports, by the place of the explanation in [`EXPLANATIONS`].
    pub explained: BTreeMap<usize, BTreeSet<(PackageId, String)>>,
    /// What nothing explains, with Plimsoll's words about a flaw that it alone reports.
    pub unexplained: BTreeSet<(Side, PackageId, String, String)>,
}

impl Agreement {
    /// Compares what both say of one image.
    #[must_use]
    pub fn of(ours: &Ours, trivy: &Said, told: &Database) -> Self {
        let mut agreement = Self::default();
        let known = |package: &&PackageId| trivy.packages.contains(*package);
        agreement.packages = ours.packages.keys().filter(known).count();
        let mut theirs: BTreeMap<&PackageId, BTreeSet<&str>> = BTreeMap::new();
        for (package, id) in trivy.flaws.keys() {
            theirs.entry(package).or_default().insert(id);
        }
        let mut seen: BTreeMap<&PackageId, BTreeSet<&str>> = BTreeMap::new();
        for flaw in &ours.flaws {
            let ids = flaw.ids.iter().map(String::as_str);
            seen.entry(&flaw.package).or_default().extend(ids.clone());
            let there = theirs.get(&flaw.package);
            if there.is_some_and(|there| ids.clone().any(|id| there.contains(id))) {
                agreement.both += 1;
                continue;
            }
            agreement.explain(&Only {
                side: Side::Plimsoll,
                package: &flaw.package,
                ids: &flaw.ids,
                flaw: Some(flaw),
                ours,
                trivy,
                told,
            });
        }
        for (package, ids) in theirs {
            let here = seen.get(package);
            let alone = |id: &&str| here.is_none_or(|here| !here.contains(id));
            for id in ids.into_iter().filter(alone) {
                agreement.explain(&Only {
                    side: Side::Trivy,
                    package,
                    ids: &BTreeSet::from([id.to_owned()]),
                    flaw: None,
                    ours,
                    trivy,
                    told,
                });
            }
        }
        agreement
    }

    fn explain(&mut self, only: &Only<'_>) {
        let mut rows = EXPLANATIONS.iter();
        let place = rows.position(|row| row.side == only.side && (row.covers)(only));
        let package = only.package.clone();
        let id = only.flaw.and_then(|flaw| flaw.told["id"].as_str());
        let id = id.or_else(|| only.ids.first().map(String::as_str));
        let id = id.unwrap_or_default().to_owned();
        if let Some(place) = place {
            let list = self.explained.entry(place).or_default();
            list.insert((package, id));
        } else {
            let told = only.flaw.map(Flaw::words).unwrap_or_default();
            self.unexplained.insert((only.side, package, id, told));
        }
    }

    /// How many flaws only this one reports, explained ones.
    #[must_use]
    pub fn explained_of(&self, side: Side) -> usize {
        let rows = self.explained.iter();
        rows.filter(|(place, _)| EXPLANATIONS[**place].side == side)
            .map(|(_, flaws)| flaws.len())
            .sum()
    }
}
