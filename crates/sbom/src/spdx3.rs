//! SPDX 3 JSON-LD in the compact form that the specification demands.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::spdx2::Raw;
use crate::{Component, Document, Format, Kind, ReadError, json};

#[derive(Deserialize)]
struct Spdx {
    #[serde(rename = "@graph")]
    graph: Option<Vec<Element>>,
}

/// An element of whatever type, with the fields of all types that are read.
#[derive(Deserialize)]
struct Element {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "spdxId")]
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    created: Option<String>,
    #[serde(rename = "specVersion")]
    spec_version: Option<String>,
    #[serde(rename = "software_packageVersion")]
    version: Option<String>,
    #[serde(rename = "software_packageUrl")]
    purl: Option<String>,
    #[serde(rename = "software_primaryPurpose")]
    purpose: Option<String>,
    #[serde(rename = "suppliedBy")]
    supplied_by: Option<String>,
    #[serde(rename = "verifiedUsing")]
    verified_using: Option<Vec<Hash>>,
    #[serde(rename = "externalIdentifier")]
    external: Option<Vec<External>>,
    extension: Option<Vec<Extension>>,
    from: Option<String>,
    to: Option<Vec<String>>,
    #[serde(rename = "relationshipType")]
    relation: Option<String>,
    #[serde(rename = "rootElement")]
    root: Option<Vec<String>>,
    #[serde(rename = "simplelicensing_licenseExpression")]
    expression: Option<String>,
    #[serde(rename = "simplelicensing_licenseText")]
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hash {
    algorithm: Option<String>,
    hash_value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct External {
    external_identifier_type: Option<String>,
    identifier: Option<String>,
}

#[derive(Deserialize)]
struct Extension {
    #[serde(rename = "extension_cdxProperty")]
    properties: Option<Vec<Property>>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(rename = "extension_cdxPropName")]
    name: Option<String>,
    #[serde(rename = "extension_cdxPropValue")]
    value: Option<String>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let spdx: Spdx = json(bytes, Format::SpdxJsonLd)?;
    let mut raw = Raw {
        document: Document::new(Format::SpdxJsonLd, ""),
        described: Vec::new(),
        texts: Vec::new(),
    };
    let graph = spdx.graph.unwrap_or_default();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut expressions: BTreeMap<String, String> = BTreeMap::new();
    for element in &graph {
        let (Some(id), Some(kind)) = (&element.id, &element.kind) else {
            continue;
        };
        match (kind.as_str(), &element.name, &element.expression) {
            (_, _, Some(expression)) => {
                expressions.insert(id.clone(), expression.clone());
            }
            ("Agent" | "Organization" | "Person" | "SoftwareAgent" | "Tool", Some(name), _) => {
                names.insert(id.clone(), name.clone());
                if matches!(kind.as_str(), "SoftwareAgent" | "Tool") {
                    raw.document.authors.push(name.clone());
                }
            }
            _ => {}
        }
    }
    let mut licenses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for element in graph {
        take(element, &mut raw, &names, &mut licenses);
    }
    for component in &mut raw.document.components {
        let declared = licenses.remove(&component.reference).unwrap_or_default();
        let declared = declared.into_iter();
        component.licenses = declared
            .filter_map(|id| expressions.get(&id).cloned())
            .collect();
    }
    Ok(raw.finish())
}

fn take(
    element: Element,
    raw: &mut Raw,
    names: &BTreeMap<String, String>,
    licenses: &mut BTreeMap<String, Vec<String>>,
) {
    let id = element.id.clone().unwrap_or_default();
    match element.kind.as_deref().unwrap_or_default() {
        "CreationInfo" => {
            raw.document.created = element.created;
            raw.document.version = element.spec_version.unwrap_or_default();
        }
        "software_Sbom" => raw.described.extend(element.root.unwrap_or_default()),
        "simplelicensing_SimpleLicensingText" => {
            let key = id.rsplit_once('#').map_or(id.as_str(), |(_, key)| key);
            raw.texts
                .push((key.to_owned(), element.text.unwrap_or_default()));
        }
        "Relationship" | "LifecycleScopedRelationship" => {
            let from = element.from.unwrap_or_default();
            let kind = match element.relation.as_deref() {
                Some("dependsOn") => "DEPENDS_ON",
                Some("contains") => "CONTAINS",
                Some("describes") => "DESCRIBES",
                Some("hasDeclaredLicense") => {
                    let to = element.to.unwrap_or_default();
                    licenses.entry(from).or_default().extend(to);
                    return;
                }
                _ => return,
            };
            for to in element.to.unwrap_or_default() {
                raw.relate(from.clone(), Some(kind), to);
            }
        }
        "software_Package" => raw.document.components.push(component(element, id, names)),
        _ => {}
    }
}

fn component(element: Element, id: String, names: &BTreeMap<String, String>) -> Component {
    let sums = element.verified_using.unwrap_or_default().into_iter();
    let properties = element.extension.unwrap_or_default().into_iter();
    let properties = properties.flat_map(|one| one.properties.unwrap_or_default());
    let mut out = Component {
        reference: id,
        kind: match element.purpose.as_deref() {
            Some("container") => Kind::Container,
            Some("operatingSystem") => Kind::System,
            Some("file" | "device" | "data") => Kind::Other,
            _ => Kind::Package,
        },
        name: element.name.unwrap_or_default(),
        version: element.version.unwrap_or_default(),
        purl: element.purl.unwrap_or_default(),
        supplier: element.supplied_by.and_then(|id| names.get(&id).cloned()),
        description: element.description,
        hashes: sums
            .filter_map(|sum| Some((sum.algorithm?, sum.hash_value?)))
            .collect(),
        properties: properties
            .filter_map(|one| Some((one.name?, one.value.unwrap_or_default())))
            .collect(),
        ..Component::default()
    };
    for external in element.external.unwrap_or_default() {
        match (
            external.external_identifier_type.as_deref(),
            external.identifier,
        ) {
            (Some("packageUrl"), Some(purl)) if out.purl.is_empty() => out.purl = purl,
            (Some("cpe22" | "cpe23" | "swid" | "swhid"), Some(other)) => {
                out.other_identity = Some(other);
            }
            _ => {}
        }
    }
    out.development = out.property("plimsoll:scope") == Some("development");
    out
}
