//! The feeds of distributions that are no OSV: Alpine's and Wolfi's security databases, Debian's tracker.

use std::fs;
use std::path::Path;

use plimsoll_version::Scheme;
use serde_json::{Value, json};

use super::{Database, Loss, json_of, members, texts};
use crate::bolt::Bucket;

/// Debian's releases that a database has; older ones have no images.
const DEBIAN: &[(&str, &str)] = &[
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
];

pub(super) fn secdbs(database: &mut Database, folder: &Path) {
    let wolfi = folder.join("wolfi/security.json");
    if wolfi.is_file() {
        secdb(database, "wolfi", "wolfi", &json_of(&wolfi));
    }
    let alpine = folder.join("alpine-secdb");
    let releases = fs::read_dir(alpine).into_iter().flatten().flatten();
    let mut releases: Vec<_> = releases.map(|entry| entry.path()).collect();
    releases.sort();
    for release in releases {
        let name = release.file_name().unwrap_or_default().to_string_lossy();
        let bucket = format!("alpine {}", name.trim_start_matches('v'));
        for repository in ["main", "community"] {
            let document = release.join(format!("{repository}.json"));
            if document.is_file() {
                secdb(database, &bucket, "alpine", &json_of(&document));
            }
        }
    }
}

/// A version `0` says that a package never had the flaw: no advisory.
fn secdb(database: &mut Database, bucket: &str, source: &str, document: &Value) {
    for entry in document["packages"].as_array().into_iter().flatten() {
        let package = entry["pkg"]["name"].as_str().expect("a package has a name");
        for (version, ids) in members(&entry["pkg"]["secfixes"]) {
            let version = version.trim();
            for id in texts(ids).filter_map(flaw_id).filter(|_| version != "0") {
                let list = database.package(bucket, source, package);
                if keep_highest(list, &id, version, Scheme::Apk) {
                    database.lose(Loss::Fixes);
                }
                database.flaw(&id, "");
            }
        }
    }
}

/// The first id of an entry: later words of `CVE-2017-2616 XSA-200` name the same flaw again. Old documents
/// spoil the hyphen of CVE ids here and there, and have entries that name no flaw.
fn flaw_id(entry: &str) -> Option<String> {
    let repaired = entry.replace("CVE_", "CVE-").replace("CVE ", "CVE-");
    let id = repaired
        .split_whitespace()
        .next()?
        .trim_end_matches([',', ';']);
    id.contains('-').then(|| id.to_owned())
}

/// Files a fixed version; `true` if there was another.
pub(super) fn keep_highest(list: &mut Bucket, id: &str, version: &str, scheme: Scheme) -> bool {
    let known: Option<Value> = list
        .value(id)
        .map(|known| serde_json::from_slice(known).expect("it was written as JSON"));
    let known = known.and_then(|known| known["FixedVersion"].as_str().map(str::to_owned));
    let kept = match &known {
        Some(known)
            if scheme
                .compare(version, known)
                .is_ok_and(std::cmp::Ordering::is_le) =>
        {
            known
        }
        _ => version,
    };
    list.put(id, json!({"FixedVersion": kept}).to_string());
    known.is_some_and(|known| known != version)
}

/// Resolved in version `0` means never affected: no advisory.
pub(super) fn debian(database: &mut Database, folder: &Path) {
    let document = folder.join("debian/tracker.json");
    if !document.is_file() {
        return;
    }
    let document = json_of(&document);
    for (package, flaws) in members(&document) {
        for (id, flaw) in members(flaws) {
            for (codename, state) in members(&flaw["releases"]) {
                let Some((_, number)) = DEBIAN.iter().find(|(name, _)| *name == codename) else {
                    continue;
                };
                let fixed = state["fixed_version"].as_str().unwrap_or_default();
                let advisory = match (state["status"].as_str(), fixed) {
                    (Some("resolved"), "0") => continue,
                    (Some("resolved"), _) => json!({"FixedVersion": fixed}),
                    (Some("open"), "" | "0") => json!({"Status": 2}),
                    (Some("open"), _) => {
                        database.lose(Loss::Outlook);
                        json!({"FixedVersion": fixed})
                    }
                    _ => {
                        database.lose(Loss::Undetermined);
                        continue;
                    }
                };
                if state["nodsa_reason"].is_string() {
                    database.lose(Loss::Outlook);
                }
                let list = database.package(&format!("debian {number}"), "debian", package);
                list.put(id, advisory.to_string());
                database.flaw(id, flaw["description"].as_str().unwrap_or_default());
            }
        }
    }
}
