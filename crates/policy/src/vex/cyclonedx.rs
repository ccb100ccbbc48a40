//! VEX in CycloneDX: `vulnerabilities` that have an `analysis`.
//!
//! Source: the CycloneDX specification, 1.4 to 1.7. What a flaw affects is named by a reference to a component
//! of the document, by a package URL, or by a BOM-Link (`urn:cdx:serial/version#reference`), whose end is one of
//! both. Where the document is about an image, its statements are about that image alone; where it is about
//! something else, they are about that, and not about a package of the same name in an image. As in the other
//! formats, who says that a flaw does no harm must say why, though CycloneDX only recommends it.

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
    hashes: Vec<Hash>,
    #[serde(default)]
    components: Vec<Self>,
}

#[derive(Deserialize)]
struct Hash {
    alg: Option<String>,
    content: Option<String>,
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
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let (justification, detail) = (said(&analysis.justification), said(&analysis.detail));
        if state == TriageState::NotAffected && justification.is_empty() && detail.is_empty() {
            let reason = format!(
                "`{id}` is said not to do harm without saying why, so that it counts for nothing"
            );
            out.note(name, reason);
            continue;
        }
        let mut products = Vec::new();
        for target in &flaw.affects {
            if let Some(product) = product(target, &purls, about, image.as_ref()) {
                products.push(product);
                continue;
            }
            let reason = format!(
                "what `{id}` affects, `{}`, names no package URL, or names versions, or is part of something that is \
                 not known to be this image, so that it counts for nothing",
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
            justification,
            reason: detail,
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

/// The image that the document is about, if it is about one: by its package URL, by a digest as version, or by
/// its hash.
fn image(component: &Component) -> Option<ImageName> {
    let named = component.purl.as_deref().and_then(purl::parse);
    if let Some(named) = named {
        return (named.kind == "oci").then_some(ImageName::Oci(named));
    }
    let of_version = component.version.as_ref();
    let of_version = of_version.and_then(|version| version.parse().ok());
    let of_hash = component.hashes.iter().find_map(|hash| {
        let name = hash.alg.as_ref()?.to_ascii_lowercase().replace('-', "");
        format!("{name}:{}", hash.content.as_ref()?).parse().ok()
    });
    of_version.or(of_hash).map(ImageName::Digest)
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
    // A part of an application, or of an image that nothing names: other images may have a copy of their own.
    if about.is_some() && images.is_empty() && !is_whole {
        return None;
    }
    let decoded = decoded(reference);
    let whole = about.filter(|_| is_whole);
    let whole = whole.and_then(|about| about.purl.as_deref());
    let purl = whole.or_else(|| purls.get(reference).copied());
    let mut product = Product::of(purl.unwrap_or(&decoded))?;
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
