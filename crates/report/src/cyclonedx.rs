//! CycloneDX 1.6 JSON (ECMA-424).
//!
//! Components are listed flat: what depends on what is not resolved, so it is not claimed.
//! A licence is an `expression` or an `id` only where it is one of SPDX; everything else is a `name`, as
//! declared.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_model::{Algorithm, Digest, Ecosystem};
use serde_json::{Map, Value, json};

use crate::SbomFormat;
use crate::safe::write_json;

/// `-f cyclonedx`.
pub(crate) struct CycloneDx;

impl SbomFormat for CycloneDx {
    fn name(&self) -> &'static str {
        "cyclonedx"
    }

    fn write(&self, facts: &ImageFacts, program: &str, out: &mut dyn io::Write) -> io::Result<()> {
        write_json(&document(facts, program), out)
    }
}

/// There is no serial number and no time, so that the same image gives the same bytes; both are optional.
fn document(facts: &ImageFacts, program: &str) -> Value {
    let mut references = References::default();
    let subject = subject(facts, &mut references);
    let mut components: Vec<Value> = facts
        .packages
        .iter()
        .map(|package| component(package, &mut references))
        .collect();
    if let Some(os) = &facts.os {
        let mut system = json!({
            "type": "operating-system",
            "bom-ref": references.unique(format!("os:{}@{}", os.release.id, os.release.version)),
            "name": os.release.id,
            "description": os.release.display(),
        });
        if let Value::Object(map) = &mut system
            && !os.release.version.is_empty()
        {
            map.insert("version".to_owned(), json!(os.release.version));
        }
        components.insert(0, system);
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "plimsoll", "version": program}]},
            "component": subject,
        },
        "components": components,
    })
}

fn subject(facts: &ImageFacts, references: &mut References) -> Value {
    let subject = &facts.subject;
    let digest = subject
        .manifest_digest
        .as_ref()
        .or(subject.image_id.as_ref());
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("container"));
    let name = subject
        .repository
        .clone()
        .unwrap_or_else(|| subject.requested.clone());
    out.insert(
        "bom-ref".to_owned(),
        json!(references.unique(digest.map_or_else(|| name.clone(), ToString::to_string))),
    );
    out.insert("name".to_owned(), json!(name));
    if let Some(version) = subject
        .tag
        .clone()
        .or_else(|| digest.map(ToString::to_string))
    {
        out.insert("version".to_owned(), json!(version));
    }
    if let Some(digest) = digest {
        out.insert("hashes".to_owned(), json!([hash(digest)]));
    }
    let layers = facts.layers.iter().enumerate().filter_map(|(idx, layer)| {
        let diff_id = layer.diff_id.as_ref()?;
        Some(property(&format!("plimsoll:layer:{idx}"), diff_id.as_str()))
    });
    out.insert("properties".to_owned(), layers.collect());
    Value::Object(out)
}

fn hash(digest: &Digest) -> Value {
    let algorithm = match digest.algorithm() {
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha512 => "SHA-512",
    };
    json!({"alg": algorithm, "content": digest.hex()})
}

fn property(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

/// Names a package and its place.
fn reference(package: &Package) -> String {
    let path = package.locations.first().map_or("", |l| l.path.as_str());
    let inside = package.fact.inside.join("!/");
    let separator = if inside.is_empty() { "" } else { "!/" };
    format!("{}#{path}{separator}{inside}", package.purl)
}

/// References must be unique in a document: what would come twice gets a number.
#[derive(Default)]
struct References(BTreeMap<String, usize>);

impl References {
    fn unique(&mut self, reference: String) -> String {
        let count = self.0.entry(reference.clone()).or_default();
        *count += 1;
        let numbered = format!("{reference}#{count}");
        if *count == 1 {
            return reference;
        }
        self.unique(numbered)
    }
}

/// What the `spdx` crate knows and the list of the specification does not: newer licences, and a word that
/// is no licence. A test compares the two.
const NOT_LISTED: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "NOASSERTION",
    "atc-game",
];

/// Whether a statement is the id of one licence, in the spelling of the list.
fn is_id(statement: &str) -> bool {
    spdx::license_id(statement).is_some_and(|id| id.name == statement)
        && !NOT_LISTED.contains(&statement)
}

/// The specification allows either any number of licences, or exactly one expression.
fn licenses(statements: &[String]) -> Value {
    if let [one] = statements
        && !is_id(one)
        && spdx::Expression::parse(one).is_ok()
    {
        return json!([{"expression": one, "acknowledgement": "declared"}]);
    }
    let licenses = statements.iter().map(|statement| {
        let key = if is_id(statement) { "id" } else { "name" };
        json!({"license": {key: statement, "acknowledgement": "declared"}})
    });
    licenses.collect()
}

fn component(package: &Package, references: &mut References) -> Value {
    let fact = &package.fact;
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("library"));
    out.insert(
        "bom-ref".to_owned(),
        json!(references.unique(reference(package))),
    );
    let (group, name) = match fact.ecosystem {
        Ecosystem::Maven => fact.name.split_once(':'),
        Ecosystem::Npm if fact.name.starts_with('@') => fact.name.split_once('/'),
        Ecosystem::Composer => fact.name.split_once('/'),
        _ => None,
    }
    .unwrap_or(("", &fact.name));
    if !group.is_empty() {
        out.insert("group".to_owned(), json!(group));
    }
    out.insert("name".to_owned(), json!(name));
    if !fact.version.is_empty() {
        out.insert("version".to_owned(), json!(fact.version));
    }
    if fact.scope == Scope::Development {
        out.insert("scope".to_owned(), json!("excluded"));
    }
    if !fact.licenses.is_empty() {
        out.insert("licenses".to_owned(), licenses(&fact.licenses));
    }
    if let Some(digest) = &fact.digest {
        out.insert("hashes".to_owned(), json!([hash(digest)]));
    }
    out.insert("purl".to_owned(), json!(package.purl));
    if let Some(maker) = &fact.maker {
        out.insert("publisher".to_owned(), json!(maker));
    }
    let occurrences: Vec<Value> = package
        .locations
        .iter()
        .map(|location| json!({"location": location.path}))
        .collect();
    out.insert("evidence".to_owned(), json!({"occurrences": occurrences}));
    out.insert("properties".to_owned(), properties(package));
    Value::Object(out)
}

fn properties(package: &Package) -> Value {
    let fact = &package.fact;
    let evidence = match fact.evidence {
        EvidenceKind::Installed => "installed",
        EvidenceKind::Compiled => "compiled",
        EvidenceKind::Vendored => "vendored",
        EvidenceKind::Locked => "locked",
    };
    let mut out = vec![
        property("plimsoll:analyzer", &package.analyzer),
        property("plimsoll:evidence", evidence),
    ];
    if let Some(location) = package.locations.first() {
        out.push(property(
            "plimsoll:layer:introduced",
            &location.introduced.to_string(),
        ));
    }
    if let Some(source) = &fact.source {
        out.push(property("plimsoll:source:name", &source.name));
        out.push(property("plimsoll:source:version", &source.version));
    }
    if let Some(module) = &fact.module {
        out.push(property("plimsoll:module", module));
    }
    Value::Array(out)
}
