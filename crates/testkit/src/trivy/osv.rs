//! Records in OSV's schema: languages, Bitnami, AlmaLinux.
//!
//! Trivy's schema has no ranges but constraints, `>=1.0, <1.4 || =2.0`. Its list of patched versions is left out:
//! Trivy takes such a version for safe even where another range of the record holds it, and no record says so.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use plimsoll_version::{Scheme, Version, range};
use serde_json::{Value, json};
use zip::ZipArchive;

use super::convert::keep_highest;
use super::{Database, Loss, texts};

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    /// Its name in OSV.
    osv: &'static str,
    /// How Trivy calls it.
    pub(super) called: &'static str,
    /// The type of its package URLs.
    pub(super) kind: &'static str,
    /// What stands between the parts of a name.
    pub(super) joint: &'static str,
    /// The order of its versions.
    scheme: Scheme,
}

const fn row(
    osv: &'static str,
    called: &'static str,
    kind: &'static str,
    scheme: Scheme,
) -> Language {
    Language {
        osv,
        called,
        kind,
        joint: "/",
        scheme,
    }
}

/// The languages that Trivy has buckets for.
pub(super) const ECOSYSTEMS: &[Language] = &[
    row("Bitnami", "bitnami", "bitnami", Scheme::Semver),
    row("Go", "go", "golang", Scheme::Go),
    row("Hex", "erlang", "hex", Scheme::Semver),
    Language {
        joint: ":",
        ..row("Maven", "maven", "maven", Scheme::Maven)
    },
    row("NuGet", "nuget", "nuget", Scheme::Nuget),
    row("Packagist", "composer", "composer", Scheme::Composer),
    row("PyPI", "pip", "pypi", Scheme::Pep440),
    row("RubyGems", "rubygems", "gem", Scheme::Gem),
    row("SwiftURL", "swift", "swift", Scheme::Semver),
    row("crates.io", "cargo", "cargo", Scheme::Semver),
    row("npm", "npm", "npm", Scheme::Npm),
];

pub(super) fn records(database: &mut Database, folder: &Path) {
    let folders = fs::read_dir(folder.join("osv"))
        .into_iter()
        .flatten()
        .flatten();
    let mut archives: Vec<_> = folders.map(|entry| entry.path().join("all.zip")).collect();
    archives.sort();
    for archive in archives.iter().filter(|archive| archive.is_file()) {
        let own = archive
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default();
        let own = own.to_string_lossy();
        each(archive, |record| {
            if record["withdrawn"].is_string() {
                database.lose(Loss::Withdrawn);
            } else if own == "AlmaLinux" {
                erratum(database, &record);
            } else {
                take(database, &record, &own);
            }
        });
    }
}

/// Calls for each record of an archive.
pub(crate) fn each(archive: &Path, mut call: impl FnMut(Value)) {
    let file = File::open(archive).expect("an archive can be opened");
    let mut archive = ZipArchive::new(file).expect("an archive is a zip");
    for place in 0..archive.len() {
        let member = archive.by_index(place).expect("an archive is whole");
        if member.name_raw().ends_with(b".json") {
            call(serde_json::from_reader(member).expect("a record is JSON"));
        }
    }
}

/// The ids of a flaw that are CVE ids, else the record's own; and the others.
fn ids(record: &Value) -> (Vec<&str>, Vec<&str>) {
    let own = record["id"].as_str().expect("a record has an id");
    let all: BTreeSet<&str> = texts(&record["aliases"]).chain([own]).collect();
    let (cves, others): (Vec<&str>, Vec<&str>) =
        all.into_iter().partition(|id| id.starts_with("CVE-"));
    if cves.is_empty() {
        let others = others.into_iter().filter(|id| *id != own).collect();
        return (vec![own], others);
    }
    (cves, others)
}

fn take(database: &mut Database, record: &Value, own: &str) {
    let (flaws, others) = ids(record);
    if flaws.len() > 1 {
        database.lose(Loss::Ids);
    }
    for affected in record["affected"].as_array().into_iter().flatten() {
        let package = &affected["package"];
        let ecosystem = package["ecosystem"].as_str().unwrap_or_default();
        let base = ecosystem.split(':').next().unwrap_or_default();
        if base != own {
            continue;
        }
        let Some(language) = ECOSYSTEMS.iter().find(|row| row.osv == base) else {
            database.lose(Loss::Ecosystem);
            continue;
        };
        let versions = constraints(database, affected, language.scheme);
        if versions.is_empty() {
            database.lose(Loss::NoVersions);
            continue;
        }
        let id = record["id"].as_str().unwrap_or_default();
        let source = id.split('-').next().unwrap_or_default();
        let bucket = format!("{}::OSV {source}", language.called);
        let name = normal(
            language.called,
            package["name"].as_str().unwrap_or_default(),
        );
        for flaw in &flaws {
            let list = database.package(&bucket, "osv", &name);
            let mut all = versions.clone();
            if let Some(known) = list.value(flaw) {
                let known: Value = serde_json::from_slice(known).expect("it was written as JSON");
                all.extend(texts(&known["VulnerableVersions"]).map(str::to_owned));
            }
            let advisory = json!({"VulnerableVersions": all, "VendorIDs": others});
            list.put(flaw, advisory.to_string());
            database.flaw(flaw, record["summary"].as_str().unwrap_or_default());
        }
    }
}

/// Names as Trivy files them and looks them up: in small letters, whatever the ecosystem says, but for Go.
pub(super) fn normal(called: &str, name: &str) -> String {
    match called {
        "pip" => name.to_lowercase().replace('_', "-"),
        "go" => name.to_owned(),
        "swift" => name.trim_start_matches("https://").to_owned(),
        _ => name.to_lowercase(),
    }
}

/// Ranges and listed versions as constraints; listed versions that a range holds are not said again.
fn constraints(database: &mut Database, affected: &Value, scheme: Scheme) -> Vec<String> {
    let mut constraints = Vec::new();
    let mut ranges = Vec::new();
    for one in affected["ranges"].as_array().into_iter().flatten() {
        if one["type"] == "GIT" {
            continue;
        }
        let mut open: Option<&str> = None;
        let mut events = Vec::new();
        for event in one["events"].as_array().into_iter().flatten() {
            let text = |name: &str| event[name].as_str();
            if let Some(from) = text("introduced") {
                events.push(range::Event::Introduced(from));
                open = open.or(Some(from));
            } else if let Some(to) = text("fixed") {
                events.push(range::Event::Fixed(to));
                constraints.extend(open.take().map(|from| constraint(from, "<", to)));
            } else if let Some(to) = text("last_affected") {
                events.push(range::Event::LastAffected(to));
                constraints.extend(open.take().map(|from| constraint(from, "<=", to)));
            } else {
                database.lose(Loss::Limit);
            }
        }
        constraints.extend(open.map(|from| format!(">={from}")));
        ranges.push(events);
    }
    let held = |version: &Version| {
        let ranges = ranges.iter().map(Vec::as_slice);
        matches!(range::evaluate(version, ranges, []), range::Applies::Yes(_))
    };
    for listed in texts(&affected["versions"]) {
        if !scheme.parse(listed).is_ok_and(|version| held(&version)) {
            constraints.push(format!("={listed}"));
        }
    }
    constraints
}

fn constraint(from: &str, sign: &str, to: &str) -> String {
    match from {
        "0" => format!("{sign}{to}"),
        _ => format!(">={from}, {sign}{to}"),
    }
}

/// An erratum of AlmaLinux; `related` names the flaws. A package of a module is filed as `nodejs:18::npm`, and
/// the streams stand in the title alone.
fn erratum(database: &mut Database, record: &Value) {
    let id = record["id"].as_str().expect("a record has an id");
    let related = texts(&record["related"])
        .chain(texts(&record["upstream"]))
        .chain(texts(&record["aliases"]));
    let mut flaws: BTreeSet<&str> = related.filter(|id| id.starts_with("CVE-")).collect();
    if flaws.is_empty() {
        if !id.starts_with("ALSA") {
            return;
        }
        flaws.insert(id);
    }
    let title = record["summary"].as_str().unwrap_or_default();
    let words = title.split([' ', ',']);
    let streams: Vec<&str> = words
        .filter(|word| {
            word.split_once(':')
                .is_some_and(|(_, stream)| !stream.is_empty())
        })
        .collect();
    for affected in record["affected"].as_array().into_iter().flatten() {
        let package = affected["package"]["name"].as_str().unwrap_or_default();
        let release = affected["package"]["ecosystem"]
            .as_str()
            .unwrap_or_default();
        let bucket = release.to_lowercase().replace("almalinux:", "alma ");
        let ranges = affected["ranges"].as_array().into_iter().flatten();
        let events = ranges.flat_map(|range| range["events"].as_array().into_iter().flatten());
        for fixed in events.filter_map(|event| event["fixed"].as_str()) {
            let keys: Vec<String> = if fixed.contains(".module") {
                let keys = streams.iter().map(|stream| format!("{stream}::{package}"));
                keys.collect()
            } else {
                vec![package.to_owned()]
            };
            if keys.is_empty() {
                database.lose(Loss::Module);
            }
            for (key, flaw) in keys
                .iter()
                .flat_map(|key| flaws.iter().map(move |id| (key, id)))
            {
                let place = (package.to_owned(), (*flaw).to_owned());
                let fixes = database.fixes.entry(place).or_default();
                fixes.insert(fixed.to_owned());
                let list = database.package(&bucket, "alma", key);
                if keep_highest(list, flaw, fixed, Scheme::Rpm) {
                    database.lose(Loss::Fixes);
                }
                database.flaw(flaw, title);
            }
        }
    }
}
