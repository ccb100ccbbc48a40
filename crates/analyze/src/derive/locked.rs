//! Lock files beside what they led to.
//!
//! In an image, what is installed or compiled counts: the lock that it was made from is only a claim about it.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, ImagePath};

/// Drops the locked packages of which the image shows what became of them.
///
/// The same version anywhere is one. Another version is one where the ecosystem says where a project's packages
/// go: into a folder beside the lock (`node_modules`, `vendor`), or into the one place that all projects share.
pub(crate) fn drop_shadowed(packages: &mut Vec<Package>) {
    let is_locked = |package: &Package| package.fact.evidence == EvidenceKind::Locked;
    if !packages.iter().any(is_locked) {
        return;
    }
    let mut there: BTreeMap<(Ecosystem, String), Vec<&Package>> = BTreeMap::new();
    let is_there = |evidence| matches!(evidence, EvidenceKind::Installed | EvidenceKind::Compiled);
    for package in packages
        .iter()
        .filter(|package| is_there(package.fact.evidence))
    {
        there.entry(name(package)).or_default().push(package);
    }
    let shadowed: BTreeSet<usize> = packages
        .iter()
        .enumerate()
        .filter(|(_, package)| is_locked(package))
        .filter(|(_, locked)| {
            let there = there.get(&name(locked)).map(Vec::as_slice);
            there
                .unwrap_or_default()
                .iter()
                .any(|there| shadows(there, locked))
        })
        .map(|(idx, _)| idx)
        .collect();
    let mut idx = 0_usize;
    packages.retain(|_| {
        let keep = !shadowed.contains(&idx);
        idx = idx.saturating_add(1);
        keep
    });
}

fn name(package: &Package) -> (Ecosystem, String) {
    let fact = &package.fact;
    (fact.ecosystem, fact.ecosystem.normal_name(&fact.name))
}

/// Whether a package that is there is what became of a locked one of its name.
fn shadows(there: &Package, locked: &Package) -> bool {
    if there.fact.version == locked.fact.version {
        return true;
    }
    match locked.fact.ecosystem {
        // One version of each for one interpreter.
        Ecosystem::Pypi | Ecosystem::Gem => true,
        Ecosystem::Npm => in_project(there, locked, "node_modules/"),
        Ecosystem::Composer => in_project(there, locked, "vendor/"),
        _ => false,
    }
}

/// Whether a package lies where the projects of all these locks install it.
fn in_project(there: &Package, locked: &Package, folder: &str) -> bool {
    locked.locations.iter().all(|lock| {
        let project = lock.path.parent();
        let project = project.as_ref().map_or("", ImagePath::as_str);
        there.locations.iter().any(|place| {
            let below = if project.is_empty() {
                Some(place.path.as_str())
            } else {
                let below = place.path.as_str().strip_prefix(project);
                below.and_then(|below| below.strip_prefix('/'))
            };
            below.is_some_and(|below| below.starts_with(folder))
        })
    })
}

#[cfg(test)]
mod tests {
    use plimsoll_model::fact::PackageFact;
    use plimsoll_model::facts::Location;

    use super::*;

    fn package(ecosystem: Ecosystem, version: &str, evidence: EvidenceKind, path: &str) -> Package {
        let mut fact = PackageFact::new(ecosystem, "a", version);
        fact.evidence = evidence;
        Package {
            fact,
            locations: vec![Location {
                path: ImagePath::new(path),
                layer: 0,
                introduced: 0,
            }],
            analyzer: String::new(),
            owner: None,
            repository: None,
            presence: plimsoll_model::facts::Presence::Visible,
            purl: String::new(),
        }
    }

    /// Whether version 1 in a lock counts no more beside a version that is installed at a place.
    fn is_dropped(ecosystem: Ecosystem, lock: &str, version: &str, place: &str) -> bool {
        let mut packages = vec![
            package(ecosystem, version, EvidenceKind::Installed, place),
            package(ecosystem, "1", EvidenceKind::Locked, lock),
        ];
        drop_shadowed(&mut packages);
        packages.len() == 1
    }

    #[test]
    fn the_same_version_anywhere_is_the_locked_one() {
        use Ecosystem::{Cargo, Npm};
        assert!(is_dropped(
            Npm,
            "app/package-lock.json",
            "1",
            "opt/a/package.json"
        ));
        assert!(is_dropped(Cargo, "app/Cargo.lock", "1", "usr/bin/program"));
        assert!(!is_dropped(Cargo, "app/Cargo.lock", "2", "usr/bin/program"));
    }

    #[test]
    fn another_version_is_the_locked_one_where_the_project_installs() {
        use Ecosystem::{Composer, Npm, Pypi};
        for (lock, place, dropped) in [
            ("app/yarn.lock", "app/node_modules/a/package.json", true),
            ("yarn.lock", "node_modules/a/package.json", true),
            (
                "app/yarn.lock",
                "usr/lib/node_modules/a/package.json",
                false,
            ),
            (
                "app/yarn.lock",
                "application/node_modules/a/package.json",
                false,
            ),
        ] {
            assert_eq!(is_dropped(Npm, lock, "2", place), dropped, "{lock} {place}");
        }
        let place = "srv/vendor/composer/installed.json";
        assert!(is_dropped(Composer, "srv/composer.lock", "2", place));
        assert!(is_dropped(
            Pypi,
            "srv/uv.lock",
            "2",
            "venv/lib/a-2.dist-info/METADATA"
        ));
    }

    #[test]
    fn a_lock_alone_counts() {
        let mut packages = vec![package(
            Ecosystem::Npm,
            "1",
            EvidenceKind::Locked,
            "package-lock.json",
        )];
        drop_shadowed(&mut packages);
        assert_eq!(packages.len(), 1);
    }
}
