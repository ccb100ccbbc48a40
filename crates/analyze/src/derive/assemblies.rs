//! Assemblies of .NET beside the documents that say which packages they are.
//!
//! A file `*.deps.json` lists the files of each package. An assembly that it covers is that package, whatever its
//! own version resource says; so is one of the very package that was installed somewhere.

use std::collections::BTreeSet;

use plimsoll_model::fact::{EvidenceKind, FactBody};
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, PathKey};

use crate::squash::Squashed;

/// Drops what assemblies say of themselves where a document says it better.
pub(crate) fn drop_described(packages: &mut Vec<Package>, squashed: &Squashed<'_>) {
    let is_assembly = |package: &Package| {
        let fact = &package.fact;
        // What is inside of a program is described there.
        fact.ecosystem == Ecosystem::Nuget
            && fact.evidence == EvidenceKind::Compiled
            && fact.inside.is_empty()
    };
    if !packages.iter().any(is_assembly) {
        return;
    }
    let mut covered: BTreeSet<PathKey> = BTreeSet::new();
    for placed in squashed.facts.iter().filter(|placed| placed.counts()) {
        if let FactBody::Owns(files) = &placed.fact.body
            && files.ecosystem == Ecosystem::Nuget
        {
            covered.extend(&files.files);
        }
    }
    let key = |package: &Package| {
        let name = package.fact.ecosystem.normal_name(&package.fact.name);
        (name, package.fact.version.clone())
    };
    let installed: BTreeSet<(String, String)> = packages
        .iter()
        .filter(|package| {
            let fact = &package.fact;
            fact.ecosystem == Ecosystem::Nuget && fact.evidence == EvidenceKind::Installed
        })
        .map(key)
        .collect();
    packages.retain_mut(|package| {
        if !is_assembly(package) {
            return true;
        }
        package
            .locations
            .retain(|location| !covered.contains(&location.path.key()));
        !package.locations.is_empty() && !installed.contains(&key(package))
    });
}

#[cfg(test)]
mod tests {
    use plimsoll_model::ImagePath;
    use plimsoll_model::fact::{Fact, Ownership, PackageFact};
    use plimsoll_model::image::RunConfig;

    use crate::derive::derive;
    use crate::layer::LayerFacts;

    use super::*;

    #[test]
    fn documents_count_more_than_assemblies() {
        let assembly = |name: &str, version: &str| {
            let mut fact = PackageFact::new(Ecosystem::Nuget, name, version);
            fact.evidence = EvidenceKind::Compiled;
            FactBody::Package(Box::new(fact))
        };
        let document = |name: &str, version: &str| {
            FactBody::Package(Box::new(PackageFact::new(Ecosystem::Nuget, name, version)))
        };
        let owns = FactBody::Owns(Ownership {
            ecosystem: Ecosystem::Nuget,
            package: "SQLitePCLRaw.core".into(),
            files: vec![ImagePath::new("app/Batteries.dll").key()],
        });
        let layer = LayerFacts {
            facts: [
                ("app/app.deps.json", document("SQLitePCLRaw.core", "2.1.6")),
                ("app/app.deps.json", owns),
                ("app/app.deps.json", document("Serilog", "3.1.1")),
                ("app/Batteries.dll", assembly("Batteries", "2.1.6.2060")),
                ("app/Plugin.dll", assembly("Plugin", "1.0")),
                ("opt/serilog.dll", assembly("serilog", "3.1.1")),
                ("opt/old/serilog.dll", assembly("serilog", "2.0.0")),
            ]
            .map(|(path, body)| Fact {
                path: ImagePath::new(path),
                analyzer: String::new(),
                body,
            })
            .into(),
            ..LayerFacts::default()
        };
        let packages = derive(&[layer], None, &RunConfig::default()).packages;
        let told = packages.iter().map(|one| one.purl.as_str());
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                "pkg:nuget/Plugin@1.0",
                "pkg:nuget/SQLitePCLRaw.core@2.1.6",
                "pkg:nuget/Serilog@3.1.1",
                "pkg:nuget/serilog@2.0.0",
            ]
        );
    }
}
