//! CycloneDX 1.4 to 1.7, JSON and XML (1.6 and 1.7 are ECMA-424).
//!
//! A licence is an `expression` or an `id` only where it is one of SPDX; everything else is a `name`, as
//! declared. There is no serial number of chance: the same content has the same.

mod vulnerabilities;
mod xml;

use std::io;

use plimsoll_model::advisory::Knowledge;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::facts::Package;
use plimsoll_model::{Algorithm, Digest};
use serde_json::{Map, Value, json};

use crate::bill::{self, Bill, References};
use crate::safe::write_json;
use crate::{SbomFormat, safe};

/// A version of the specification that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V1_4,
    V1_5,
    V1_6,
    V1_7,
}

impl Version {
    fn text(self) -> &'static str {
        match self {
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

/// The two ways to write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Xml,
}

/// `-f cyclonedx`, `-f cyclonedx-json@1.5`, `-f cyclonedx-xml` …; the first name is the usual one.
pub(crate) struct CycloneDx {
    version: Version,
    syntax: Syntax,
    names: &'static [&'static str],
}

impl CycloneDx {
    pub(crate) const fn new(
        version: Version,
        syntax: Syntax,
        names: &'static [&'static str],
    ) -> Self {
        Self {
            version,
            syntax,
            names,
        }
    }
}

impl SbomFormat for CycloneDx {
    fn names(&self) -> &'static [&'static str] {
        self.names
    }

    fn takes_vulnerabilities(&self) -> bool {
        true
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let document = document(bill, self.version);
        match self.syntax {
            Syntax::Json => write_json(&document, out),
            Syntax::Xml => safe::write_xml(&xml::document(&document, self.version.text()), out),
        }
    }
}

fn document(bill: &Bill<'_>, version: Version) -> Value {
    let facts = bill.facts;
    let mut references = References::default();
    let name = bill.name().to_owned();
    let root = references.unique(bill.digest().map_or(name, ToString::to_string));
    let os = bill.os_reference().map(|os| references.unique(os));
    let packages = references.of_packages(&facts.packages);
    let system = os.as_deref().and_then(|os| system(bill, os));
    let components = facts.packages.iter().zip(&packages).map(|(package, own)| {
        let owner = package.owner.and_then(|idx| packages.get(idx));
        component(bill, package, (own, owner.map(String::as_str)), version)
    });
    let mut metadata = Map::new();
    if let Some(time) = bill.time() {
        metadata.insert("timestamp".to_owned(), json!(bill::stamp(time)));
    }
    if version >= Version::V1_5 {
        metadata.insert("lifecycles".to_owned(), json!([{"phase": "post-build"}]));
    }
    metadata.insert("tools".to_owned(), tools(bill.program, version));
    metadata.insert("component".to_owned(), subject(bill, &root));
    if let Some(assessment) = bill.assessment {
        metadata.insert("properties".to_owned(), properties(knowledge(assessment)));
    }
    let mut out = json!({
        "$schema": format!("http://cyclonedx.org/schema/bom-{}.schema.json", version.text()),
        "bomFormat": "CycloneDX",
        "specVersion": version.text(),
        "serialNumber": format!("urn:uuid:{}", bill.uuid("cyclonedx")),
        "version": 1,
        "metadata": metadata,
        "components": system.into_iter().chain(components).collect::<Vec<_>>(),
        "dependencies": dependencies(bill, &root, os.as_ref(), &packages),
    });
    if let Some(assessment) = bill.assessment {
        let found = &assessment.findings;
        out["vulnerabilities"] =
            vulnerabilities::all(facts, found, &packages, &mut references, version);
    }
    out
}

/// On which advisories the list of flaws rests, and of how many packages they could speak.
fn knowledge(assessment: &Assessment) -> Vec<(String, String)> {
    let snapshot = &assessment.provenance.snapshot;
    let kind = match snapshot.knowledge {
        Knowledge::Watchlist => "watchlist",
        Knowledge::Database => "database",
    };
    let judged = &assessment.judged;
    let mut out = vec![
        ("plimsoll:advisories", kind.to_owned()),
        ("plimsoll:advisories:id", snapshot.id.clone()),
        ("plimsoll:packages:judged", judged.judged.to_string()),
        ("plimsoll:packages:owned", judged.owned.to_string()),
        ("plimsoll:packages:blind", judged.blind.to_string()),
    ];
    if let Some(newest) = snapshot.newest {
        out.push(("plimsoll:advisories:newest", bill::stamp(newest)));
    }
    out.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Until 1.4 tools had a list of their own, later they are components.
fn tools(program: &str, version: Version) -> Value {
    if version < Version::V1_5 {
        return json!([{"name": "plimsoll", "version": program}]);
    }
    json!({"components": [{"type": "application", "name": "plimsoll", "version": program}]})
}

fn system(bill: &Bill<'_>, reference: &str) -> Option<Value> {
    let release = &bill.facts.os.as_ref()?.release;
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("operating-system"));
    out.insert("bom-ref".to_owned(), json!(reference));
    out.insert("name".to_owned(), json!(release.id));
    if !release.version.is_empty() {
        out.insert("version".to_owned(), json!(release.version));
    }
    out.insert("description".to_owned(), json!(release.display()));
    out.insert("properties".to_owned(), properties(bill.os_properties()));
    Some(Value::Object(out))
}

fn subject(bill: &Bill<'_>, reference: &str) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("container"));
    out.insert("bom-ref".to_owned(), json!(reference));
    out.insert("name".to_owned(), json!(bill.name()));
    if let Some(version) = bill.version() {
        out.insert("version".to_owned(), json!(version));
    }
    if let Some(digest) = bill.digest() {
        out.insert("hashes".to_owned(), json!([hash(digest)]));
    }
    if let Some(purl) = bill::image_purl(bill) {
        out.insert("purl".to_owned(), json!(purl));
    }
    out.insert("properties".to_owned(), properties(bill.properties()));
    Value::Object(out)
}

fn hash(digest: &Digest) -> Value {
    let algorithm = match digest.algorithm() {
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha512 => "SHA-512",
    };
    json!({"alg": algorithm, "content": digest.hex()})
}

fn properties(list: Vec<(String, String)>) -> Value {
    let pairs = list.into_iter();
    pairs
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// The specification allows either any number of licences, or exactly one expression.
fn licenses(statements: &[String], version: Version) -> Value {
    let acknowledged = |mut licence: Value| {
        if let (Value::Object(map), true) = (&mut licence, version >= Version::V1_6) {
            map.insert("acknowledgement".to_owned(), json!("declared"));
        }
        licence
    };
    if let [one] = statements
        && !bill::is_id(one)
        && spdx::Expression::parse(one).is_ok()
    {
        return json!([acknowledged(json!({"expression": one}))]);
    }
    let licenses = statements.iter().map(|statement| {
        let key = if bill::is_id(statement) { "id" } else { "name" };
        json!({"license": acknowledged(json!({key: statement}))})
    });
    licenses.collect()
}

fn component(
    bill: &Bill<'_>,
    package: &Package,
    (reference, owner): (&str, Option<&str>),
    version: Version,
) -> Value {
    let fact = &package.fact;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    let kind = if fact.model.is_some() && version >= Version::V1_5 {
        "machine-learning-model"
    } else {
        "library"
    };
    put("type", json!(kind));
    put("bom-ref", json!(reference));
    let (group, name) = bill::grouped(package);
    if !group.is_empty() {
        put("group", json!(group));
    }
    put("name", json!(name));
    if !fact.version.is_empty() {
        put("version", json!(fact.version));
    }
    // What is not reached at run time.
    if fact.scope == Scope::Development || fact.evidence == EvidenceKind::Archived {
        put("scope", json!("excluded"));
    }
    if !fact.licenses.is_empty() {
        put("licenses", licenses(&fact.licenses, version));
    }
    if let Some(digest) = &fact.digest {
        put("hashes", json!([hash(digest)]));
    }
    put("purl", json!(package.purl));
    if let Some(maker) = &fact.maker {
        put("supplier", json!({"name": maker}));
        put("publisher", json!(maker));
    }
    if version >= Version::V1_5 {
        put("evidence", evidence(bill, package, version));
    }
    let said = bill.package_properties(package, owner);
    put("properties", properties(said));
    Value::Object(out)
}

/// How a package is known, and from which files.
fn evidence(bill: &Bill<'_>, package: &Package, version: Version) -> Value {
    // The figures are ours, see `docs/sbom.md`: the specification wants one, and nobody has measured any.
    let (technique, confidence) = match package.fact.evidence {
        EvidenceKind::Installed => ("manifest-analysis", 1.0),
        EvidenceKind::Compiled => ("binary-analysis", 1.0),
        EvidenceKind::Vendored => ("manifest-analysis", 0.8),
        EvidenceKind::Locked | EvidenceKind::Archived => ("manifest-analysis", 0.5),
        EvidenceKind::Fingerprint => ("other", 0.5),
        EvidenceKind::Claimed => ("attestation", 0.3),
    };
    let identity = json!({
        "field": "purl",
        "confidence": confidence,
        "methods": [{"technique": technique, "confidence": confidence}],
    });
    // 1.6 takes a list too, but those who read 1.6 do not all.
    let identity = if version >= Version::V1_7 {
        json!([identity])
    } else {
        identity
    };
    let with_layers = version >= Version::V1_6 && !bill.facts.layers.is_empty();
    let occurrences = package.locations.iter().map(|place| {
        let mut out = json!({"location": place.path});
        if with_layers {
            let (layer, introduced) = (place.layer, place.introduced);
            out["additionalContext"] =
                json!(format!("layer {layer}, introduced by layer {introduced}"));
        }
        out
    });
    json!({"identity": identity, "occurrences": occurrences.collect::<Vec<_>>()})
}

/// The image needs the system and whatever no package of it needs.
fn dependencies(bill: &Bill<'_>, root: &str, os: Option<&String>, packages: &[String]) -> Value {
    let needs = bill::dependencies(&bill.facts.packages);
    let mut needed = vec![false; packages.len()];
    for idx in needs.iter().flatten() {
        if let Some(needed) = needed.get_mut(*idx) {
            *needed = true;
        }
    }
    let free = packages.iter().zip(&needed).filter(|(_, needed)| !**needed);
    let free = free.map(|(package, _)| package);
    let mut out =
        vec![json!({"ref": root, "dependsOn": os.into_iter().chain(free).collect::<Vec<_>>()})];
    for (package, needs) in packages.iter().zip(&needs) {
        let needs: Vec<&String> = needs.iter().filter_map(|idx| packages.get(*idx)).collect();
        if !needs.is_empty() {
            out.push(json!({"ref": package, "dependsOn": needs}));
        }
    }
    Value::Array(out)
}
