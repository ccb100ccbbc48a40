//! CSAF documents: a tree of products, and for each flaw what is said of which of them.
//!
//! Source: the OASIS standard "Common Security Advisory Framework" 2.0, sections 3.2.1 to 3.2.3. A product of a
//! statement is mostly a component in a product, told by `relationships`, of which there may be several links: a
//! package in a module in a repository.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::document::Document;
use super::erratum;
use crate::FeedError;
use crate::advisory::Advisory;
use crate::rating::Rating;

/// The longest way from a component to its product.
const LINKS: usize = 8;

/// The most references and ratings of one flaw that are looked at; real documents have some ten.
const REFERENCES: usize = 64;

/// A document.
#[derive(Deserialize)]
pub(super) struct Csaf<'a> {
    #[serde(borrow)]
    pub(super) document: About<'a>,
    #[serde(borrow, default)]
    product_tree: Tree<'a>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: Vec<Flaw<'a>>,
}

#[derive(Deserialize)]
pub(super) struct About<'a> {
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) tracking: Tracking<'a>,
    #[serde(borrow)]
    aggregate_severity: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Tracking<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow, default)]
    initial_release_date: Cow<'a, str>,
    #[serde(borrow, default)]
    current_release_date: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Text<'a> {
    #[serde(borrow, default)]
    text: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
struct Tree<'a> {
    #[serde(borrow, default)]
    branches: Vec<Branch<'a>>,
    #[serde(borrow, default)]
    full_product_names: Vec<Product<'a>>,
    #[serde(borrow, default)]
    relationships: Vec<Relationship<'a>>,
}

#[derive(Deserialize)]
struct Branch<'a> {
    #[serde(borrow, default)]
    branches: Vec<Branch<'a>>,
    #[serde(borrow)]
    product: Option<Product<'a>>,
}

#[derive(Deserialize)]
struct Product<'a> {
    #[serde(borrow)]
    product_id: Cow<'a, str>,
    #[serde(borrow, default)]
    product_identification_helper: Helper<'a>,
}

#[derive(Deserialize, Default)]
struct Helper<'a> {
    #[serde(borrow)]
    cpe: Option<Cow<'a, str>>,
    #[serde(borrow)]
    purl: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow)]
    full_product_name: FullName<'a>,
    #[serde(borrow)]
    product_reference: Cow<'a, str>,
    #[serde(borrow)]
    relates_to_product_reference: Cow<'a, str>,
}

#[derive(Deserialize)]
struct FullName<'a> {
    #[serde(borrow)]
    product_id: Cow<'a, str>,
}

/// What is said of one flaw.
#[derive(Deserialize)]
pub(super) struct Flaw<'a> {
    #[serde(borrow)]
    pub(super) cve: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow, default)]
    notes: Vec<Note<'a>>,
    #[serde(borrow, default)]
    pub(super) product_status: Statuses<'a>,
    #[serde(borrow, default)]
    pub(super) remediations: Vec<Remediation<'a>>,
    #[serde(borrow, default)]
    pub(super) threats: Vec<Threat<'a>>,
    #[serde(borrow, default)]
    scores: Vec<Score<'a>>,
    #[serde(borrow, default)]
    references: Vec<Reference<'a>>,
}

#[derive(Deserialize)]
struct Note<'a> {
    #[serde(borrow, default)]
    category: Cow<'a, str>,
    #[serde(borrow, default)]
    text: Cow<'a, str>,
}

/// Ids of products by what is said of them.
#[derive(Deserialize, Default)]
pub(super) struct Statuses<'a> {
    #[serde(borrow, default)]
    pub(super) fixed: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) first_fixed: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) known_affected: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) known_not_affected: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) under_investigation: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Remediation<'a> {
    #[serde(borrow, default)]
    pub(super) category: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) details: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) product_ids: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Threat<'a> {
    #[serde(borrow, default)]
    pub(super) category: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) details: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) product_ids: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Score<'a> {
    #[serde(borrow, rename = "cvss_v2")]
    v2: Option<Vector<'a>>,
    #[serde(borrow, rename = "cvss_v3")]
    v3: Option<Vector<'a>>,
    #[serde(borrow, rename = "cvss_v4")]
    v4: Option<Vector<'a>>,
}

#[derive(Deserialize)]
struct Vector<'a> {
    #[serde(borrow, rename = "vectorString", default)]
    vector: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, default)]
    url: Cow<'a, str>,
}

/// A component in a product, as far as the tree tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'c> {
    /// Id of the component, and its package URL.
    pub(super) component: &'c str,
    pub(super) purl: Option<&'c str>,
    /// Id of what it is directly in, and that one's package URL, where there is a link between it and the product.
    pub(super) between: Option<(&'c str, Option<&'c str>)>,
    /// Id of the product, and its CPE.
    pub(super) product: &'c str,
    pub(super) cpe: Option<&'c str>,
}

/// The products of a document by their ids.
pub(super) struct Products<'c> {
    products: HashMap<&'c str, (Option<&'c str>, Option<&'c str>)>,
    relations: HashMap<&'c str, (&'c str, &'c str)>,
}

impl<'a> Csaf<'a> {
    /// Reads a document.
    pub(super) fn read(bytes: &'a [u8], document: &Document<'_>) -> Result<Self, FeedError> {
        serde_json::from_slice(bytes).map_err(|source| document.json(source))
    }

    pub(super) fn products(&self) -> Products<'_> {
        let mut products = HashMap::new();
        let mut pending: Vec<&Branch<'_>> = self.product_tree.branches.iter().collect();
        let mut all: Vec<&Product<'_>> = self.product_tree.full_product_names.iter().collect();
        while let Some(branch) = pending.pop() {
            all.extend(&branch.product);
            pending.extend(&branch.branches);
        }
        for product in all {
            let helper = &product.product_identification_helper;
            products.insert(
                product.product_id.as_ref(),
                (helper.cpe.as_deref(), helper.purl.as_deref()),
            );
        }
        let relations = self.product_tree.relationships.iter().map(|relation| {
            (
                relation.full_product_name.product_id.as_ref(),
                (
                    relation.product_reference.as_ref(),
                    relation.relates_to_product_reference.as_ref(),
                ),
            )
        });
        Products {
            products,
            relations: relations.collect(),
        }
    }

    /// What the document says of a flaw apart from products.
    pub(super) fn advisory(&self, flaw: &Flaw<'_>) -> Advisory {
        let tracking = &self.document.tracking;
        let severity = self.document.aggregate_severity.as_ref();
        let note = |category: &str| {
            let found = flaw.notes.iter().find(|note| note.category == category);
            found.map_or("", |note| note.text.as_ref())
        };
        let mut ratings = Vec::new();
        for score in flaw.scores.iter().take(REFERENCES) {
            for vector in [&score.v4, &score.v3, &score.v2].into_iter().flatten() {
                match Rating::from_vector(&vector.vector) {
                    Ok(rating) if !ratings.contains(&rating) => ratings.push(rating),
                    _ => {}
                }
            }
        }
        let errata = flaw
            .remediations
            .iter()
            .filter(|one| one.category == "vendor_fix");
        let errata = errata.filter_map(|one| one.url.as_deref());
        let others = flaw
            .references
            .iter()
            .map(|reference| reference.url.as_ref());
        let mut seen = BTreeSet::new();
        let references = errata.chain(others).filter(|address| seen.insert(*address));
        let references = references.take(REFERENCES).map(str::to_owned).collect();
        let title = [flaw.title.as_ref(), self.document.title.as_ref()];
        Advisory {
            record: tracking.id.to_string(),
            id: flaw.cve.as_deref().unwrap_or(&tracking.id).to_owned(),
            ratings,
            word: severity
                .and_then(|severity| plimsoll_model::Severity::from_word(severity.text.trim())),
            title: title
                .iter()
                .find(|title| !title.is_empty())
                .unwrap_or(&"")
                .to_string(),
            description: note("description").to_owned(),
            references,
            published: erratum::date(&tracking.initial_release_date),
            modified: erratum::date(&tracking.current_release_date),
            ..Advisory::default()
        }
    }
}

impl<'c> Products<'c> {
    /// What an id of a statement means; `None` for products without a component, and for ids that the tree lacks.
    pub(super) fn place(&self, id: &str) -> Option<Place<'c>> {
        let (mut component, mut parent) = *self.relations.get(id)?;
        let mut between = None;
        for _ in 0..LINKS {
            let Some((above, next)) = self.relations.get(parent) else {
                break;
            };
            between = Some((*above, self.purl(above)));
            parent = next;
            // The component may be a relation itself.
            if let Some((inner, _)) = self.relations.get(component) {
                component = inner;
            }
        }
        Some(Place {
            component,
            purl: self.purl(component),
            between,
            product: parent,
            cpe: self.products.get(parent).and_then(|(cpe, _)| *cpe),
        })
    }

    fn purl(&self, id: &str) -> Option<&'c str> {
        self.products.get(id).and_then(|(_, purl)| *purl)
    }
}

/// An rpm package as a package URL tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RpmPurl {
    pub(super) name: String,
    /// `epoch:version-release`; `None` where the component is meant in whatever version.
    pub(super) version: Option<String>,
    pub(super) architecture: Option<String>,
    /// `name:stream`.
    pub(super) module: Option<String>,
}

impl RpmPurl {
    /// Reads `pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=ppc64le&epoch=1` (purl specification, type `rpm`).
    pub(super) fn read(purl: &str) -> Option<Self> {
        let rest = purl.strip_prefix("pkg:rpm/")?;
        let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let path = path.rsplit('/').next().unwrap_or(path);
        let (name, version) = match path.split_once('@') {
            Some((name, version)) => (name, Some(decoded(version))),
            None => (path, None),
        };
        let qualifier = |wanted: &str| {
            let pairs = qualifiers
                .split('&')
                .filter_map(|pair| pair.split_once('='));
            pairs
                .filter(|(name, value)| *name == wanted && !value.is_empty())
                .map(|(_, value)| decoded(value))
                .next()
        };
        let epoch = qualifier("epoch").filter(|epoch| epoch != "0");
        let version = version.map(|version| match epoch {
            Some(epoch) => format!("{epoch}:{version}"),
            None => version,
        });
        Some(Self {
            name: decoded(name),
            version,
            architecture: qualifier("arch"),
            module: qualifier("rpmmod").map(|module| stream(&module)),
        })
        .filter(|purl| !purl.name.is_empty())
    }
}

/// Name and stream of `postgresql:12:8100020240814102525:489197e6`.
pub(super) fn stream(module: &str) -> String {
    module.split(':').take(2).collect::<Vec<_>>().join(":")
}

/// A text with its percent-encoded bytes in place.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = byte {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_are_read() {
        let purl = "pkg:rpm/redhat/perl-FCGI@0.78-11.module%2Bel8.6.0%2B23193%2B83e23a7a.1?arch=src&epoch=1&rpmmod=perl-FCGI:0.78:8060020250604201935:513b2a65";
        let read = RpmPurl::read(purl).expect("it is one");
        assert_eq!(read.name, "perl-FCGI");
        assert_eq!(
            read.version.as_deref(),
            Some("1:0.78-11.module+el8.6.0+23193+83e23a7a.1")
        );
        assert_eq!(read.architecture.as_deref(), Some("src"));
        assert_eq!(read.module.as_deref(), Some("perl-FCGI:0.78"));
        let bare = RpmPurl::read("pkg:rpm/redhat/libssh").expect("it is one");
        assert_eq!((bare.name.as_str(), bare.version), ("libssh", None));
        assert_eq!(RpmPurl::read("pkg:oci/rhel9"), None);
        assert_eq!(decoded("a%2Bb%zz%"), "a+b%zz%");
    }
}
