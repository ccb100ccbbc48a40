//! What files beside the database say of an OS package: its licences, and where it was installed from.

use foldhash::{HashMap, HashMapExt};

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::FactBody;
use plimsoll_model::facts::Package;

use crate::squash::Squashed;

/// Adds to the packages what was told apart from them.
pub(crate) fn add(packages: &mut Vec<Package>, squashed: &Squashed<'_>) {
    add_licenses(packages, squashed);
    add_repositories(packages, squashed);
    drop_revisions(packages);
}

/// Several packages of one source may share a folder of documents: those of the others are links to it.
fn add_licenses(packages: &mut [Package], squashed: &Squashed<'_>) {
    let mut told: HashMap<(Ecosystem, String), &[String]> = HashMap::new();
    for placed in squashed.facts.iter().filter(|placed| placed.counts()) {
        let FactBody::Licenses(said) = &placed.fact.body else {
            continue;
        };
        told.insert((said.ecosystem, said.package.clone()), &said.licenses);
        for (link, rest) in squashed.links.aliases(&placed.path) {
            if let Some(name) = link.strip_prefix("usr/share/doc/")
                && !rest.trim_start_matches('/').contains('/')
            {
                told.entry((said.ecosystem, name.to_owned()))
                    .or_insert(&said.licenses);
            }
        }
    }
    if told.is_empty() {
        return;
    }
    for package in packages {
        let fact = &mut package.fact;
        let asked = (fact.ecosystem, fact.name.clone());
        if let (true, Some(licenses)) = (fact.licenses.is_empty(), told.get(&asked)) {
            fact.licenses = licenses.to_vec();
        }
    }
}

/// Name, version and architecture; apk remembers the name alone, since it installs one version.
type Installed<'a> = (Ecosystem, &'a str, &'a str, &'a str);

fn add_repositories(packages: &mut [Package], squashed: &Squashed<'_>) {
    let mut told: HashMap<Installed<'_>, &str> = HashMap::new();
    for placed in squashed.facts.iter().filter(|placed| placed.counts()) {
        if let FactBody::InstalledFrom(said) = &placed.fact.body {
            let package = (
                said.ecosystem,
                said.package.as_str(),
                said.version.as_str(),
                said.architecture.as_str(),
            );
            told.insert(package, &said.repository);
        }
    }
    if told.is_empty() {
        return;
    }
    for package in packages {
        let fact = &package.fact;
        let name = fact.name.as_str();
        let asked = match fact.ecosystem {
            Ecosystem::Apk => (Ecosystem::Apk, name, "", ""),
            other => {
                let version = fact.version.as_str();
                let version = version.split_once(':').map_or(version, |(_, rest)| rest);
                let architecture = fact.architecture.as_deref().unwrap_or_default();
                (other, name, version, architecture)
            }
        };
        package.repository = told.get(&asked).map(|found| (*found).to_owned());
    }
}

/// A snap of which snapd tells the revision alone is the unpacked one at `snap/NAME/REVISION`.
fn drop_revisions(packages: &mut Vec<Package>) {
    let is_snap = |package: &&Package| package.fact.ecosystem == Ecosystem::Snap;
    let unpacked: foldhash::HashSet<(String, String)> = packages
        .iter()
        .filter(is_snap)
        .flat_map(|package| &package.locations)
        .filter_map(|location| {
            let mut parts = location.path.as_str().strip_prefix("snap/")?.split('/');
            Some((parts.next()?.to_owned(), format!("r{}", parts.next()?)))
        })
        .collect();
    if unpacked.is_empty() {
        return;
    }
    packages.retain(|package| {
        let fact = &package.fact;
        fact.ecosystem != Ecosystem::Snap
            || !unpacked.contains(&(fact.name.clone(), fact.version.clone()))
    });
}
