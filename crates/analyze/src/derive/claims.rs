//! Bills of materials in the image, held against what the image shows.
//!
//! What an analyzer saw outweighs what a document says: a package that is there in the claimed version is that
//! package, and one that is there in another version makes the document stale. What nothing else shows is kept as
//! a claim, to be judged with low confidence, for documents name what is bundled or linked in.
//! A package of a distribution is only kept where the image has no package database and says that it is this
//! distribution: a database tells all there is, and wheels bring bills of libraries from other systems.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use plimsoll_model::fact::{Claim, EvidenceKind, FactBody, OsRelease};
use plimsoll_model::facts::{Location, Package, PackageIndex, Presence};
use plimsoll_model::{Ecosystem, ImagePath, Problem, Stage};

use super::vendored::is_visible;
use crate::layer::LayerFacts;
use crate::squash::{Placed, Squashed};

/// What became of the claims.
#[derive(Debug, Default)]
pub(crate) struct Claimed {
    /// Packages that only documents name, sorted.
    pub(crate) packages: Vec<Package>,
    /// Where documents and image differ.
    pub(crate) problems: Vec<Problem>,
}

/// What the image itself shows.
pub(crate) struct Shown<'a> {
    pub(crate) layers: &'a [LayerFacts],
    pub(crate) os: Option<&'a OsRelease>,
    pub(crate) packages: &'a [Package],
}

/// Compares the claims of all visible documents with what is there; `owner` tells which OS package ships a
/// document.
pub(crate) fn compare(
    squashed: &Squashed<'_>,
    shown: &Shown<'_>,
    owner: impl Fn(&ImagePath) -> Option<PackageIndex>,
) -> Claimed {
    let claims: Vec<(&Placed<'_>, &Claim)> = squashed
        .facts
        .iter()
        .filter(|placed| placed.presence() == Presence::Visible)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::Claim(claim) => Some((placed, &**claim)),
            _ => None,
        })
        .collect();
    if claims.is_empty() {
        return Claimed::default();
    }
    let mut seen: BTreeMap<(Ecosystem, String), Vec<&str>> = BTreeMap::new();
    // What is only there as a file is no answer to what a document says is installed.
    let is_there = |package: &&Package| package.fact.evidence != EvidenceKind::Archived;
    for package in shown.packages.iter().filter(is_there) {
        let versions = seen.entry(name_of(&package.fact)).or_default();
        versions.push(&package.fact.version);
    }
    let has_database = shown
        .packages
        .iter()
        .any(|package| package.fact.is_installed_by_os());
    let mut documents: BTreeMap<&ImagePath, Differences> = BTreeMap::new();
    let mut alone: BTreeMap<(&Claim, Option<PackageIndex>), Vec<Location>> = BTreeMap::new();
    for (placed, claim) in claims {
        let differences = documents.entry(&placed.path).or_default();
        let fact = &claim.package;
        let told = || format!("{} {}", fact.name, fact.version);
        if let Some(versions) = seen.get(&name_of(fact)) {
            let scheme = fact.ecosystem.row().scheme;
            let same = |version: &&&str| {
                **version == fact.version
                    || scheme
                        .compare(version, &fact.version)
                        .is_ok_and(Ordering::is_eq)
            };
            if versions.iter().find(same).is_none() {
                let other = versions.first().copied().unwrap_or_default();
                differences
                    .stale
                    .add(|| format!("{} ({other} is there)", told()));
            }
            continue;
        }
        let is_of = |os: &OsRelease| os.id == claim.distribution || claim.distribution.is_empty();
        if fact.ecosystem.is_os() && (has_database || !shown.os.is_some_and(is_of)) {
            differences.foreign.add(told);
            continue;
        }
        let place = claim.places.first();
        let is_there = |path: &ImagePath| is_visible(shown.layers, &squashed.links, path.as_str());
        if let Some(place) = place.filter(|_| !claim.places.iter().take(16).any(is_there)) {
            differences
                .missing
                .add(|| format!("{} at `{place}`", told()));
        }
        differences.alone.add(told);
        let places = alone.entry((claim, owner(&placed.path))).or_default();
        places.push(Location {
            path: placed.path.clone(),
            layer: placed.layer,
            introduced: placed.layer,
        });
    }
    Claimed {
        packages: packages(alone),
        problems: documents
            .into_iter()
            .flat_map(|(path, differences)| differences.problems(path))
            .collect(),
    }
}

fn name_of(fact: &plimsoll_model::fact::PackageFact) -> (Ecosystem, String) {
    (fact.ecosystem, fact.ecosystem.normal_name(&fact.name))
}

/// One package for each that is claimed, with all documents that do.
fn packages(alone: BTreeMap<(&Claim, Option<PackageIndex>), Vec<Location>>) -> Vec<Package> {
    let mut out: Vec<Package> = Vec::new();
    for ((claim, owner), mut locations) in alone {
        let fact = &claim.package;
        if let Some(last) = out.last_mut()
            && last.fact == *fact
            && last.owner == owner
        {
            last.locations.append(&mut locations);
            continue;
        }
        out.push(Package {
            fact: fact.clone(),
            locations,
            analyzer: "claim/sbom".to_owned(),
            owner,
            presence: Presence::Visible,
            repository: None,
            purl: String::new(),
        });
    }
    for package in &mut out {
        package.locations.sort();
        package.locations.dedup();
    }
    out
}

/// Where one document and the image differ.
#[derive(Default)]
struct Differences {
    stale: Tally,
    foreign: Tally,
    missing: Tally,
    alone: Tally,
}

/// How many, and which was first.
#[derive(Default)]
struct Tally {
    count: usize,
    first: String,
}

impl Tally {
    fn add(&mut self, what: impl FnOnce() -> String) {
        if self.count == 0 {
            self.first = what();
        }
        self.count = self.count.saturating_add(1);
    }
}

impl Differences {
    fn problems(self, document: &ImagePath) -> Vec<Problem> {
        let rows = [
            (self.stale, "in other versions than are there"),
            (
                self.foreign,
                "of a distribution, which the image's own records do not have; they are not judged",
            ),
            (self.missing, "with files that are not there"),
            (
                self.alone,
                "that nothing else shows; they are judged as claims",
            ),
        ];
        rows.into_iter()
            .filter(|(tally, _)| tally.count > 0)
            .map(|(tally, what)| {
                let Tally { count, first } = tally;
                let reason = format!("claims {count} packages {what}; the first is {first}");
                Problem::note(Stage::Squash, document.as_str(), reason)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::fact::{EvidenceKind, Fact, PackageFact};
    use plimsoll_model::image::RunConfig;

    use super::*;
    use crate::derive::derive;

    const BILL: &str = "app/bom.json";

    fn fact(path: &str, body: FactBody) -> Fact {
        Fact {
            path: ImagePath::new(path),
            analyzer: "x".to_owned(),
            body,
        }
    }

    fn claim(ecosystem: Ecosystem, name: &str, distribution: &str, places: &[&str]) -> Fact {
        let mut package = PackageFact::new(ecosystem, name, "1.0");
        package.evidence = EvidenceKind::Claimed;
        let claim = Claim {
            package,
            distribution: distribution.to_owned(),
            places: places.iter().map(|path| ImagePath::new(path)).collect(),
        };
        fact(BILL, FactBody::Claim(Box::new(claim)))
    }

    fn package(ecosystem: Ecosystem, name: &str, version: &str) -> Fact {
        let package = PackageFact::new(ecosystem, name, version);
        let path = format!("lib/{name}");
        fact(&path, FactBody::Package(Box::new(package)))
    }

    fn debian() -> Fact {
        let release = OsRelease {
            id: "debian".to_owned(),
            version: "12".to_owned(),
            ..OsRelease::default()
        };
        fact("etc/os-release", FactBody::OsRelease(release))
    }

    fn layer(facts: Vec<Fact>) -> LayerFacts {
        let mut layer = LayerFacts {
            facts,
            ..LayerFacts::default()
        };
        for fact in &layer.facts {
            layer.tree.files.push(fact.path.key());
        }
        layer.tree.files.sort_unstable();
        layer.tree.files.dedup();
        layer
    }

    /// Names of packages that are claims, and what is said of the document.
    fn said(facts: Vec<Fact>) -> (Vec<String>, Vec<String>) {
        let derived = derive(&[layer(facts)], None, &RunConfig::default());
        let claims = derived.packages.iter();
        let claims = claims.filter(|p| p.fact.evidence == EvidenceKind::Claimed);
        let said = derived.problems.iter().filter(|p| p.subject == BILL);
        (
            claims.map(|p| p.fact.name.clone()).collect(),
            said.map(|p| p.reason.clone()).collect(),
        )
    }

    #[test]
    fn t75_what_is_there_outweighs_what_is_claimed() {
        use Ecosystem::{Npm, Pypi};
        let facts = vec![
            package(Npm, "same", "1.0"),
            package(Npm, "other", "2.0"),
            package(Pypi, "a_b", "1.0.0"),
            claim(Npm, "same", "", &[]),
            claim(Npm, "other", "", &[]),
            claim(Pypi, "A-B", "", &[]),
            claim(Npm, "alone", "", &["app/bom.json"]),
            claim(Npm, "gone", "", &["app/gone.js"]),
        ];
        let (claims, said) = said(facts);
        assert_eq!(claims, ["alone", "gone"]);
        for words in [
            "1 packages in other versions than are there; the first is other 1.0 (2.0 is there)",
            "1 packages with files that are not there; the first is gone 1.0 at `app/gone.js`",
            "2 packages that nothing else shows",
        ] {
            assert!(said.iter().any(|one| one.contains(words)), "{said:#?}");
        }
        assert_eq!(said.len(), 3);
    }

    #[test]
    fn a_package_database_tells_all_packages_of_the_system() {
        use Ecosystem::{Deb, Rpm};
        let own = claim(Deb, "libc6", "debian", &[]);
        let other = claim(Rpm, "libgfortran", "almalinux", &[]);
        let (claims, _) = said(vec![debian(), own.clone(), other.clone()]);
        assert_eq!(claims, ["libc6"]);
        let (claims, said) = said(vec![debian(), package(Deb, "bash", "5"), own, other]);
        assert!(claims.is_empty());
        assert!(
            said[0].contains("2 packages of a distribution"),
            "{said:#?}"
        );
    }
}
