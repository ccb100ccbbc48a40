//! A snapshot for GitHub's dependency submission API, as its REST reference describes the body of
//! `POST /repos/{owner}/{repo}/dependency-graph/snapshots`.
//!
//! A manifest is the file that says that a package is there.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::fact::Scope;
use plimsoll_model::facts::PackageIndex;
use serde_json::{Map, Value, json};

use crate::SbomFormat;
use crate::bill::{self, Bill, References};
use crate::safe::write_json;

/// `-f github-json`.
pub(crate) struct GithubJson;

impl SbomFormat for GithubJson {
    fn names(&self) -> &'static [&'static str] {
        &["github-json", "github"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        write_json(&document(bill), out)
    }
}

fn document(bill: &Bill<'_>) -> Value {
    let facts = bill.facts;
    let needs = bill::dependencies(&facts.packages);
    let mut needed = vec![false; facts.packages.len()];
    for idx in needs.iter().flatten() {
        if let Some(needed) = needed.get_mut(*idx) {
            *needed = true;
        }
    }
    let mut files: BTreeMap<&str, Vec<PackageIndex>> = BTreeMap::new();
    for (idx, package) in facts.packages.iter().enumerate() {
        let path = package.locations.first().map_or("", |l| l.path.as_str());
        files.entry(path).or_default().push(idx);
    }
    let mut keys = References::default();
    let keys: Vec<String> = facts
        .packages
        .iter()
        .map(|package| keys.unique(package.purl.clone()))
        .collect();
    let manifests: Map<String, Value> = files
        .iter()
        .map(|(path, packages)| {
            let resolved: Map<String, Value> = packages
                .iter()
                .filter_map(|idx| {
                    let direct = !needed.get(*idx)?;
                    let key = keys.get(*idx)?;
                    Some((key.clone(), resolved(bill, *idx, direct, (&keys, &needs))?))
                })
                .collect();
            let manifest = json!({
                "name": path,
                "file": {"source_location": path},
                "resolved": resolved,
            });
            ((*path).to_owned(), manifest)
        })
        .collect();
    let mut out = json!({
        "version": 0,
        "job": {},
        "detector": {
            "name": "plimsoll",
            "version": bill.program,
            "url": format!("pkg:generic/plimsoll@{}", bill.program),
        },
        "metadata": metadata(bill),
        "manifests": manifests,
        "scanned": bill.time_or_start(),
    });
    if let (Value::Object(map), Some(commit)) = (&mut out, bill.commit) {
        map.insert("sha".to_owned(), json!(commit.sha));
        map.insert("ref".to_owned(), json!(commit.reference));
        let job = json!({"id": commit.run, "correlator": commit.correlator});
        map.insert("job".to_owned(), job);
    }
    out
}

/// At most eight keys, each with a plain value.
fn metadata(bill: &Bill<'_>) -> Value {
    let mut out = Map::new();
    out.insert("plimsoll:image".to_owned(), json!(bill.name()));
    if let Some(digest) = bill.digest() {
        out.insert("plimsoll:digest".to_owned(), json!(digest));
    }
    if let Some(os) = &bill.facts.os {
        out.insert("plimsoll:os:id".to_owned(), json!(os.release.id));
        out.insert("plimsoll:os:version".to_owned(), json!(os.release.version));
        out.insert("plimsoll:os:name".to_owned(), json!(os.release.display()));
        // There may be eight, and a value for each.
        let said = bill.os_properties().into_iter();
        for (name, value) in said.filter(|(name, _)| name != "plimsoll:content-set") {
            out.insert(name, json!(value));
        }
    }
    Value::Object(out)
}

/// What the metadata of a package keep, of which there may be eight.
const KEPT: &[&str] = &[
    "plimsoll:analyzer",
    "plimsoll:evidence",
    "plimsoll:location",
    "plimsoll:inside",
    "plimsoll:module",
    "plimsoll:owner",
    "plimsoll:architecture",
];

fn resolved(
    bill: &Bill<'_>,
    idx: PackageIndex,
    direct: bool,
    (keys, needs): (&[String], &[Vec<PackageIndex>]),
) -> Option<Value> {
    let package = bill.facts.packages.get(idx)?;
    let owner = package.owner.and_then(|owner| keys.get(owner));
    let said = bill.package_properties(package, owner.map(String::as_str));
    let mut metadata: Map<String, Value> = Map::new();
    for (name, value) in said {
        if !KEPT.contains(&name.as_str()) {
            continue;
        }
        // A key has one value: what comes several times is joined, a line each.
        let joined = match metadata.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before}\n{value}"),
            None => value,
        };
        metadata.insert(name, json!(joined));
    }
    metadata.insert("plimsoll:name".to_owned(), json!(package.fact.name));
    let scope = match package.fact.scope {
        Scope::Development => "development",
        Scope::Runtime => "runtime",
    };
    let needs = needs.get(idx)?.iter().filter_map(|need| keys.get(*need));
    let mut out = json!({
        "package_url": package.purl,
        "relationship": if direct { "direct" } else { "indirect" },
        "scope": scope,
        "metadata": metadata,
    });
    let needs: Vec<&String> = needs.collect();
    if let (Value::Object(map), false) = (&mut out, needs.is_empty()) {
        map.insert("dependencies".to_owned(), json!(needs));
    }
    Some(out)
}
