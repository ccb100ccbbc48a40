//! SPDX 2 JSON.

use serde::Deserialize;

use crate::{Component, Document, Format, Kind, ReadError, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spdx {
    #[serde(rename = "spdxVersion")]
    version: Option<String>,
    creation_info: Option<Creation>,
    packages: Option<Vec<Package>>,
    relationships: Option<Vec<Relation>>,
    document_describes: Option<Vec<String>>,
    has_extracted_licensing_infos: Option<Vec<Extracted>>,
}

#[derive(Deserialize)]
struct Creation {
    created: Option<String>,
    creators: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(rename = "SPDXID")]
    id: Option<String>,
    name: Option<String>,
    version_info: Option<String>,
    supplier: Option<String>,
    originator: Option<String>,
    license_declared: Option<String>,
    license_concluded: Option<String>,
    description: Option<String>,
    primary_package_purpose: Option<String>,
    external_refs: Option<Vec<External>>,
    checksums: Option<Vec<Checksum>>,
    annotations: Option<Vec<Annotation>>,
    attribution_texts: Option<Vec<String>>,
    source_info: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct External {
    reference_type: Option<String>,
    reference_locator: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: Option<String>,
    checksum_value: Option<String>,
}

#[derive(Deserialize)]
struct Annotation {
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relation {
    spdx_element_id: Option<String>,
    relationship_type: Option<String>,
    related_spdx_element: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extracted {
    license_id: Option<String>,
    #[serde(rename = "extractedText")]
    text: Option<String>,
    name: Option<String>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let spdx: Spdx = json(bytes, Format::SpdxJson)?;
    let version = spdx.version.unwrap_or_default();
    let version = version.strip_prefix("SPDX-").unwrap_or(&version);
    let mut raw = Raw {
        document: Document::new(Format::SpdxJson, version),
        described: spdx.document_describes.unwrap_or_default(),
        texts: Vec::new(),
    };
    if let Some(creation) = spdx.creation_info {
        raw.document.created = creation.created;
        raw.document.authors = creation.creators.unwrap_or_default();
    }
    for text in spdx.has_extracted_licensing_infos.unwrap_or_default() {
        if let (Some(id), Some(text)) = (text.license_id, text.text.or(text.name)) {
            raw.texts.push((id, text));
        }
    }
    let packages = spdx.packages.unwrap_or_default().into_iter();
    raw.document.components = packages.map(component).collect();
    for relation in spdx.relationships.unwrap_or_default() {
        let (from, to) = (relation.spdx_element_id, relation.related_spdx_element);
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        raw.relate(from, relation.relationship_type.as_deref(), to);
    }
    Ok(raw.finish())
}

/// A document whose subject is still among its components.
pub(crate) struct Raw {
    pub(crate) document: Document,
    pub(crate) described: Vec<String>,
    /// Identifiers and texts of licences that the document brings.
    pub(crate) texts: Vec<(String, String)>,
}

impl Raw {
    /// Takes a relation in, whichever way round it is told.
    pub(crate) fn relate(&mut self, from: String, kind: Option<&str>, to: String) {
        let document = &mut self.document;
        match kind {
            Some("DESCRIBES") => self.described.push(to),
            Some("DESCRIBED_BY") => self.described.push(from),
            Some("DEPENDS_ON") => document.depends.push((from, to)),
            Some(
                "DEPENDENCY_OF"
                | "RUNTIME_DEPENDENCY_OF"
                | "BUILD_DEPENDENCY_OF"
                | "DEV_DEPENDENCY_OF"
                | "OPTIONAL_DEPENDENCY_OF"
                | "PROVIDED_DEPENDENCY_OF"
                | "TEST_DEPENDENCY_OF",
            ) => document.depends.push((to, from)),
            Some("CONTAINS") => document.contains.push((from, to)),
            Some("CONTAINED_BY") => document.contains.push((to, from)),
            _ => {}
        }
    }

    /// Names the subject, and puts texts in the place of the identifiers of licences.
    pub(crate) fn finish(mut self) -> Document {
        let document = &mut self.document;
        let described = |component: &Component| self.described.contains(&component.reference);
        // A document may describe each of its packages; then none is its subject.
        let mut found = document.components.iter().enumerate();
        let subject = found
            .by_ref()
            .find(|(_, one)| described(one) && one.kind == Kind::Container)
            .map(|(idx, _)| idx);
        let only = match self.described.as_slice() {
            [one] => document.components.iter().position(|c| c.reference == *one),
            _ => None,
        };
        if let Some(idx) = subject.or(only) {
            document.subject = Some(document.components.remove(idx));
        }
        let own: std::collections::BTreeMap<&str, &str> = self
            .texts
            .iter()
            .map(|(id, text)| (id.as_str(), text.as_str()))
            .collect();
        for component in &mut document.components {
            let stated: Vec<String> = component
                .properties_of("plimsoll:license")
                .map(str::to_owned)
                .collect();
            if !stated.is_empty() {
                component.licenses = stated;
            }
            for license in &mut component.licenses {
                if let Some(text) = own.get(license.as_str()) {
                    (*text).clone_into(license);
                }
            }
            if let Some(maker) = component.property("plimsoll:maker") {
                component.supplier = Some(maker.to_owned());
            }
        }
        self.document
    }
}

/// A value, unless it says that there is none.
pub(crate) fn stated(text: Option<String>) -> Option<String> {
    text.filter(|text| !matches!(text.as_str(), "" | "NOASSERTION" | "NONE"))
}

/// `Organization: Name (address)` without its first word.
pub(crate) fn who(text: Option<String>) -> Option<String> {
    let text = stated(text)?;
    let name = text
        .strip_prefix("Organization:")
        .or_else(|| text.strip_prefix("Person:"))
        .unwrap_or(&text);
    Some(name.trim().to_owned())
}

/// A statement of the form `name=value`, as we write it, or `name: value`, as others do.
pub(crate) fn property(comment: &str) -> Option<(String, String)> {
    let (name, value) = match comment.split_once('=') {
        Some((name, value)) if name.starts_with("plimsoll:") => (name, value),
        _ => comment.split_once(": ")?,
    };
    Some((name.trim().to_owned(), value.to_owned()))
}

/// The source package that Trivy names in the text on the source (`built package from: openssl 1.1.1n-0+deb11u3`), as
/// it says the same elsewhere.
pub(crate) fn source_info(text: &str) -> Option<[(String, String); 2]> {
    let (name, version) = text
        .strip_prefix("built package from: ")?
        .trim()
        .split_once(' ')?;
    let named = |key: &str, value: &str| (format!("aquasecurity:trivy:{key}"), value.to_owned());
    Some([named("SrcName", name), named("SrcVersion", version)])
}

pub(crate) fn purpose(word: Option<&str>) -> Kind {
    match word {
        Some("OPERATING-SYSTEM" | "OPERATING_SYSTEM") => Kind::System,
        Some("CONTAINER") => Kind::Container,
        Some("FILE" | "DEVICE") => Kind::Other,
        _ => Kind::Package,
    }
}

fn component(package: Package) -> Component {
    let mut out = Component {
        reference: package.id.unwrap_or_default(),
        kind: purpose(package.primary_package_purpose.as_deref()),
        name: package.name.unwrap_or_default(),
        version: package.version_info.unwrap_or_default(),
        supplier: who(package.supplier).or_else(|| who(package.originator)),
        description: package.description,
        ..Component::default()
    };
    let license = stated(package.license_declared).or_else(|| stated(package.license_concluded));
    out.licenses = license.into_iter().collect();
    for reference in package.external_refs.unwrap_or_default() {
        match (
            reference.reference_type.as_deref(),
            reference.reference_locator,
        ) {
            (Some("purl"), Some(locator)) => out.purl = locator,
            (Some("cpe23Type" | "cpe22Type" | "swid" | "swh"), Some(locator)) => {
                out.other_identity = Some(locator);
            }
            _ => {}
        }
    }
    let sums = package.checksums.unwrap_or_default().into_iter();
    out.hashes = sums
        .filter_map(|sum| Some((sum.algorithm?, sum.checksum_value?)))
        .collect();
    let notes = package.annotations.unwrap_or_default().into_iter();
    let notes = notes.filter_map(|note| note.comment);
    // Trivy of older versions says the same as texts of attribution.
    let notes = notes.chain(package.attribution_texts.unwrap_or_default());
    out.properties = notes.filter_map(|note| property(&note)).collect();
    let source = package.source_info.as_deref().and_then(source_info);
    out.properties.extend(source.into_iter().flatten());
    out.development = out.property("plimsoll:scope") == Some("development");
    out
}
