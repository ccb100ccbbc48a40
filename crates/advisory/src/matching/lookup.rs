//! Under which names and versions a package is looked up.

use std::fmt;

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::facts::Package;

use crate::key::EcosystemKey;
use crate::program;

/// What decides the answers about a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lookup {
    /// Where advisories for it may stand; what an earlier one says of a flaw decides.
    pub(super) targets: Vec<Target>,
    pub(super) module: Option<String>,
    pub(super) architecture: Option<String>,
    /// The topic of Amazon's extras that it is of, empty for none; `None` where nothing tells.
    pub(super) topic: Option<String>,
}

/// A name under a key, with the version that is compared there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    pub(super) key: EcosystemKey,
    pub(super) name: String,
    pub(super) version: String,
}

/// Which name a vendor's advisories bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// The binary package's.
    Binary,
    /// The source package's.
    Source,
    /// One or the other, by the document.
    Both,
    /// The binary package's, and the source package's with `.src` behind it.
    Marked,
}

/// Distributions of rpm packages whose advisories name source packages in some of the documents: those of Rocky Linux
/// in OSV and those of Azure Linux in OVAL do, and errata of repositories never do.
const NAMINGS: &[(&str, Naming)] = &[
    ("Azure Linux", Naming::Both),
    ("EPEL", Naming::Both),
    ("Fedora", Naming::Both),
    ("Mageia", Naming::Both),
    ("openEuler", Naming::Both),
    ("Red Hat", Naming::Marked),
    ("Rocky Linux", Naming::Both),
];

/// Distributions whose advisories do not tell the epochs of packages: they name files, which bear none, or have none
/// whatever the package has. Versions are compared without.
const WITHOUT_EPOCH: &[&str] = &["Bottlerocket", "openEuler"];

impl Lookup {
    /// What to ask of a package under these keys. `built_from` has the source packages that advisories name for it, where
    /// it does not tell its own.
    pub(super) fn new(keys: Vec<EcosystemKey>, package: &Package, built_from: &[&str]) -> Self {
        let fact = &package.fact;
        let mut targets: Vec<Target> = Vec::new();
        for key in keys {
            for target in targets_of(&key, fact, built_from) {
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        Self {
            targets,
            module: fact.module.clone(),
            architecture: fact
                .architecture
                .clone()
                .filter(|_| fact.ecosystem == Ecosystem::Rpm),
            topic: package.repository.as_deref().and_then(topic),
        }
    }

    /// A name and a version, and nothing else known.
    pub(super) fn plain(key: &EcosystemKey, name: &str, version: &str) -> Self {
        Self {
            targets: vec![Target {
                name: key.normal_name(name),
                key: key.clone(),
                version: version.to_owned(),
            }],
            module: None,
            architecture: None,
            topic: None,
        }
    }
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.targets.first() {
            Some(target) => write!(f, "{} {}", target.key, target.name),
            None => f.write_str("a package"),
        }
    }
}

fn targets_of(key: &EcosystemKey, fact: &PackageFact, built_from: &[&str]) -> Vec<Target> {
    let naming = match fact.ecosystem {
        Ecosystem::Deb | Ecosystem::Apk => Naming::Source,
        Ecosystem::Rpm => NAMINGS
            .iter()
            .find(|(base, _)| *base == key.base())
            .map_or(Naming::Binary, |(_, naming)| *naming),
        _ => Naming::Binary,
    };
    let target = |name: String, version: String| Target {
        key: key.clone(),
        name,
        version: match version.split_once(':') {
            Some((_, rest)) if WITHOUT_EPOCH.contains(&key.base()) => rest.to_owned(),
            _ => version,
        },
    };
    let binary = || {
        if key.base() == program::KEY && program::is_runtime(&fact.name) {
            let version = program::runtime_version(&fact.version);
            return target(
                fact.name.clone(),
                version.unwrap_or_else(|| fact.version.clone()),
            );
        }
        let version = if is_of_unknown_release(fact) || has_version_of_file(fact) {
            "(devel)".to_owned()
        } else {
            fact.version.clone()
        };
        target(fact.ecosystem.normal_name(&fact.name), version)
    };
    let source = |mark: &str| {
        let source = fact.source.as_ref();
        source.map(|source| target(format!("{}{mark}", source.name), source.version.clone()))
    };
    match naming {
        Naming::Binary => vec![binary()],
        Naming::Source => match source("") {
            Some(source) => vec![source],
            None if built_from.is_empty() => vec![binary()],
            // The version of a binary package is that of its source, but for a few.
            None => built_from
                .iter()
                .map(|name| target((*name).to_owned(), fact.version.clone()))
                .collect(),
        },
        Naming::Both => [binary()].into_iter().chain(source("")).collect(),
        Naming::Marked => [binary()].into_iter().chain(source(".src")).collect(),
    }
}

/// The topic of a repository of Amazon Linux 2: `amzn2extra-docker`, and none for `amzn2-core`.
fn topic(repository: &str) -> Option<String> {
    match repository.strip_prefix("amzn2extra-") {
        Some(topic) => Some(topic.to_owned()),
        None => repository.starts_with("amzn2-").then(String::new),
    }
}

/// Whether a package is the main module of a Go program that was built from a work tree: its version was made
/// of the commit's time, with `v0.0.0` for want of tags, and so says nothing about releases. In modules that
/// others depend on, `v0.0.0` means that there is no release before the commit.
fn is_of_unknown_release(fact: &PackageFact) -> bool {
    fact.ecosystem == Ecosystem::Go
        && fact.evidence == EvidenceKind::Compiled
        && fact.version.starts_with("v0.0.0-")
        // Only the main module of a program says on what it depends.
        && !fact.depends.is_empty()
}

/// Whether a .NET assembly tells the version of its file, which counts builds, and not that of its package.
fn has_version_of_file(fact: &PackageFact) -> bool {
    fact.ecosystem == Ecosystem::Nuget
        && fact.evidence == EvidenceKind::Compiled
        && fact.version.split('.').count() == 4
}
