//! CycloneDX JSON, every version: what changed between them is read in both forms.

use serde::Deserialize;

use crate::document::joined;
use crate::{Component, Document, Format, Kind, ReadError, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    spec_version: Option<String>,
    metadata: Option<Metadata>,
    components: Option<Vec<Listed>>,
    dependencies: Option<Vec<Dependency>>,
}

#[derive(Deserialize)]
struct Metadata {
    timestamp: Option<String>,
    tools: Option<Tools>,
    authors: Option<Vec<Named>>,
    supplier: Option<Named>,
    manufacturer: Option<Named>,
    manufacture: Option<Named>,
    component: Option<Listed>,
}

/// A list until version 1.4, an object with components since.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tools {
    List(Vec<Named>),
    Object { components: Option<Vec<Named>> },
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "bom-ref")]
    reference: Option<String>,
    group: Option<String>,
    name: Option<String>,
    version: Option<String>,
    description: Option<String>,
    scope: Option<String>,
    purl: Option<String>,
    cpe: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    authors: Option<Vec<Named>>,
    supplier: Option<Named>,
    manufacturer: Option<Named>,
    licenses: Option<Vec<Choice>>,
    hashes: Option<Vec<Hash>>,
    evidence: Option<Evidence>,
    properties: Option<Vec<Property>>,
    components: Option<Vec<Self>>,
}

#[derive(Deserialize)]
struct Choice {
    expression: Option<String>,
    license: Option<License>,
}

#[derive(Deserialize)]
struct License {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Hash {
    alg: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
struct Evidence {
    occurrences: Option<Vec<Occurrence>>,
}

#[derive(Deserialize)]
struct Occurrence {
    location: Option<String>,
}

#[derive(Deserialize)]
struct Property {
    name: Option<String>,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    reference: Option<String>,
    depends_on: Option<Vec<String>>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let bom: Bom = json(bytes, Format::CycloneDxJson)?;
    let version = bom.spec_version.unwrap_or_default();
    let mut out = Document::new(Format::CycloneDxJson, &version);
    if let Some(metadata) = bom.metadata {
        head(metadata, &mut out);
    }
    for listed in bom.components.unwrap_or_default() {
        add(listed, &mut out);
    }
    for dependency in bom.dependencies.unwrap_or_default() {
        let from = dependency.reference.unwrap_or_default();
        let needs = dependency.depends_on.unwrap_or_default().into_iter();
        out.depends.extend(needs.map(|need| (from.clone(), need)));
    }
    Ok(out)
}

fn head(metadata: Metadata, out: &mut Document) {
    out.created = metadata.timestamp;
    let tools = match metadata.tools {
        Some(Tools::List(list)) => list,
        Some(Tools::Object { components }) => components.unwrap_or_default(),
        None => Vec::new(),
    };
    let firms = [
        metadata.supplier,
        metadata.manufacturer,
        metadata.manufacture,
    ];
    let persons = metadata.authors.unwrap_or_default().into_iter();
    let all = persons.chain(firms.into_iter().flatten()).chain(tools);
    out.authors = all
        .filter_map(|named| {
            let name = named.name?;
            let version = named.version.map(|version| format!(" {version}"));
            Some(format!("{name}{}", version.unwrap_or_default()))
        })
        .collect();
    if let Some(subject) = metadata.component {
        out.subject = Some(component(subject).0);
    }
}

/// Adds a component and those inside it, which a limit of the JSON reader keeps from being many levels.
fn add(listed: Listed, out: &mut Document) {
    let (component, inner) = component(listed);
    let reference = component.reference.clone();
    out.components.push(component);
    for listed in inner {
        if let (Some(child), false) = (&listed.reference, reference.is_empty()) {
            out.contains.push((reference.clone(), child.clone()));
        }
        add(listed, out);
    }
}

fn component(listed: Listed) -> (Component, Vec<Listed>) {
    let purl = listed.purl.unwrap_or_default();
    let group = listed.group.unwrap_or_default();
    let name = listed.name.unwrap_or_default();
    let author = listed.authors.and_then(|list| list.into_iter().next());
    let named = [listed.supplier, listed.manufacturer, author];
    let supplier = named.into_iter().flatten().find_map(|named| named.name);
    let licenses = listed.licenses.unwrap_or_default().into_iter();
    let hashes = listed.hashes.unwrap_or_default().into_iter();
    let places = listed.evidence.and_then(|evidence| evidence.occurrences);
    let properties = listed.properties.unwrap_or_default().into_iter();
    let component = Component {
        reference: listed.reference.unwrap_or_default(),
        kind: kind(listed.kind.as_deref()),
        name: joined(&group, &name, &purl),
        version: listed.version.unwrap_or_default(),
        other_identity: listed.cpe,
        supplier: supplier.or(listed.publisher).or(listed.author),
        licenses: licenses.filter_map(statement).collect(),
        hashes: hashes
            .filter_map(|hash| Some((hash.alg?, hash.content?)))
            .collect(),
        places: places
            .unwrap_or_default()
            .into_iter()
            .filter_map(|place| place.location)
            .collect(),
        properties: properties
            .filter_map(|property| Some((property.name?, property.value.unwrap_or_default())))
            .collect(),
        description: listed.description,
        development: listed.scope.as_deref() == Some("excluded"),
        purl,
    };
    (component, listed.components.unwrap_or_default())
}

fn statement(choice: Choice) -> Option<String> {
    let license = choice
        .license
        .and_then(|license| license.id.or(license.name));
    choice.expression.or(license)
}

pub(crate) fn kind(word: Option<&str>) -> Kind {
    match word {
        Some("operating-system") => Kind::System,
        Some("container") => Kind::Container,
        Some("file" | "device" | "data" | "device-driver" | "cryptographic-asset") => Kind::Other,
        _ => Kind::Package,
    }
}
