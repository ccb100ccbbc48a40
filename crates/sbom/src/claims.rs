//! What a document that lies in an image claims of it.

use plimsoll_model::ImagePath;
use plimsoll_model::fact::{Claim, EvidenceKind};
use plimsoll_model::purl;

use crate::facts::package;
use crate::{Component, Document};

/// The claims of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// Packages of known ecosystems with a version, in the order of the document.
    pub packages: Vec<Claim>,
    /// How many components are something else: without package URL or version, or of a type that is not
    /// known.
    pub unknown: usize,
}

/// Takes the packages out of a document, without the one that it is about.
#[must_use]
pub fn claims(document: &Document) -> Claims {
    let mut out = Claims::default();
    for component in &document.components {
        match package(component, None) {
            Ok(None) => {}
            Ok(Some(found)) if !found.fact.version.is_empty() => {
                let mut fact = found.fact;
                fact.evidence = EvidenceKind::Claimed;
                let os = fact.ecosystem.is_os();
                let parsed = purl::parse(&component.purl).filter(|_| os);
                out.packages.push(Claim {
                    package: fact,
                    distribution: parsed.map(|parsed| parsed.namespace).unwrap_or_default(),
                    places: places(component),
                });
            }
            Ok(Some(_)) | Err(_) => out.unknown = out.unknown.saturating_add(1),
        }
    }
    out
}

/// The paths that are whole: others are told from a folder that the document does not name.
fn places(component: &Component) -> Vec<ImagePath> {
    let listed = component.places.iter().map(String::as_str);
    let syft = component
        .properties
        .iter()
        .filter(|(name, _)| {
            let rest = name.strip_prefix("syft:location:");
            rest.is_some_and(|rest| rest.ends_with(":path"))
        })
        .map(|(_, path)| path.as_str());
    let mut out: Vec<ImagePath> = listed
        .chain(syft)
        .filter(|path| path.starts_with('/'))
        .map(ImagePath::new)
        .filter(|path| !path.as_str().is_empty())
        .collect();
    out.sort();
    out.dedup();
    out
}
