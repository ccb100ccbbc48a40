//! Programs and libraries: which package each came with, and how much of the image that explains.

use std::collections::BTreeMap;

use foldhash::{HashSet, HashSetExt};

use plimsoll_model::fact::{EvidenceKind, FactBody, Opaque};
use plimsoll_model::facts::{Coverage, LocatedExecutable, Location, OperatingSystem, Package};
use plimsoll_model::{Ecosystem, ImagePath, Problem, Stage};

use super::owners::Owners;
use super::{counting, cpan};
use crate::layer::LayerFacts;
use crate::squash::Squashed;

pub(super) fn executables(
    squashed: &Squashed<'_>,
    packages: &[Package],
    owners: &Owners<'_>,
) -> Vec<LocatedExecutable> {
    let described: HashSet<&ImagePath> = packages
        .iter()
        .filter(|package| package.fact.evidence == EvidenceKind::Compiled)
        .flat_map(|package| package.locations.iter().map(|location| &location.path))
        .collect();
    let shipped = LanguageFolders::of(packages);
    let perl = cpan::files(squashed);
    let mut found: Vec<LocatedExecutable> = counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::Executable(executable) => Some(LocatedExecutable {
                executable: executable.clone(),
                location: Location {
                    path: placed.path.clone(),
                    layer: placed.layer,
                    introduced: placed.layer,
                },
                owner: owners.owner(&placed.path),
                described: described.contains(&placed.path)
                    || shipped.contain(&placed.path)
                    || !perl.is_empty() && perl.contains(&placed.path.key()),
            }),
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.location.cmp(&b.location));
    found
}

/// The folders of installed language packages: a compiled module that lies in one came with the package.
struct LanguageFolders(HashSet<String>);

impl LanguageFolders {
    fn of(packages: &[Package]) -> Self {
        let mut folders = HashSet::new();
        for package in packages {
            for location in &package.locations {
                let folder = location.path.parent();
                match package.fact.ecosystem {
                    Ecosystem::Npm => folders.extend(folder.map(|f| f.as_str().to_owned())),
                    // Modules lie beside `NAME.dist-info`, in `site-packages`.
                    Ecosystem::Pypi => {
                        let site = folder.and_then(|folder| folder.parent());
                        folders.extend(site.map(|site| site.as_str().to_owned()));
                    }
                    _ => {}
                }
            }
        }
        folders.remove("");
        Self(folders)
    }

    fn contain(&self, path: &ImagePath) -> bool {
        !self.0.is_empty() && path.ancestors().any(|above| self.0.contains(above))
    }
}

pub(super) fn coverage(layers: &[LayerFacts], executables: &[LocatedExecutable]) -> Coverage {
    let unexplained: Vec<ImagePath> = executables
        .iter()
        .filter(|found| found.owner.is_none() && !found.described)
        .map(|found| found.location.path.clone())
        .collect();
    let mut opaque: BTreeMap<Opaque, Vec<ImagePath>> = BTreeMap::new();
    for found in executables.iter().filter(|found| found.owner.is_none()) {
        if let Some(why) = found.executable.opaque {
            let path = found.location.path.clone();
            opaque.entry(why).or_default().push(path);
        }
    }
    let total = executables.len() as u64;
    Coverage {
        entries: layers.iter().map(|layer| layer.entries).sum(),
        executables: total,
        explained: total.saturating_sub(unexplained.len() as u64),
        unexplained,
        opaque,
        ..Coverage::default()
    }
}

/// What the facts together show to be missing.
pub(super) fn blind_spots(
    os: Option<&OperatingSystem>,
    packages: &[Package],
    coverage: &Coverage,
) -> Vec<Problem> {
    let os_packages = packages
        .iter()
        .any(|package| package.fact.is_installed_by_os());
    let mut problems = Vec::new();
    // An image of busybox and nothing else has no packages to have a database of.
    let os = os.filter(|os| os_packages || os.release.id != "busybox");
    match os {
        None if os_packages => problems.push(Problem::blind(
            Stage::Squash,
            "operating system",
            "there are OS packages, but no file says which distribution they belong to",
        )),
        None if !coverage.unexplained.is_empty() => problems.push(Problem::blind(
            Stage::Squash,
            "operating system",
            "no file says which distribution this is, and there are programs that no package explains",
        )),
        Some(os) if !os_packages => problems.push(Problem::blind(
            Stage::Squash,
            os.release.display(),
            "the image says that it is this distribution, but has no package database",
        )),
        _ => {}
    }
    if !coverage.unexplained.is_empty() && (os.is_some() || os_packages) {
        problems.push(Problem::gap(
            Stage::Squash,
            "programs",
            format!(
                "{} of {} programs and libraries belong to no package, the first is `{}`",
                coverage.unexplained.len(),
                coverage.executables,
                coverage.unexplained.first().map_or("", ImagePath::as_str),
            ),
        ));
    }
    problems
}
