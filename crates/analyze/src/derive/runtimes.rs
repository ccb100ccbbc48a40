//! Launchers of Java runtimes beside the file `release` that describes the runtime.
//!
//! The file lies at the root of a runtime, and launchers in `bin` below it, or in `jre/bin` until Java 8. A runtime that
//! `jlink` made tells less in its file (`21.0.8`) than in its launcher (`21.0.8+9-LTS`), and is one runtime all the same.

use std::collections::BTreeSet;

use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, ImagePath};

/// Drops what launchers say of a runtime that describes itself.
pub(crate) fn drop_launchers(packages: &mut Vec<Package>) {
    let is_launcher = |package: &Package| {
        package.fact.ecosystem == Ecosystem::Generic
            && package.fact.evidence == EvidenceKind::Compiled
    };
    let described: BTreeSet<String> = packages
        .iter()
        .filter(|package| {
            package.fact.ecosystem == Ecosystem::Generic
                && package.fact.evidence == EvidenceKind::Installed
        })
        .flat_map(|package| &package.locations)
        .filter_map(|location| below(location.path.as_str(), "release"))
        .map(str::to_owned)
        .collect();
    if described.is_empty() {
        return;
    }
    packages.retain_mut(|package| {
        if !is_launcher(package) {
            return true;
        }
        package.locations.retain(|location| {
            let home = home(&location.path);
            home.is_none_or(|home| !described.contains(home))
        });
        !package.locations.is_empty()
    });
}

/// The root of the runtime whose launcher this is.
fn home(path: &ImagePath) -> Option<&str> {
    let path = path.as_str();
    let folder = below(path, "java").or_else(|| below(path, "jdb"))?;
    let home = below(folder, "bin")?;
    Some(below(home, "jre").unwrap_or(home))
}

/// The folder of a path whose last part this is.
fn below<'a>(path: &'a str, last: &str) -> Option<&'a str> {
    let folder = path.strip_suffix(last)?;
    folder
        .strip_suffix('/')
        .or_else(|| folder.is_empty().then_some(""))
}

#[cfg(test)]
mod tests {
    use plimsoll_model::fact::{Fact, FactBody, PackageFact};
    use plimsoll_model::image::RunConfig;

    use crate::derive::derive;
    use crate::layer::LayerFacts;

    use super::*;

    #[test]
    fn a_runtime_is_one_package() {
        let fact = |path: &str, version: &str, evidence| {
            let mut fact = PackageFact::new(Ecosystem::Generic, "openjdk", version);
            fact.evidence = evidence;
            Fact {
                path: ImagePath::new(path),
                analyzer: String::new(),
                body: FactBody::Package(Box::new(fact)),
            }
        };
        let release = |path, version| fact(path, version, EvidenceKind::Installed);
        let launcher = |path, version| fact(path, version, EvidenceKind::Compiled);
        let layer = LayerFacts {
            facts: vec![
                release("opt/a/release", "21.0.8"),
                launcher("opt/a/bin/java", "21.0.8+9-LTS"),
                launcher("opt/a/bin/jdb", "21.0.8+9-LTS"),
                release("opt/b/release", "1.8.0_352-b08"),
                launcher("opt/b/jre/bin/java", "1.8.0_352-b08"),
                launcher("opt/c/bin/java", "17.0.9+9"),
                launcher("bin/java", "11.0.22+7"),
            ],
            ..LayerFacts::default()
        };
        let packages = derive(&[layer], None, &RunConfig::default()).packages;
        let told = packages.iter().map(|one| one.fact.version.as_str());
        assert_eq!(
            told.collect::<Vec<_>>(),
            ["1.8.0_352-b08", "11.0.22+7", "17.0.9+9", "21.0.8"]
        );
    }
}
