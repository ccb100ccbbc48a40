//! Which packages there are: statements of files joined, with their places and the layers that introduced them.

use foldhash::{HashMap, HashMapExt, HashSet};

use plimsoll_model::fact::{EvidenceKind, FactBody, PackageFact};
use plimsoll_model::facts::{Location, Package, PackageIndex, Presence};
use plimsoll_model::{Ecosystem, ImagePath};

use super::assemblies::drop_described;
use super::java::Archives;
use super::locked::drop_shadowed;
use super::owners::Owners;
use super::runtimes::drop_launchers;
use crate::squash::{Placed, Squashed};

/// What makes a package the same one in two layers.
type Identity<'a> = (Ecosystem, &'a str, &'a str, Option<&'a str>);

fn identity(package: &PackageFact) -> Identity<'_> {
    (
        package.ecosystem,
        &package.name,
        &package.version,
        package.architecture.as_deref(),
    )
}

/// In which layers a file says that a package is there.
pub(super) struct Introduced<'a> {
    /// Layers in which a path has package facts, ascending; only of paths that several layers have.
    layers: HashMap<&'a ImagePath, Vec<usize>>,
    /// Layers in which a path states one package, ascending.
    stated: HashMap<(&'a ImagePath, Identity<'a>), Vec<usize>>,
}

impl<'a> Introduced<'a> {
    pub(super) fn of(squashed: &'a Squashed<'a>) -> Self {
        let mut this = Self {
            layers: HashMap::new(),
            stated: HashMap::new(),
        };
        let stated = || {
            squashed
                .facts
                .iter()
                .filter_map(|placed| match &placed.fact.body {
                    FactBody::Package(package) => Some((placed, package)),
                    _ => None,
                })
        };
        for (placed, _) in stated() {
            push(this.layers.entry(&placed.path).or_default(), placed.layer);
        }
        this.layers.retain(|_, layers| layers.len() > 1);
        if this.layers.is_empty() {
            return this;
        }
        for (placed, package) in stated() {
            if this.layers.contains_key(&placed.path) {
                push(
                    this.stated
                        .entry((&placed.path, identity(package)))
                        .or_default(),
                    placed.layer,
                );
            }
        }
        this
    }

    /// The lowest layer from which on, without a break, the file states the package.
    fn layer(&self, path: &ImagePath, package: &PackageFact, found: usize) -> usize {
        let none = Vec::new();
        let stated = self.stated.get(&(path, identity(package))).unwrap_or(&none);
        let mut first = found;
        for layer in self.layers.get(path).unwrap_or(&none).iter().rev() {
            if *layer > found {
                continue;
            }
            if !stated.contains(layer) {
                break;
            }
            first = *layer;
        }
        first
    }
}

fn push(layers: &mut Vec<usize>, layer: usize) {
    if layers.last() != Some(&layer) {
        layers.push(layer);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Os,
    Language,
}

pub(super) fn package_facts<'a>(
    squashed: &'a Squashed<'_>,
    kind: Kind,
    archives: &'a Archives,
) -> impl Iterator<Item = (&'a Placed<'a>, &'a PackageFact)> {
    let stated = squashed.facts.iter().enumerate();
    let stated = stated.filter_map(move |(place, placed)| match &placed.fact.body {
        FactBody::Package(package)
            if placed.counts()
                && package.is_installed_by_os() == (kind == Kind::Os)
                && archives.replaced.binary_search(&place).is_err() =>
        {
            Some((placed, &**package))
        }
        _ => None,
    });
    let known = archives.known.iter();
    let known = known.filter_map(|(place, fact)| Some((squashed.facts.get(*place)?, fact)));
    stated.chain(known)
}

/// Packages with all their places; one that several files state is one package.
pub(super) fn packages(
    squashed: &Squashed<'_>,
    introduced: &Introduced<'_>,
    kind: Kind,
) -> Vec<Package> {
    collect(squashed, introduced, kind, &Archives::default(), |_| None)
}

/// Packages of languages, and what else no package manager of an operating system installed; `installed` are those that
/// one did.
pub(super) fn packages_of_languages(
    squashed: &Squashed<'_>,
    introduced: &Introduced<'_>,
    owners: &Owners<'_>,
    archives: &Archives,
    installed: &[Package],
) -> Vec<Package> {
    let mut packages = collect(squashed, introduced, Kind::Language, archives, |path| {
        owners.owner(path)
    });
    drop_shadowed(&mut packages);
    drop_installed(&mut packages, installed);
    drop_described(&mut packages, squashed);
    drop_launchers(&mut packages);
    // A program that an OS package ships is that package.
    packages.retain(|package| package.owner.is_none() || !is_program(&package.fact));
    packages
}

/// Whether a package is one program or library, which says itself what it is.
fn is_program(package: &PackageFact) -> bool {
    match package.ecosystem {
        Ecosystem::Generic => true,
        Ecosystem::Nuget => package.evidence == EvidenceKind::Compiled && package.inside.is_empty(),
        other => other.is_os() && package.evidence != EvidenceKind::Archived,
    }
}

/// Drops the files of packages that are installed just so: they are told already.
fn drop_installed(packages: &mut Vec<Package>, installed: &[Package]) {
    let is_file = |package: &Package| package.fact.evidence == EvidenceKind::Archived;
    if !packages.iter().any(is_file) {
        return;
    }
    let there: HashSet<Identity<'_>> = installed.iter().map(|one| identity(&one.fact)).collect();
    packages.retain(|package| !is_file(package) || !there.contains(&identity(&package.fact)));
}

fn collect(
    squashed: &Squashed<'_>,
    introduced: &Introduced<'_>,
    kind: Kind,
    archives: &Archives,
    owner: impl Fn(&ImagePath) -> Option<PackageIndex>,
) -> Vec<Package> {
    let mut found: Vec<(&PackageFact, Option<PackageIndex>, &Placed<'_>)> =
        package_facts(squashed, kind, archives)
            .map(|(placed, fact)| (fact, owner(&placed.path), placed))
            .collect();
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let same = |a: &(&PackageFact, Option<PackageIndex>, &Placed<'_>),
                b: &(&PackageFact, Option<PackageIndex>, &Placed<'_>)| {
        a.1 == b.1
            && (a.0 == b.0
                || is_told_in_parts(a.0.ecosystem)
                    && identity(a.0) == identity(b.0)
                    && a.0.evidence == b.0.evidence
                    && a.0.distribution == b.0.distribution)
    };
    // Packages are large, and so a list that grows is copied for long.
    let mut packages = Vec::with_capacity(found.len());
    let stated = found.chunk_by(same).filter_map(|places| {
        let (fact, owner, first) = places.first()?;
        let mut locations: Vec<Location> = places
            .iter()
            .map(|(_, _, placed)| Location {
                path: placed.path.clone(),
                layer: placed.layer,
                introduced: introduced.layer(&placed.path, fact, placed.layer),
            })
            .collect();
        locations.sort();
        locations.dedup();
        Some(Package {
            fact: joined(fact, places.iter().map(|(fact, _, _)| *fact)),
            locations,
            analyzer: first.fact.analyzer.clone(),
            owner: *owner,
            repository: None,
            presence: places
                .iter()
                .map(|(_, _, placed)| placed.presence())
                .min()
                .unwrap_or(Presence::Visible),
            purl: String::new(),
        })
    });
    packages.extend(stated);
    packages
}

/// Whether one installer describes a package in several files, such as opkg in `status` and in `.control`, or
/// Homebrew in its receipt and in the formula.
fn is_told_in_parts(ecosystem: Ecosystem) -> bool {
    ecosystem.is_os() || ecosystem == Ecosystem::Brew
}

/// What several files say of one package; each adds what those before it left out.
fn joined<'a>(first: &PackageFact, all: impl Iterator<Item = &'a PackageFact>) -> PackageFact {
    let mut fact = first.clone();
    for other in all {
        // A record without a source package makes the package its own source.
        let is_own = fact
            .source
            .as_ref()
            .is_none_or(|source| source.name == fact.name && source.version == fact.version);
        if is_own && other.source.is_some() {
            fact.source.clone_from(&other.source);
        }
        if fact.licenses.is_empty() {
            fact.licenses.clone_from(&other.licenses);
        }
        if fact.depends.is_empty() {
            fact.depends.clone_from(&other.depends);
        }
        fact.maker = fact.maker.or_else(|| other.maker.clone());
        fact.module = fact.module.or_else(|| other.module.clone());
        fact.digest = fact.digest.or_else(|| other.digest.clone());
    }
    fact
}

#[cfg(test)]
mod tests {
    use super::super::derive;
    use super::*;
    use crate::layer::LayerFacts;
    use plimsoll_model::fact::{Fact, SourcePackage};
    use plimsoll_model::image::RunConfig;

    /// The file of an installed package, that of another version, and a program that says it was built as that other.
    #[test]
    fn the_file_of_a_package_is_no_installed_one() {
        let fact = |path: &str, version: &str, architecture: &str, evidence: EvidenceKind| Fact {
            path: ImagePath::new(path),
            analyzer: String::new(),
            body: FactBody::Package(Box::new(PackageFact {
                architecture: Some(architecture.to_owned()),
                evidence,
                ..PackageFact::new(Ecosystem::Deb, "keel", version)
            })),
        };
        let installed = fact("var/lib/dpkg/status", "1", "amd64", EvidenceKind::Installed);
        let file = |path: &str, version: &str, architecture: &str| {
            fact(path, version, architecture, EvidenceKind::Archived)
        };
        let layer = LayerFacts {
            facts: vec![
                installed.clone(),
                file("opt/1.deb", "1", "amd64"),
                file("opt/1-arm.deb", "1", "arm64"),
                file("opt/2.deb", "2", "amd64"),
                file("srv/2.deb", "2", "amd64"),
                fact("opt/keel", "2", "amd64", EvidenceKind::Compiled),
            ],
            ..LayerFacts::default()
        };
        let derived = derive(&[layer], None, &RunConfig::default());
        let told = derived.packages.iter().map(|package| {
            let paths = package.locations.iter().map(|place| place.path.as_str());
            let paths: Vec<&str> = paths.collect();
            (
                package.fact.evidence,
                package.fact.version.as_str(),
                paths.join(" "),
            )
        });
        let told: Vec<_> = told.collect();
        let expected = [
            (EvidenceKind::Installed, "1", "var/lib/dpkg/status"),
            (EvidenceKind::Archived, "1", "opt/1-arm.deb"),
            (EvidenceKind::Compiled, "2", "opt/keel"),
            (EvidenceKind::Archived, "2", "opt/2.deb srv/2.deb"),
        ];
        let expected = expected.map(|(kind, version, paths)| (kind, version, paths.to_owned()));
        assert_eq!(told, expected);
        let system: Vec<_> = derived
            .packages
            .iter()
            .filter(|one| one.fact.is_installed_by_os())
            .collect();
        assert_eq!(system.len(), 1);
    }

    #[test]
    fn what_two_files_say_of_a_package_is_joined() {
        let source = |name: &str| {
            Some(SourcePackage {
                name: name.into(),
                version: "3.0.13-1".into(),
            })
        };
        let status = PackageFact {
            source: source("libopenssl3"),
            depends: vec!["libc".into()],
            ..PackageFact::new(Ecosystem::Opkg, "libopenssl3", "3.0.13-1")
        };
        let control = PackageFact {
            source: source("openssl"),
            licenses: vec!["Apache-2.0".into()],
            ..PackageFact::new(Ecosystem::Opkg, "libopenssl3", "3.0.13-1")
        };
        for pair in [[&status, &control], [&control, &status]] {
            let fact = joined(pair[0], pair.into_iter());
            assert_eq!(fact.source, source("openssl"));
            assert_eq!(fact.licenses, ["Apache-2.0"]);
            assert_eq!(fact.depends, ["libc"]);
        }
    }
}
