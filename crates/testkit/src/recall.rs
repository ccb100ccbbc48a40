//! Recall: of the packages that Syft and Trivy list in an image, how many Plimsoll lists too, and why it does
//! not list the others.
//!
//! `cargo xtask recall` measures it on large images of real packages. The test `recall` of the program shows
//! each explanation on a few files, so that none of them outlives what it explains.

mod explanations;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::peers::{Listed, PackageId, Peer};

pub use explanations::EXPLANATIONS;

/// What Plimsoll's report says, by package and by file.
#[derive(Debug, Default)]
pub struct Ours {
    packages: BTreeSet<PackageId>,
    /// Packages by each file that shows them.
    places: BTreeMap<String, BTreeSet<PackageId>>,
    /// Files of which the report says that something about them is not known.
    doubts: BTreeSet<String>,
}

/// A package that only a peer lists.
#[derive(Debug)]
pub struct Only<'a> {
    /// Who lists it.
    pub peer: Peer,
    /// What it lists, and where.
    pub listed: &'a Listed,
    /// What Plimsoll says.
    pub ours: &'a Ours,
}

/// What a package is that only a peer lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It has no version: nothing that could be compared or matched, and no part of the union.
    NoVersion,
    /// Plimsoll lists the same thing under its right name or version, or as a part of a whole.
    OtherName,
    /// It is not a package of this image.
    NoPackage,
}

/// A file: path, mode, content.
pub type File = (&'static str, u32, Vec<u8>);

/// Why a peer lists a package that Plimsoll does not list.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// Whose list it is about.
    pub peer: Peer,
    /// The type of the package URLs: `npm`.
    pub kind: &'static str,
    /// What it is in truth.
    pub truth: Truth,
    /// Why it is the peer's error. One sentence or two.
    pub why: &'static str,
    /// Whether this is such a package; peer and type are right already.
    pub covers: fn(&Only<'_>) -> bool,
    /// The fewest files that show it.
    pub shown_by: fn() -> Vec<File>,
}

impl Ours {
    /// Reads a report in JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn read(report: &Value) -> Self {
        let mut ours = Self::default();
        for package in report["packages"].as_array().expect("a list of packages") {
            let id = package["purl"].as_str().and_then(PackageId::parse);
            let id = id.expect("a package has a package URL");
            for place in package["locations"].as_array().into_iter().flatten() {
                let path = place["path"].as_str().unwrap_or_default();
                ours.places
                    .entry(path.to_owned())
                    .or_default()
                    .insert(id.clone());
            }
            ours.packages.insert(id);
        }
        for problem in report["problems"].as_array().into_iter().flatten() {
            if let Some(subject) = problem["subject"].as_str() {
                ours.doubts.insert(subject.to_owned());
            }
        }
        ours
    }

    /// All packages.
    #[must_use]
    pub fn packages(&self) -> &BTreeSet<PackageId> {
        &self.packages
    }

    /// The packages that a file shows.
    pub fn at(&self, path: &str) -> impl Iterator<Item = &PackageId> {
        self.places.get(path).into_iter().flatten()
    }

    /// Whether a file in the same folder, with a name that ends so, shows a package.
    #[must_use]
    pub fn beside(&self, path: &str, end: &str) -> bool {
        let folder = path.rfind('/').map_or(0, |at| at + 1);
        let folder = &path[..folder];
        self.places
            .range(folder.to_owned()..)
            .take_while(|(place, _)| place.starts_with(folder))
            .any(|(place, _)| place.ends_with(end) && !place[folder.len()..].contains('/'))
    }

    /// Whether the report says that something about a file is not known.
    #[must_use]
    pub fn doubts(&self, path: &str) -> bool {
        self.doubts.contains(path)
    }
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Recall {
    /// How many packages each of them lists: Plimsoll, Syft, Trivy.
    pub counts: [usize; 3],
    /// How many packages with a version Syft and Trivy list together.
    pub union: usize,
    /// How many of these Plimsoll lists under the same name and version.
    pub same: usize,
    /// How many of these it lists from the same file under another name or version, by the place of the
    /// explanation in [`EXPLANATIONS`].
    pub renamed: BTreeMap<usize, BTreeSet<PackageId>>,
    /// What has no version, by the place of the explanation.
    pub without_version: BTreeMap<usize, BTreeSet<PackageId>>,
    /// What is no package of this image, by the place of the explanation.
    pub wrong: BTreeMap<usize, BTreeSet<PackageId>>,
    /// Which explanations were needed.
    pub used: BTreeSet<usize>,
    /// What nothing explains.
    pub unexplained: BTreeSet<(Peer, Listed)>,
}

impl Recall {
    /// Compares lists of packages.
    #[must_use]
    pub fn of(ours: &Ours, lists: &[(Peer, BTreeSet<Listed>)]) -> Self {
        let mut recall = Self::default();
        recall.counts[0] = ours.packages.len();
        let mut union = BTreeSet::new();
        for (peer, list) in lists {
            let theirs: BTreeSet<&PackageId> = list.iter().map(|listed| &listed.package).collect();
            recall.counts[1 + usize::from(*peer == Peer::Trivy)] = theirs.len();
            union.extend(theirs);
        }
        union.retain(|package| !package.version.is_empty());
        recall.union = union.len();
        recall.same = union
            .iter()
            .filter(|package| ours.packages.contains(package))
            .count();
        for (peer, list) in lists {
            for listed in list {
                if !ours.packages.contains(&listed.package) {
                    recall.explain(*peer, listed, ours);
                }
            }
        }
        recall.settle();
        recall
    }

    fn explain(&mut self, peer: Peer, listed: &Listed, ours: &Ours) {
        let only = Only { peer, listed, ours };
        let bare = listed.package.version.is_empty();
        let found = EXPLANATIONS.iter().position(|row| {
            row.peer == peer
                && row.kind == listed.package.kind
                && (row.truth == Truth::NoVersion) == bare
                && (row.covers)(&only)
        });
        let Some(place) = found else {
            self.unexplained.insert((peer, listed.clone()));
            return;
        };
        self.used.insert(place);
        let list = match EXPLANATIONS[place].truth {
            Truth::NoVersion => &mut self.without_version,
            Truth::OtherName => &mut self.renamed,
            Truth::NoPackage => &mut self.wrong,
        };
        list.entry(place)
            .or_default()
            .insert(listed.package.clone());
    }

    /// One package that is seen in several files counts once: as unexplained, else as wrong.
    fn settle(&mut self) {
        let mut seen: BTreeSet<PackageId> = BTreeSet::new();
        seen.extend(
            self.unexplained
                .iter()
                .map(|(_, listed)| listed.package.clone()),
        );
        let lists = [
            &mut self.without_version,
            &mut self.wrong,
            &mut self.renamed,
        ];
        for list in lists {
            for packages in list.values_mut() {
                packages.retain(|package| seen.insert(package.clone()));
            }
            list.retain(|_, packages| !packages.is_empty());
        }
    }

    /// The part of the union that Plimsoll lists, under whatever name, from 0 to 1. What is no package of the
    /// image counts as missed.
    #[must_use]
    pub fn of_all(&self) -> f64 {
        ratio(self.found(), self.union)
    }

    /// The same of what is a package of the image.
    #[must_use]
    pub fn of_packages(&self) -> f64 {
        ratio(self.found(), self.union - count(&self.wrong))
    }

    /// How many packages of the union Plimsoll lists, under whatever name.
    #[must_use]
    pub fn found(&self) -> usize {
        self.same + count(&self.renamed)
    }
}

/// How many packages a list by explanations has.
#[must_use]
pub fn count(list: &BTreeMap<usize, BTreeSet<PackageId>>) -> usize {
    list.values().map(BTreeSet::len).sum()
}

/// `part` of `whole`; all of nothing is 1.
#[expect(
    clippy::cast_precision_loss,
    reason = "packages of an image are counted in thousands"
)]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    part as f64 / whole as f64
}
