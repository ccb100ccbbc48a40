//! What OS packages need by another name than that of a package.

use foldhash::{HashMap, HashMapExt, HashSet};

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::FactBody;
use plimsoll_model::facts::Package;

use super::counting;
use crate::squash::Squashed;

/// Puts the names of packages in the place of what they provide: `so:libssl.so.3`, `libc.so.6()(64bit)`, `awk`.
/// Where several packages provide a name, it stays, since a wrong relation is worse than none.
pub(crate) fn resolve(squashed: &Squashed<'_>, packages: &mut [Package]) {
    let own: HashSet<(Ecosystem, String)> = packages
        .iter()
        .map(|package| (package.fact.ecosystem, package.fact.name.clone()))
        .collect();
    let mut providers: HashMap<(Ecosystem, &str), Option<&str>> = HashMap::new();
    for placed in counting(squashed) {
        let FactBody::Provides(provided) = &placed.fact.body else {
            continue;
        };
        let (ecosystem, package) = (provided.ecosystem, provided.package.as_str());
        if !own.contains(&(ecosystem, package.to_owned())) {
            continue;
        }
        for name in &provided.names {
            let found = providers
                .entry((ecosystem, name.as_str()))
                .or_insert(Some(package));
            if *found != Some(package) {
                *found = None;
            }
        }
    }
    if providers.is_empty() {
        return;
    }
    for package in packages {
        let ecosystem = package.fact.ecosystem;
        for need in &mut package.fact.depends {
            let found = providers
                .get(&(ecosystem, need.as_str()))
                .copied()
                .flatten();
            if let Some(found) = found
                && !own.contains(&(ecosystem, need.clone()))
            {
                found.clone_into(need);
            }
        }
        package.fact.depends.sort();
        package.fact.depends.dedup();
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::ImagePath;
    use plimsoll_model::fact::{PackageFact, Provided};
    use plimsoll_model::image::RunConfig;

    use super::*;
    use crate::derive::derive;
    use crate::layer::LayerFacts;

    #[test]
    fn needs_lead_to_the_one_package_that_provides_them() {
        let stated = |body: FactBody| plimsoll_model::fact::Fact {
            path: ImagePath::new("lib/apk/db/installed"),
            analyzer: "os/apk".to_owned(),
            body,
        };
        let package = |name: &str, depends: &[&str]| {
            let fact = PackageFact {
                depends: depends.iter().map(|need| (*need).to_owned()).collect(),
                ..PackageFact::new(Ecosystem::Apk, name, "1")
            };
            stated(FactBody::Package(Box::new(fact)))
        };
        let provides = |package: &str, names: &[&str]| {
            stated(FactBody::Provides(Provided {
                ecosystem: Ecosystem::Apk,
                package: package.to_owned(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            }))
        };
        let layer = LayerFacts {
            facts: vec![
                package("app", &["awk", "musl", "so:libc.so", "so:none.so"]),
                package("musl", &[]),
                package("busybox", &[]),
                package("gawk", &[]),
                provides("musl", &["so:libc.so"]),
                provides("busybox", &["awk", "musl"]),
                provides("gawk", &["awk"]),
                provides("gone", &["so:none.so"]),
            ],
            ..LayerFacts::default()
        };
        let derived = derive(&[layer], None, &RunConfig::default());
        let app = derived.packages.iter().find(|p| p.fact.name == "app");
        assert_eq!(app.unwrap().fact.depends, ["awk", "musl", "so:none.so"]);
    }
}
