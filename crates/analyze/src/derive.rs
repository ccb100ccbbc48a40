//! From the facts of single files to the facts of the image: which system it is, which packages there are,
//! who owns what, and how much of the image that explains.
//!
//! Each derivation that needs more than one file is a file of its own below; here is their order.

mod assemblies;
mod claims;
mod cpan;
mod java;
mod locked;
mod models;
mod needs;
mod owners;
mod packages;
mod paths;
mod posture;
mod programs;
mod reach;
mod recovered;
mod runtimes;
mod told;
mod vendored;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::fact::{Account, FactBody};
use plimsoll_model::facts::{
    Coverage, LocatedExecutable, LocatedSecret, Location, OperatingSystem, Package, Presence,
};
use plimsoll_model::image::RunConfig;
use plimsoll_model::posture::Posture;
use plimsoll_model::reach::Reach;
use plimsoll_model::{ImagePath, Problem, Stage, purl};

use crate::java_index::JavaIndex;
use crate::layer::LayerFacts;
use crate::squash::{Placed, Squashed, squash};
use claims::Shown;
use owners::Owners;
use packages::{Introduced, Kind};

/// What the layers of an image say together.
#[derive(Debug, Default)]
pub struct Derived {
    /// The operating system.
    pub os: Option<OperatingSystem>,
    /// Content sets of Red Hat of which the image was built, sorted.
    pub content_sets: Vec<String>,
    /// Packages, sorted by ecosystem, name, version and path; those that are only claimed come last.
    pub packages: Vec<Package>,
    /// Accounts, in file order.
    pub accounts: Vec<Account>,
    /// Secrets, deleted ones too, sorted.
    pub secrets: Vec<LocatedSecret>,
    /// Visible executables, sorted by path.
    pub executables: Vec<LocatedExecutable>,
    /// What is loaded when a container starts.
    pub reach: Reach,
    /// Rights, accounts, settings, and what was left behind.
    pub posture: Posture,
    /// How much was understood.
    pub coverage: Coverage,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
}

/// Joins what the layers say, lowest first; `java` is a user's index of Java archives, `run` how a container is
/// started.
#[must_use]
pub fn derive(layers: &[LayerFacts], java: Option<&JavaIndex>, run: &RunConfig) -> Derived {
    let mut squashed = squash(layers);
    vendored::drop_missing_copies(&mut squashed, layers);
    cpan::drop_removed(&mut squashed);
    let deleted = recovered::recover(&mut squashed, layers);
    let archives = java::archives(&squashed, java);
    let (os, undone) = operating_system(&squashed);
    let introduced = Introduced::of(&squashed);
    let mut packages = packages::packages(&squashed, &introduced, Kind::Os);
    told::add(&mut packages, &squashed);
    needs::resolve(&squashed, &mut packages);
    let mut owners = Owners::of(&squashed, &packages);
    owners.add_noted(&squashed, &packages, os.as_ref(), &archives);
    let mut languages =
        packages::packages_of_languages(&squashed, &introduced, &owners, &archives, &packages);
    let parted = models::join_parts(&mut languages);
    models::tell_revisions(&mut languages, layers);
    packages.extend(languages);
    let shown = Shown {
        layers,
        os: os.as_ref().map(|os| &os.release),
        packages: &packages,
    };
    let claimed = claims::compare(&squashed, &shown, |path| owners.owner(path));
    packages.extend(claimed.packages);
    for package in &mut packages {
        package.purl = purl::of(&package.fact, os.as_ref().map(|os| &os.release));
    }
    let executables = programs::executables(&squashed, &packages, &owners);
    let reach = reach::reach(&squashed, layers, &executables, &packages, &owners, run);
    let mut problems: Vec<Problem> = layers.iter().flat_map(|l| l.problems.clone()).collect();
    problems.extend(parted);
    problems.extend(deleted);
    problems.extend(undone);
    problems.extend(cpan::without_version(&squashed, &owners));
    problems.extend(archives.problems.iter().cloned());
    let mut coverage = programs::coverage(layers, &executables);
    let deleted_packages = packages.iter().filter(|package| {
        package.fact.is_installed_by_os() && package.presence == Presence::Deleted
    });
    coverage.deleted = deleted_packages.count() as u64;
    coverage.add_unreadable(&problems);
    problems.extend(claimed.problems);
    problems.extend(programs::blind_spots(os.as_ref(), &packages, &coverage));
    problems.sort();
    problems.dedup();
    Derived {
        accounts: accounts(&squashed),
        secrets: secrets(&squashed, &owners),
        content_sets: content_sets(&squashed),
        os,
        packages,
        posture: posture::posture(&squashed, layers, &owners, run),
        executables,
        reach,
        coverage,
        problems,
    }
}

/// The facts that are true of the image: of visible files, and of databases that were recovered.
fn counting<'a>(squashed: &'a Squashed<'_>) -> impl Iterator<Item = &'a Placed<'a>> {
    squashed.facts.iter().filter(|placed| placed.counts())
}

/// The release file with the highest rank; among equals the topmost layer. Where all of them were deleted, what
/// they said last, with the problem that it is so.
fn operating_system(squashed: &Squashed<'_>) -> (Option<OperatingSystem>, Option<Problem>) {
    let found = squashed
        .facts
        .iter()
        .filter_map(|placed| match &placed.fact.body {
            FactBody::OsRelease(release) => Some((placed, release)),
            _ => None,
        })
        .max_by_key(|(placed, release)| {
            let until = placed.hidden_by.unwrap_or(usize::MAX);
            (until, release.rank, placed.layer)
        });
    let Some((placed, release)) = found else {
        return (None, None);
    };
    let is_of_os = |placed: &Placed<'_>| matches!(&placed.fact.body, FactBody::Package(p) if p.is_installed_by_os());
    if placed.hidden_by.is_some() && !counting(squashed).any(is_of_os) {
        return (None, None);
    }
    let problem = placed.hidden_by.map(|layer| {
        let reason = format!(
            "layer {layer} deleted the file that says which distribution this is; what it said is taken for true"
        );
        Problem::blind(Stage::Squash, placed.path.as_str(), reason)
    });
    let os = OperatingSystem {
        release: release.clone(),
        location: Location {
            path: placed.path.clone(),
            layer: placed.layer,
            introduced: placed.layer,
        },
    };
    (Some(os), problem)
}

fn accounts(squashed: &Squashed<'_>) -> Vec<Account> {
    counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::Account(account) => Some(account.clone()),
            _ => None,
        })
        .collect()
}

/// The content sets of all layers: each layer has a manifest of its own.
fn content_sets(squashed: &Squashed<'_>) -> Vec<String> {
    let sets: BTreeSet<&String> = counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::ContentSets(sets) => Some(sets),
            _ => None,
        })
        .flatten()
        .collect();
    sets.into_iter().cloned().collect()
}

/// Secrets of every layer; one that stays the same in a file over several layers is one secret.
fn secrets(squashed: &Squashed<'_>, owners: &Owners<'_>) -> Vec<LocatedSecret> {
    let mut found: BTreeMap<(&ImagePath, &str, &str), LocatedSecret> = BTreeMap::new();
    for placed in &squashed.facts {
        let FactBody::Secret(secret) = &placed.fact.body else {
            continue;
        };
        let key = (
            &placed.path,
            secret.rule.as_str(),
            secret.fingerprint.as_str(),
        );
        let entry = found.entry(key).or_insert_with(|| LocatedSecret {
            secret: secret.clone(),
            location: Location {
                path: placed.path.clone(),
                layer: placed.layer,
                introduced: placed.layer,
            },
            presence: placed.presence(),
            owner: owners.owner(&placed.path),
        });
        entry.location.layer = placed.layer;
        entry.presence = placed.presence();
    }
    let mut secrets: Vec<LocatedSecret> = found.into_values().collect();
    secrets.sort();
    secrets
}
