//! Answers and their reasons on little slices of advisories. Where a test stands for a trap of the field, its
//! comment says what goes wrong there.

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Effect, Severity};
use serde_json::{Value, json};

use super::*;
use crate::slice::{Slice, built, image, package};

mod changelog;
mod data;
mod distributions;
mod languages;
mod ratings;
mod rpm;
mod runtimes;
mod ubuntu;

/// Everything that concerns one package of a Debian 11 image.
fn on_debian(db: &Database, installed: Package) -> Vec<PackageMatch> {
    match_packages(&image(Some(("debian", "11")), vec![installed]), db).matches
}

fn on_language(db: &Database, installed: Package) -> Vec<PackageMatch> {
    let found = match_packages(&image(None, vec![installed]), db);
    assert_eq!(found.problems, []);
    found.matches
}

/// Id, answer and rule of each match.
fn told(matches: &[PackageMatch]) -> Vec<(&str, Applicability, &str)> {
    matches
        .iter()
        .map(|found| {
            (
                found.vulnerability.id.as_str(),
                found.answer,
                found.reason.rule.as_str(),
            )
        })
        .collect()
}

/// An OSV record with one package.
fn osv(id: &str, aliases: &[&str], ecosystem: &str, name: &str, affected: &Value) -> Value {
    let mut entry = json!({"package": {"ecosystem": ecosystem, "name": name}});
    for (key, value) in affected.as_object().expect("an object") {
        entry[key] = value.clone();
    }
    json!({"id": id, "modified": "2024-01-01T00:00:00Z", "aliases": aliases, "summary": "A flaw", "affected": [entry]})
}

fn ranges(events: &Value) -> Value {
    json!({"ranges": [{"type": "ECOSYSTEM", "events": events}]})
}

fn django() -> Value {
    osv(
        "GHSA-aaaa-bbbb-cccc",
        &["CVE-2021-1"],
        "PyPI",
        "Ruamel.Yaml",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "2.0"}])),
    )
}
