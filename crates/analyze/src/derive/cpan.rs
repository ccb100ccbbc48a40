//! Perl modules that `make install` recorded.
//!
//! `perllocal.pod` keeps what was removed, so a module of it counts where its list of files is still there; where all
//! lists were taken away, to save space, all of it counts. What cpanm installed it records better itself: the
//! distribution `libwww-perl` is one package, not that and `LWP` besides. A list of files without any record of a version
//! is a module that nobody can judge.

use foldhash::{HashMap, HashMapExt, HashSet};

use plimsoll_model::fact::{FactBody, PackageFact};
use plimsoll_model::{Ecosystem, ImagePath, PathKey, Problem, Stage};

use super::counting;
use super::owners::Owners;
use crate::squash::{Placed, Squashed};

/// Who reads the history.
const HISTORY: &str = "lang/perllocal";

/// Drops the modules of the history that are not there any more, or that cpanm tells better.
pub(super) fn drop_removed(squashed: &mut Squashed<'_>) {
    if !squashed.facts.iter().any(is_history) {
        return;
    }
    let there: HashSet<&str> = lists(squashed).map(|(_, name)| name).collect();
    let mut versions: HashMap<&str, &str> = HashMap::new();
    for placed in counting(squashed).filter(|placed| !is_history(placed)) {
        if let Some(package) = distribution(placed) {
            versions.insert(&package.name, &package.version);
        }
    }
    // A module and the version of the distribution that brought it.
    let mut told: HashSet<(&str, &str)> = HashSet::default();
    for (module, distribution) in provided(squashed) {
        told.extend(versions.get(distribution).map(|version| (module, *version)));
    }
    let keep: Vec<bool> = squashed
        .facts
        .iter()
        .map(|placed| match distribution(placed) {
            Some(package) if is_history(placed) => {
                (there.is_empty() || there.contains(package.name.as_str()))
                    && !told.contains(&(package.name.as_str(), package.version.as_str()))
            }
            _ => true,
        })
        .collect();
    let mut keep = keep.into_iter();
    squashed.facts.retain(|_| keep.next().unwrap_or(true));
}

/// What nothing tells the version of.
pub(super) fn without_version(squashed: &Squashed<'_>, owners: &Owners<'_>) -> Option<Problem> {
    let mut told: HashSet<&str> = HashSet::default();
    told.extend(counting(squashed).filter_map(|placed| Some(&*distribution(placed)?.name)));
    told.extend(provided(squashed).map(|(module, _)| module));
    let mut unknown: Vec<(&ImagePath, &str)> = lists(squashed)
        .filter(|(path, name)| !told.contains(name) && owners.owner(path).is_none())
        .collect();
    unknown.sort_unstable();
    let (path, name) = unknown.first()?;
    let reason = match unknown.len() {
        1 => format!("the Perl module `{name}` is installed, and no record tells its version"),
        more => format!(
            "{more} Perl modules are installed, and no record tells their versions; the first is `{name}`"
        ),
    };
    Some(Problem::gap(Stage::Squash, path.as_str(), reason))
}

/// The files of Perl modules.
pub(super) fn files(squashed: &Squashed<'_>) -> HashSet<PathKey> {
    let mut files = HashSet::default();
    for placed in counting(squashed) {
        if let FactBody::Owns(owns) = &placed.fact.body
            && owns.ecosystem == Ecosystem::Cpan
        {
            files.extend(owns.files.iter().copied());
        }
    }
    files
}

fn is_history(placed: &Placed<'_>) -> bool {
    placed.fact.analyzer == HISTORY && distribution(placed).is_some()
}

fn distribution<'a>(placed: &Placed<'a>) -> Option<&'a PackageFact> {
    match &placed.fact.body {
        FactBody::Package(package) if package.ecosystem == Ecosystem::Cpan => Some(package),
        _ => None,
    }
}

/// Lists of files, by name.
fn lists<'a>(squashed: &'a Squashed<'_>) -> impl Iterator<Item = (&'a ImagePath, &'a str)> {
    counting(squashed).filter_map(|placed| match &placed.fact.body {
        FactBody::Owns(owns) if owns.ecosystem == Ecosystem::Cpan => {
            Some((&placed.path, owns.package.as_str()))
        }
        _ => None,
    })
}

/// Modules and the distributions that cpanm says brought them.
fn provided<'a>(squashed: &'a Squashed<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let provided = counting(squashed).filter_map(|placed| match &placed.fact.body {
        FactBody::Provides(provided) if provided.ecosystem == Ecosystem::Cpan => Some(provided),
        _ => None,
    });
    provided.flat_map(|provided| {
        let names = provided.names.iter();
        names.map(|name| (name.as_str(), provided.package.as_str()))
    })
}
