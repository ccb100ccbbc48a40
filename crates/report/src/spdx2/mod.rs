//! SPDX 2.3 (ISO/IEC 5962 in its later edition), JSON; the tag-value form is made of the same document.

pub(crate) mod tag_value;

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::facts::Package;
use plimsoll_model::{Algorithm, Digest};
use serde_json::{Map, Value, json};

use crate::SbomFormat;
use crate::bill::{self, Bill};
use crate::safe::write_json;

/// `-f spdx-json`.
pub(crate) struct SpdxJson;

impl SbomFormat for SpdxJson {
    fn names(&self) -> &'static [&'static str] {
        &["spdx-json", "spdx-json@2.3"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        write_json(&document(bill), out)
    }
}

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const IMAGE: &str = "SPDXRef-Image";
const SYSTEM: &str = "SPDXRef-OperatingSystem";
const UNKNOWN: &str = "NOASSERTION";

/// The identifier of a package: its place in the list.
fn identifier(idx: usize) -> String {
    format!("SPDXRef-Package-{idx}")
}

fn document(bill: &Bill<'_>) -> Value {
    let facts = bill.facts;
    let mut own = Licences::default();
    let mut packages = vec![image(bill)];
    packages.extend(system(bill));
    let listed = facts.packages.iter().enumerate();
    packages.extend(listed.map(|(idx, package)| of_package(bill, idx, package, &mut own)));
    let name = match bill.version() {
        Some(version) => format!("{}:{version}", bill.name()),
        None => bill.name().to_owned(),
    };
    let mut out = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": name,
        "documentNamespace": format!("urn:uuid:{}", bill.uuid("spdx-2.3")),
        "creationInfo": {
            "created": bill.time_or_start(),
            "creators": [tool(bill)],
        },
        "packages": packages,
        "relationships": relationships(bill),
    });
    if let (Value::Object(map), false) = (&mut out, own.0.is_empty()) {
        let texts = own
            .0
            .iter()
            .map(|(id, text)| json!({"licenseId": id, "name": text, "extractedText": text}));
        map.insert("hasExtractedLicensingInfos".to_owned(), texts.collect());
    }
    out
}

fn tool(bill: &Bill<'_>) -> String {
    format!("Tool: plimsoll-{}", bill.program)
}

/// Licences that no list has, by the identifier that the document gives them.
#[derive(Default)]
pub(crate) struct Licences(pub(crate) BTreeMap<String, String>);

impl Licences {
    /// One expression for all statements of a package.
    pub(crate) fn expression(&mut self, statements: &[String]) -> Option<String> {
        let mut parts: Vec<String> = Vec::new();
        for statement in statements
            .iter()
            .filter(|statement| !statement.trim().is_empty())
        {
            let part = if bill::is_id(statement) {
                statement.clone()
            } else if bill::is_expression(statement) {
                match statements {
                    [_] => statement.clone(),
                    _ => format!("({statement})"),
                }
            } else {
                let digest = Digest::of(statement.as_bytes());
                let id = format!("LicenseRef-{}", digest.short());
                self.0.insert(id.clone(), statement.clone());
                id
            };
            parts.push(part);
        }
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }
}

/// A package with what the specification demands of each.
fn package(id: &str, name: &str, version: Option<&str>, purpose: &str) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |key: &str, value: &str| out.insert(key.to_owned(), json!(value));
    put("SPDXID", id);
    // A name may not be empty.
    put("name", if name.is_empty() { UNKNOWN } else { name });
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        put("versionInfo", version);
    }
    put("primaryPackagePurpose", purpose);
    put("supplier", UNKNOWN);
    put("downloadLocation", UNKNOWN);
    put("licenseConcluded", UNKNOWN);
    put("licenseDeclared", UNKNOWN);
    put("copyrightText", UNKNOWN);
    out.insert("filesAnalyzed".to_owned(), json!(false));
    out
}

fn annotations(bill: &Bill<'_>, said: Vec<(String, String)>) -> Value {
    let said = said.into_iter();
    said.map(|(name, value)| {
        json!({
            "annotationDate": bill.time_or_start(),
            "annotationType": "OTHER",
            "annotator": tool(bill),
            "comment": format!("{name}={value}"),
        })
    })
    .collect()
}

fn checksum(digest: &Digest) -> Value {
    let algorithm = match digest.algorithm() {
        Algorithm::Sha256 => "SHA256",
        Algorithm::Sha512 => "SHA512",
    };
    json!([{"algorithm": algorithm, "checksumValue": digest.hex()}])
}

fn purl(purl: &str) -> Value {
    json!([{
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": purl,
    }])
}

fn image(bill: &Bill<'_>) -> Value {
    let version = bill.version();
    let mut out = package(IMAGE, bill.name(), version.as_deref(), "CONTAINER");
    if let Some(digest) = bill.digest() {
        out.insert("checksums".to_owned(), checksum(digest));
    }
    if let Some(locator) = bill::image_purl(bill) {
        out.insert("externalRefs".to_owned(), purl(&locator));
    }
    insert_annotations(&mut out, bill, bill.properties());
    Value::Object(out)
}

fn insert_annotations(out: &mut Map<String, Value>, bill: &Bill<'_>, said: Vec<(String, String)>) {
    if !said.is_empty() {
        out.insert("annotations".to_owned(), annotations(bill, said));
    }
}

fn system(bill: &Bill<'_>) -> Option<Value> {
    let release = &bill.facts.os.as_ref()?.release;
    let version = Some(release.version.as_str());
    let mut out = package(SYSTEM, &release.id, version, "OPERATING-SYSTEM");
    out.insert("description".to_owned(), json!(release.display()));
    insert_annotations(&mut out, bill, bill.os_properties());
    Some(Value::Object(out))
}

fn of_package(bill: &Bill<'_>, idx: usize, of: &Package, own: &mut Licences) -> Value {
    let fact = &of.fact;
    let mut out = package(&identifier(idx), &fact.name, Some(&fact.version), "LIBRARY");
    if let Some(maker) = &fact.maker {
        out.insert("supplier".to_owned(), json!(supplier(maker)));
    }
    if let Some(expression) = own.expression(&fact.licenses) {
        out.insert("licenseDeclared".to_owned(), json!(expression));
    }
    if let Some(digest) = &fact.digest {
        out.insert("checksums".to_owned(), checksum(digest));
    }
    let places: Vec<&str> = of
        .locations
        .iter()
        .map(|place| place.path.as_str())
        .collect();
    let found = format!("found by {} in {}", of.analyzer, places.join(", "));
    out.insert("sourceInfo".to_owned(), json!(found));
    out.insert("externalRefs".to_owned(), purl(&of.purl));
    let owner = of.owner.map(identifier);
    let mut said = bill.package_properties(of, owner.as_deref());
    // The expression does not tell where one statement ends and the next begins.
    let statements = fact.licenses.iter();
    said.extend(statements.map(|one| ("plimsoll:license".to_owned(), one.clone())));
    if let Some(maker) = &fact.maker {
        said.push(("plimsoll:maker".to_owned(), maker.clone()));
    }
    insert_annotations(&mut out, bill, said);
    Value::Object(out)
}

/// `Name <address>` in the form of the specification, `Organization: Name (address)`.
fn supplier(maker: &str) -> String {
    let line: String = maker
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let (name, address) = match line.split_once('<') {
        Some((name, rest)) => (name, rest.split('>').next().unwrap_or_default()),
        None => (line.as_str(), ""),
    };
    let plain = |text: &str| text.replace(['(', ')'], " ").trim().to_owned();
    let (name, address) = (plain(name), plain(address));
    match (name.is_empty(), address.is_empty()) {
        (true, true) => UNKNOWN.to_owned(),
        (true, false) => format!("Organization: {address}"),
        (false, true) => format!("Organization: {name}"),
        (false, false) => format!("Organization: {name} ({address})"),
    }
}

/// The document describes the image, the image contains its packages, packages need and contain each other.
fn relationships(bill: &Bill<'_>) -> Value {
    let relation = |from: &str, kind: &str, to: &str| json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to});
    let packages = &bill.facts.packages;
    let mut out = vec![relation(DOCUMENT, "DESCRIBES", IMAGE)];
    if bill.facts.os.is_some() {
        out.push(relation(IMAGE, "CONTAINS", SYSTEM));
    }
    out.extend((0..packages.len()).map(|idx| relation(IMAGE, "CONTAINS", &identifier(idx))));
    for (idx, needs) in bill::dependencies(packages).iter().enumerate() {
        let needs = needs.iter();
        out.extend(needs.map(|need| relation(&identifier(idx), "DEPENDS_ON", &identifier(*need))));
    }
    for (idx, package) in packages.iter().enumerate() {
        if let Some(owner) = package.owner {
            out.push(relation(&identifier(owner), "CONTAINS", &identifier(idx)));
        }
    }
    Value::Array(out)
}
