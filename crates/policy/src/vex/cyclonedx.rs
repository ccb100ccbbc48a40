//! VEX in CycloneDX: `vulnerabilities` that have an `analysis`.
//!
//! Source: the CycloneDX specification, 1.4 to 1.7. What a flaw affects is named by a reference to a component
//! of the document, by a package URL, or by a BOM-Link (`urn:cdx:serial/version#reference`), whose end is one of
//! both. Where the document is about an image, its statements are about that image alone.

use std::collections::BTreeMap;

use plimsoll_model::purl;
use plimsoll_model::triage::TriageState;
use serde::Deserialize;
use serde_json::Value;

use super::{ReadStatementsError, Statements, time};
use crate::statement::{Flaws, ImageName, Product, Scope, Statement};

#[derive(Deserialize)]
struct Document {
    metadata: Option<Metadata>,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Metadata {
    timestamp: Option<String>,
    #[serde(default)]
    authors: Vec<Named>,
    manufacturer: Option<Named>,
    supplier: Option<Named>,
    component: Option<Component>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Component {
    bom_ref: Option<String>,
    purl: Option<String>,
    version: Option<String>,
    #[serde(default)]
    components: Vec<Self>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: Option<String>,
    #[serde(default)]
    references: Vec<Reference>,
    updated: Option<String>,
    analysis: Option<Analysis>,
    #[serde(default)]
    affects: Vec<Target>,
}

#[derive(Deserialize)]
struct Reference {
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    state: Option<String>,
    justification: Option<String>,
    detail: Option<String>,
    last_updated: Option<String>,
    first_issued: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(rename = "ref")]
    reference: String,
    versions: Option<Vec<Value>>,
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Statements, ReadStatementsError> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| ReadStatementsError::new(name, &error))?;
    let purls = purls(&document.components);
    let metadata = document.metadata.as_ref();
    let about = metadata.and_then(|metadata| metadata.component.as_ref());
    let image = about.and_then(image);
    let by = metadata.map(who).unwrap_or_default();
    let mut out = Statements::default();
    for flaw in &document.vulnerabilities {
        let (Some(id), Some(analysis)) = (&flaw.id, &flaw.analysis) else {
            continue;
        };
        let state = match analysis.state.as_deref() {
            Some("not_affected" | "false_positive") => TriageState::NotAffected,
            Some("exploitable") => TriageState::Affected,
            Some("resolved" | "resolved_with_pedigree") => TriageState::Fixed,
            Some("in_triage") => TriageState::UnderInvestigation,
            other => {
                let other = other.unwrap_or_default();
                out.note(
                    name,
                    format!("the state `{other}` of `{id}` is none of CycloneDX"),
                );
                continue;
            }
        };
        let mut products = Vec::new();
        for target in &flaw.affects {
            if let Some(product) = product(target, &purls, about, image.as_ref()) {
                products.push(product);
                continue;
            }
            let reason = format!(
                "what `{id}` affects, `{}`, names no package URL, or names versions, so that it counts for nothing",
                target.reference
            );
            out.note(name, reason);
        }
        if products.is_empty() {
            continue;
        }
        let mut ids = vec![id.clone()];
        ids.extend(flaw.references.iter().filter_map(|other| other.id.clone()));
        let dates = [
            analysis.last_updated.as_ref(),
            analysis.first_issued.as_ref(),
            flaw.updated.as_ref(),
            metadata.and_then(|metadata| metadata.timestamp.as_ref()),
        ];
        out.rows.push(Statement {
            source: name.to_owned(),
            flaws: Flaws::Named(ids),
            scope: Scope::Products(products),
            state,
            justification: analysis.justification.clone().unwrap_or_default(),
            reason: analysis.detail.clone().unwrap_or_default(),
            by: by.clone(),
            made: dates.into_iter().find_map(time),
            ends: None,
        });
    }
    Ok(out)
}

/// Package URLs of components by their references, however deep they are nested.
fn purls(components: &[Component]) -> BTreeMap<&str, &str> {
    let mut out = BTreeMap::new();
    let mut todo: Vec<&Component> = components.iter().collect();
    while let Some(component) = todo.pop() {
        if let (Some(reference), Some(purl)) = (&component.bom_ref, &component.purl) {
            out.insert(reference.as_str(), purl.as_str());
        }
        todo.extend(&component.components);
    }
    out
}

/// The image that the document is about, if it is about one: by its package URL, or by a digest as version.
fn image(component: &Component) -> Option<ImageName> {
    let named = component.purl.as_deref().and_then(purl::parse);
    if let Some(named) = named.filter(|named| named.kind == "oci") {
        return Some(ImageName::Oci(named));
    }
    let digest = component.version.as_ref()?.parse().ok()?;
    Some(ImageName::Digest(digest))
}

fn product(
    target: &Target,
    purls: &BTreeMap<&str, &str>,
    about: Option<&Component>,
    image: Option<&ImageName>,
) -> Option<Product> {
    let reference = target.reference.as_str();
    // A reference into another document: what is behind the `#` names the component there.
    let reference = match reference.strip_prefix("urn:cdx:") {
        Some(link) => link.split_once('#')?.1,
        None => reference,
    };
    let images: Vec<ImageName> = image.cloned().into_iter().collect();
    let is_whole = about.is_some_and(|about| about.bom_ref.as_deref() == Some(reference));
    if is_whole && !images.is_empty() {
        return Some(Product {
            images,
            package: None,
        });
    }
    let decoded = decoded(reference);
    let purl = purls.get(reference).copied().unwrap_or(&decoded);
    let mut product = Product::of(purl)?;
    if let Some(package) = &mut product.package {
        // A version here is the one that is meant; a range, or several, we leave alone.
        match target.versions.as_deref() {
            None | Some([]) => {}
            Some([one]) => {
                let version = one.get("version").and_then(Value::as_str)?;
                if package.version.is_empty() {
                    version.clone_into(&mut package.version);
                } else if package.version != version {
                    return None;
                }
            }
            Some(_) => return None,
        }
        product.images = images;
    }
    Some(product)
}

/// Percent-decodes the end of a BOM-Link, in which a package URL is encoded as a whole.
fn decoded(text: &str) -> String {
    if !text.starts_with("pkg%3A") && !text.starts_with("pkg%3a") {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match (*first, byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (other, _) => {
                out.push(other);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn who(metadata: &Metadata) -> String {
    let parties = metadata.authors.iter().chain(&metadata.manufacturer);
    let mut parties = parties.chain(&metadata.supplier);
    let first = parties.find_map(|one| one.name.clone());
    first.unwrap_or_default()
}
