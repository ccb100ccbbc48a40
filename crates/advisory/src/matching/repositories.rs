//! Packages of a release of which only some repositories are known.
//!
//! Whoever mirrors one RPM repository has its errata, and these say nothing of packages that came from another: that
//! no erratum names one of those means nothing. dnf keeps for each package the id of the repository that it came from
//! (`from_repo`), and an id is told as the user who wrote the `.repo` file chose it; so the mirror's folder names the
//! repository, and [`is_called`] holds both together. Where nothing tells the repository of a package, it is of a
//! known one only if an erratum names it.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::facts::Package;
use plimsoll_model::{Problem, Stage};

use super::Run;
use super::lookup::Lookup;
use crate::key::EcosystemKey;

/// How much of a release the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// What there is to know, or a problem tells what is missing.
    Whole,
    /// The errata of these repositories.
    Repositories(Vec<String>),
}

/// Packages that nobody judges, by the repository that they came from.
pub(super) type Strangers = BTreeMap<Option<String>, BTreeSet<String>>;

/// What installers and builders of images write in place of a repository.
const NO_REPOSITORY: &[&str] = &["@commandline", "@system", "anaconda"];
/// How the ids begin that Fedora's build system gives to repositories of its own.
const OF_BUILDERS: &str = "koji-override-";

/// Words in ids of repositories that tell nothing of which repository of a release it is; numbers behind them are no
/// part of them.
const WORDS_OF_RELEASES: &[&str] = &[
    "aarch",
    "almalinux",
    "amzn",
    "amzn2extra",
    "centos",
    "el",
    "epel",
    "fedora",
    "for",
    "latest",
    "ol",
    "ppc64le",
    "rhel",
    "rocky",
    "rpms",
    "s390x",
    "ubi",
    "x86_64",
];

/// How many packages are named of one repository.
const SHOWN: usize = 8;

impl Run<'_> {
    /// Why a package cannot be judged by the errata of these repositories; `None` where it is of one of them.
    pub(super) fn stranger(
        &mut self,
        key: &EcosystemKey,
        known: &[String],
        lookup: &Lookup,
        package: &Package,
    ) -> Option<String> {
        let from = package.repository.as_deref().filter(|id| is_repository(id));
        let is_of_one = match from {
            Some(id) => known.iter().any(|name| is_called(id, name)),
            None => self.is_named(lookup),
        };
        if is_of_one {
            return None;
        }
        let name = package.fact.name.clone();
        let strangers = self.strangers.entry(key.clone()).or_default();
        strangers
            .entry(from.map(str::to_owned))
            .or_default()
            .insert(name);
        let known = quoted(known.iter());
        Some(match from {
            Some(id) => format!(
                "it came from the repository `{id}`, and of {key} only the errata of {known} are known"
            ),
            None => format!(
                "nothing tells from which repository it came, no erratum names it, and of {key} only the errata of \
                 {known} are known"
            ),
        })
    }

    /// Whether any erratum names the package.
    fn is_named(&mut self, lookup: &Lookup) -> bool {
        lookup.targets.iter().any(|target| {
            let found = self.reader.package(&target.key, &target.name);
            found
                .unwrap_or_else(|error| {
                    let problem =
                        Problem::blind(Stage::Match, lookup.to_string(), error.to_string());
                    self.problems.insert(problem);
                    None
                })
                .is_some()
        })
    }

    /// Packages of repositories that are not known, told once for each release.
    pub(super) fn tell_strangers(&mut self) {
        for (key, strangers) in std::mem::take(&mut self.strangers) {
            let known = self.db.errata_of(&key);
            let groups: Vec<String> = strangers
                .iter()
                .map(|(from, names)| {
                    let more = match names.len().saturating_sub(SHOWN) {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    let names = quoted(names.iter().take(SHOWN));
                    match from {
                        Some(id) => format!("{names}{more} of `{id}`"),
                        None => format!("{names}{more} of a repository that nothing tells"),
                    }
                })
                .collect();
            let reason = format!(
                "of its repositories only the errata of {} are known; packages that came from others cannot be \
                 judged: {}",
                quoted(known.iter()),
                groups.join("; ")
            );
            self.problems
                .insert(Problem::blind(Stage::Match, key.to_string(), reason));
        }
    }
}

fn quoted<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    let quoted: Vec<String> = texts.map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}

/// Whether an id is that of a repository, and not the mark of an installer.
fn is_repository(id: &str) -> bool {
    let lower = id.to_lowercase();
    !lower.is_empty() && !NO_REPOSITORY.contains(&lower.as_str()) && !lower.starts_with(OF_BUILDERS)
}

/// Whether a repository with this id is the one that a mirror's folder names: by the same id, or by ids that differ
/// in words that tell the release and nothing else. `rhel-9-for-x86_64-baseos-rpms`, `ubi-9-baseos-rpms`,
/// `ol9_baseos_latest` and `BaseOS` are `baseos`; `baseos-eus` and `baseos-debug` are not.
fn is_called(id: &str, name: &str) -> bool {
    if id.eq_ignore_ascii_case(name) {
        return true;
    }
    let name = words(name);
    !name.is_empty() && words(id) == name
}

/// The words of an id that tell repositories of one release apart.
fn words(id: &str) -> Vec<String> {
    // The one name of an architecture with a mark in it that parts words elsewhere.
    let id = id.to_lowercase().replace("x86_64", "");
    id.split(['-', '_', '/', ' '])
        .filter(|word| {
            let bare = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            !bare.is_empty()
                && !WORDS_OF_RELEASES.contains(&bare)
                && !WORDS_OF_RELEASES.contains(word)
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_repository_are_held_together() {
        for (id, name) in [
            ("baseos", "baseos"),
            ("BaseOS", "baseos"),
            ("rhel-9-for-x86_64-baseos-rpms", "baseos"),
            ("rhel-9-for-aarch64-baseos-rpms", "baseos"),
            ("ubi-9-baseos-rpms", "rhel-9-for-x86_64-baseos-rpms"),
            ("ol9_baseos_latest", "baseos"),
            ("amzn2-core", "core"),
            ("amzn2extra-php8.0", "php8.0"),
            ("fedora", "fedora"),
            ("corp-base", "corp-base"),
        ] {
            assert!(is_called(id, name), "{id} {name}");
        }
        for (id, name) in [
            ("appstream", "baseos"),
            ("rhel-9-for-x86_64-baseos-eus-rpms", "baseos"),
            ("ubi-9-baseos-debug-rpms", "baseos"),
            ("corp-baseos", "baseos"),
            ("fedora", "epel"),
            ("amzn2-core", "php8.0"),
            ("", "baseos"),
        ] {
            assert!(!is_called(id, name), "{id} {name}");
        }
    }

    #[test]
    fn marks_of_installers_are_no_repositories() {
        for id in ["", "anaconda", "@System", "@commandline", "koji-override-0"] {
            assert!(!is_repository(id), "{id}");
        }
        assert!(is_repository("baseos"));
    }
}
