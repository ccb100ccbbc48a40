//! SPDX 3.0.1 as JSON-LD, profiles core, software and simple licensing.
//!
//! What has no field there is said with the extension for CycloneDX properties, which the specification has.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::Digest;
use plimsoll_model::facts::Package;
use serde_json::{Map, Value, json};

use crate::SbomFormat;
use crate::bill::{self, Bill};
use crate::safe::write_json;
use crate::spdx2::Licences;

/// `-f spdx3-json`.
pub(crate) struct SpdxJsonLd;

impl SbomFormat for SpdxJsonLd {
    fn names(&self) -> &'static [&'static str] {
        &["spdx-json@3.0", "spdx3-json"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut graph = Graph::new(bill);
        graph.image();
        graph.packages();
        graph.relations();
        write_json(&graph.document(), out)
    }
}

const CREATION: &str = "_:creation";

/// The elements of the document, in the order in which they are written.
struct Graph<'a> {
    bill: &'a Bill<'a>,
    base: String,
    elements: Vec<Value>,
    licences: Licences,
    suppliers: BTreeMap<String, String>,
    expressions: BTreeMap<String, String>,
    relations: usize,
}

impl<'a> Graph<'a> {
    fn new(bill: &'a Bill<'a>) -> Self {
        Self {
            bill,
            base: format!("urn:uuid:{}", bill.uuid("spdx-3.0")),
            elements: Vec::new(),
            licences: Licences::default(),
            suppliers: BTreeMap::new(),
            expressions: BTreeMap::new(),
            relations: 0,
        }
    }

    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.base)
    }

    fn package_id(&self, idx: usize) -> String {
        self.id(&format!("package-{idx}"))
    }

    /// Adds an element; `more` are its own fields.
    fn push(&mut self, kind: &str, id: &str, more: Value) {
        let mut out = Map::new();
        out.insert("type".to_owned(), json!(kind));
        out.insert("spdxId".to_owned(), json!(id));
        out.insert("creationInfo".to_owned(), json!(CREATION));
        if let Value::Object(more) = more {
            out.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
        }
        self.elements.push(Value::Object(out));
    }

    fn relate(&mut self, from: &str, kind: &str, to: &[String]) {
        if to.is_empty() {
            return;
        }
        let id = self.id(&format!("relation-{}", self.relations));
        self.relations += 1;
        self.push(
            "Relationship",
            &id,
            json!({"from": from, "relationshipType": kind, "to": to}),
        );
    }

    fn image(&mut self) {
        let bill = self.bill;
        let more = json!({
            "name": bill.name(),
            "software_packageVersion": bill.version(),
            "software_packageUrl": bill::image_purl(bill),
            "software_primaryPurpose": "container",
            "verifiedUsing": bill.digest().map(hash),
            "extension": extension(bill.properties()),
        });
        let id = self.id("image");
        self.push("software_Package", &id, more);
        let Some(os) = &bill.facts.os else {
            return;
        };
        let version = Some(&os.release.version).filter(|version| !version.is_empty());
        let more = json!({
            "name": os.release.id,
            "description": os.release.display(),
            "software_packageVersion": version,
            "software_primaryPurpose": "operatingSystem",
            "extension": extension(bill.os_properties()),
        });
        let id = self.id("system");
        self.push("software_Package", &id, more);
    }

    fn packages(&mut self) {
        for (idx, package) in self.bill.facts.packages.iter().enumerate() {
            let supplier = package.fact.maker.as_deref();
            let supplier = supplier.map(|maker| self.supplier(maker));
            self.package(idx, package, supplier.as_deref());
            self.declare(idx, &package.fact.licenses);
        }
    }

    fn package(&mut self, idx: usize, package: &Package, supplier: Option<&str>) {
        let fact = &package.fact;
        let owner = package.owner.map(|owner| self.package_id(owner));
        let mut said = self.bill.package_properties(package, owner.as_deref());
        // The expression does not tell where one statement ends and the next begins.
        let statements = fact.licenses.iter();
        said.extend(statements.map(|one| ("plimsoll:license".to_owned(), one.clone())));
        let version = Some(&fact.version).filter(|version| !version.is_empty());
        let places = package.locations.iter();
        let places: Vec<&str> = places.map(|place| place.path.as_str()).collect();
        let found = format!("found by {} in {}", package.analyzer, places.join(", "));
        let more = json!({
            "name": fact.name,
            "software_packageVersion": version,
            "software_packageUrl": package.purl,
            "software_primaryPurpose": "library",
            "software_sourceInfo": found,
            "suppliedBy": supplier,
            "verifiedUsing": fact.digest.as_ref().map(hash),
            "extension": extension(said),
        });
        let id = self.package_id(idx);
        self.push("software_Package", &id, more);
    }

    /// The element of whoever supplies a package.
    fn supplier(&mut self, maker: &str) -> String {
        if let Some(id) = self.suppliers.get(maker) {
            return id.clone();
        }
        let id = self.id(&format!("supplier-{}", self.suppliers.len()));
        self.push("Organization", &id, json!({"name": maker}));
        self.suppliers.insert(maker.to_owned(), id.clone());
        id
    }

    /// Relates a package to the expression of its licences.
    fn declare(&mut self, idx: usize, statements: &[String]) {
        let mut own = Licences::default();
        let Some(expression) = own.expression(statements) else {
            return;
        };
        let mut custom = Vec::new();
        for (key, text) in own.0 {
            let id = self.id(&key);
            custom.push(json!({"type": "DictionaryEntry", "key": key, "value": id}));
            if self.licences.0.insert(key, text.clone()).is_none() {
                let more = json!({"simplelicensing_licenseText": text});
                self.push("simplelicensing_SimpleLicensingText", &id, more);
            }
        }
        let known = self.expressions.get(&expression).cloned();
        let id = known.unwrap_or_else(|| {
            let id = self.id(&format!("expression-{}", self.expressions.len()));
            let custom = (!custom.is_empty()).then_some(custom);
            let more = json!({
                "simplelicensing_licenseExpression": expression,
                "simplelicensing_customIdToUri": custom,
            });
            self.push("simplelicensing_LicenseExpression", &id, more);
            self.expressions.insert(expression, id.clone());
            id
        });
        self.relate(&self.package_id(idx), "hasDeclaredLicense", &[id]);
    }

    fn relations(&mut self) {
        let packages = &self.bill.facts.packages;
        let system = self.bill.facts.os.is_some().then(|| self.id("system"));
        let all = (0..packages.len()).map(|idx| self.package_id(idx));
        let all: Vec<String> = system.into_iter().chain(all).collect();
        self.relate(&self.id("image"), "contains", &all);
        for (idx, needs) in bill::dependencies(packages).iter().enumerate() {
            let needs: Vec<String> = needs.iter().map(|need| self.package_id(*need)).collect();
            self.relate(&self.package_id(idx), "dependsOn", &needs);
        }
        let mut owned: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (idx, package) in packages.iter().enumerate() {
            if let Some(owner) = package.owner {
                owned.entry(owner).or_default().push(self.package_id(idx));
            }
        }
        for (owner, owned) in owned {
            self.relate(&self.package_id(owner), "contains", &owned);
        }
    }

    fn document(mut self) -> Value {
        let bill = self.bill;
        let ids = self.elements.iter().map(|one| one["spdxId"].clone());
        let ids: Vec<Value> = ids.collect();
        let (agent, tool) = (self.id("agent"), self.id("tool"));
        let (sbom, licence) = (self.id("sbom"), self.id("data-license"));
        let name = format!("plimsoll {}", bill.program);
        self.push("SoftwareAgent", &agent, json!({"name": name}));
        self.push("Tool", &tool, json!({"name": name}));
        let cc0 = json!({"simplelicensing_licenseExpression": "CC0-1.0"});
        self.push("simplelicensing_LicenseExpression", &licence, cc0);
        let bom = json!({
            "software_sbomType": ["analyzed"],
            "rootElement": [self.id("image")],
            "element": ids,
        });
        self.push("software_Sbom", &sbom, bom);
        let own = [&agent, &tool, &licence, &sbom].map(|id| json!(id));
        let more = json!({
            "name": bill.name(),
            "dataLicense": licence,
            "profileConformance": ["core", "software", "simpleLicensing", "extension"],
            "rootElement": [sbom],
            "element": ids.into_iter().chain(own).collect::<Vec<Value>>(),
        });
        let document = self.id("document");
        self.push("SpdxDocument", &document, more);
        let creation = json!({
            "type": "CreationInfo",
            "@id": CREATION,
            "specVersion": "3.0.1",
            "created": bill.time_or_start(),
            "createdBy": [agent],
            "createdUsing": [tool],
        });
        self.elements.insert(0, creation);
        json!({
            "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": self.elements,
        })
    }
}

fn hash(digest: &Digest) -> Value {
    let algorithm = digest.algorithm().name();
    json!([{"type": "Hash", "algorithm": algorithm, "hashValue": digest.hex()}])
}

fn extension(said: Vec<(String, String)>) -> Value {
    if said.is_empty() {
        return Value::Null;
    }
    let entries: Vec<Value> = said
        .into_iter()
        .map(|(name, value)| {
            json!({
                "type": "extension_CdxPropertyEntry",
                "extension_cdxPropName": name,
                "extension_cdxPropValue": value,
            })
        })
        .collect();
    json!([{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}])
}
