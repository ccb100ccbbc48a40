//! The versions that the shared feeds name, by scheme and package.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use plimsoll_version::Scheme;
use serde_json::Value;
use zip::ZipArchive;

/// The ecosystems of OSV whose versions are of one scheme.
const ECOSYSTEMS: &[(&str, Scheme)] = &[
    ("AlmaLinux", Scheme::Rpm),
    ("Go", Scheme::Go),
    ("Hex", Scheme::Hex),
    ("Maven", Scheme::Maven),
    ("NuGet", Scheme::Nuget),
    ("Packagist", Scheme::Composer),
    ("PyPI", Scheme::Pep440),
    ("RubyGems", Scheme::Gem),
    ("SwiftURL", Scheme::Swift),
    ("crates.io", Scheme::Semver),
    ("npm", Scheme::Npm),
];

type Versions = BTreeMap<Scheme, BTreeMap<String, BTreeSet<String>>>;

/// The versions of each scheme, as lines `package<TAB>version`. Schemes of which no feed speaks are not among them.
///
/// # Panics
/// If a feed cannot be read.
#[must_use]
pub fn versions(feeds: &Path) -> BTreeMap<Scheme, String> {
    let mut found = Versions::new();
    for (ecosystem, scheme) in ECOSYSTEMS {
        osv(
            &feeds.join("osv").join(ecosystem).join("all.zip"),
            *scheme,
            &mut found,
        );
    }
    for release in fs::read_dir(feeds.join("alpine-secdb")).expect("the feeds hold Alpine's") {
        let release = release.expect("a folder can be listed").path();
        for repository in ["main", "community"] {
            secdb(&release.join(repository).with_extension("json"), &mut found);
        }
    }
    secdb(&feeds.join("wolfi/security.json"), &mut found);
    tracker(&feeds.join("debian/tracker.json"), &mut found);
    found
        .into_iter()
        .map(|(scheme, packages)| (scheme, lines(&packages)))
        .collect()
}

fn lines(packages: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut text = String::new();
    for (package, versions) in packages {
        for version in versions {
            text.extend([package, "\t", version, "\n"]);
        }
    }
    text
}

fn add(found: &mut Versions, scheme: Scheme, package: &str, version: &str) {
    // What stands between the fields of a line is in no version that a tool could be asked of.
    if !version.is_empty() && !version.contains(char::is_whitespace) {
        let packages = found.entry(scheme).or_default();
        let versions = packages.entry(package.to_owned()).or_default();
        // Go's own library wants the `v`, which the database leaves out.
        let prefix = if scheme == Scheme::Go { "v" } else { "" };
        versions.insert(format!("{prefix}{version}"));
    }
}

fn json(text: impl std::io::Read, what: &str) -> Value {
    serde_json::from_reader(std::io::BufReader::new(text))
        .unwrap_or_else(|error| panic!("{what}: {error}"))
}

fn file(path: &Path) -> File {
    File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn osv(path: &Path, scheme: Scheme, found: &mut Versions) {
    let mut archive = ZipArchive::new(file(path)).expect("an archive of OSV is a zip");
    for place in 0..archive.len() {
        let record = archive.by_index(place).expect("a record can be read");
        let record = json(record, &path.display().to_string());
        for affected in list(&record["affected"]) {
            let package = affected["package"]["name"].as_str().unwrap_or_default();
            let ranges = list(&affected["ranges"]).filter(|range| range["type"] != "GIT");
            let events = ranges.flat_map(|range| list(&range["events"]));
            let bounds = events.flat_map(|event| members(event).map(|(_, bound)| bound));
            for version in bounds
                .chain(list(&affected["versions"]))
                .filter_map(Value::as_str)
            {
                add(found, scheme, package, version);
            }
        }
    }
}

fn secdb(path: &Path, found: &mut Versions) {
    let database = json(file(path), &path.display().to_string());
    for entry in list(&database["packages"]) {
        let package = entry["pkg"]["name"].as_str().unwrap_or_default();
        for (version, _) in members(&entry["pkg"]["secfixes"]) {
            add(found, Scheme::Apk, package, version);
        }
    }
}

fn tracker(path: &Path, found: &mut Versions) {
    let tracker = json(file(path), &path.display().to_string());
    for (package, flaws) in members(&tracker) {
        let releases = members(flaws).flat_map(|(_, flaw)| members(&flaw["releases"]));
        for (_, state) in releases {
            let repositories = members(&state["repositories"]).map(|(_, version)| version);
            for version in repositories.chain([&state["fixed_version"]]) {
                add(
                    found,
                    Scheme::Deb,
                    package,
                    version.as_str().unwrap_or_default(),
                );
            }
        }
    }
}
