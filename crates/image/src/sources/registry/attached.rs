//! Bills of materials that a registry keeps beside an image.
//!
//! There are four customs, asked in this order:
//! - BuildKit's attestation manifests, entries of the image's own index
//!   (BuildKit, `docs/attestations/attestation-storage.md`);
//! - referrers (OCI distribution specification 1.1, "Listing Referrers"), with the tag `sha256-<digest>` for
//!   registries that do not know them;
//! - cosign's tag `sha256-<digest>.att` with signed statements;
//! - cosign's tag `sha256-<digest>.sbom` with plain documents.
//!
//! Whatever is found is proved against the digest that led to it. Who made it is not asked.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use plimsoll_model::image::Subject;
use plimsoll_model::{Digest, Problem, Stage};
use plimsoll_net::Answer;
use serde::Deserialize;

use super::session::{self, Actions, Session};
use super::{RegistrySource, Store, accepted};
use crate::error::ImageError;
use crate::manifest::prove;
use crate::media::MAX_DOCUMENT;
use crate::source::{Blob, BlobStore as _};

/// Most artefacts that are looked at.
const MOST: usize = 64;

/// Bytes of one document at most, and of all together.
const MOST_BYTES: u64 = 64 << 20;
const ALL_BYTES: u64 = 128 << 20;

/// A document that may be a bill of materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its bytes, proved.
    pub bytes: Vec<u8>,
    /// Where it was found, for people.
    pub place: String,
    /// The image or index beside which it was found.
    pub subject: Digest,
}

/// What is looked for beside an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Bills of materials.
    Bills,
    /// Statements on flaws: OpenVEX, CSAF, CycloneDX.
    Vex,
}

impl Sought {
    /// What the types of such predicates contain.
    fn predicates(self) -> &'static [&'static str] {
        match self {
            Self::Bills => &["cyclonedx.org/bom", "spdx.dev/Document", "syft.dev/bom"],
            Self::Vex => &["openvex.dev/ns", "cyclonedx.org/", "csaf"],
        }
    }

    /// What the media types of such documents contain.
    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Bills => &["cyclonedx", "spdx", "syft"],
            Self::Vex => &["vex", "csaf", "cyclonedx"],
        }
    }
}

/// What is read of indexes and manifests of artefacts.
#[derive(Deserialize, Default)]
struct Listing {
    manifests: Option<Vec<Entry>>,
    layers: Option<Vec<Entry>>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Entry {
    media_type: Option<String>,
    artifact_type: Option<String>,
    digest: Digest,
    size: u64,
    annotations: Option<BTreeMap<String, String>>,
}

impl Entry {
    fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(name).map(String::as_str)
    }

    /// Whether it may be what is sought, by what it says of itself: a document, or a statement that does not say
    /// that it is about something else.
    fn may_be(&self, sought: Sought) -> bool {
        let kinds = [self.artifact_type.as_deref(), self.media_type.as_deref()];
        let is = |word: &str| kinds.iter().flatten().any(|kind| kind.contains(word));
        let predicate = [
            "in-toto.io/predicate-type",
            "predicateType",
            "dev.sigstore.bundle.predicateType",
        ]
        .iter()
        .find_map(|name| self.annotation(name));
        if let Some(predicate) = predicate {
            let mut known = sought.predicates().iter();
            return known.any(|known| predicate.contains(known));
        }
        let wrapped = ["in-toto", "dsse", "sigstore.bundle"];
        sought.kinds().iter().chain(&wrapped).any(|word| is(word))
    }
}

impl RegistrySource {
    /// What may be documents of a kind about an image that was opened from this source, in the order of the
    /// customs, and what could not be read.
    pub fn attached(
        &self,
        image: &Subject,
        sought: Sought,
    ) -> Result<(Vec<Attached>, Vec<Problem>), ImageError> {
        let session = Arc::new(Session::open(&self.reference, &self.access, Actions::Pull)?);
        let mut search = Search {
            sought,
            store: Store(Arc::clone(&session)),
            session,
            found: Vec::new(),
            problems: Vec::new(),
            looked: 0,
            bytes: 0,
        };
        let subjects: Vec<Digest> = [&image.manifest_digest, &image.index_digest]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        if let (Some(index), Some(manifest)) = (&image.index_digest, &image.manifest_digest) {
            search.beside(index, manifest)?;
        }
        for subject in &subjects {
            search.referrers(subject)?;
        }
        for end in ["att", "sbom"] {
            for subject in &subjects {
                let tag = format!("{}.{end}", tag_of(subject));
                if let Some(listing) = search.listing(&tag)? {
                    search.layers(&listing, subject, &format!("tag `{tag}`"));
                }
            }
        }
        Ok((search.found, search.problems))
    }
}

/// The tag that stands for a digest, which may not have a colon.
fn tag_of(digest: &Digest) -> String {
    digest.as_str().replace(':', "-")
}

struct Search {
    sought: Sought,
    session: Arc<Session>,
    store: Store,
    found: Vec<Attached>,
    problems: Vec<Problem>,
    looked: usize,
    bytes: u64,
}

impl Search {
    /// An index or a manifest by tag or digest; `None` where the registry has none.
    fn listing(&self, name: &str) -> Result<Option<Listing>, ImageError> {
        self.document(&format!("manifests/{name}"), name.parse().ok().as_ref())
    }

    fn document(
        &self,
        target: &str,
        digest: Option<&Digest>,
    ) -> Result<Option<Listing>, ImageError> {
        let object = format!("`{target}` of `{}`", self.session.repository());
        let asked = self
            .session
            .get(target, &object, Answer::Document, &accepted());
        let response = match asked {
            Ok(response) => response,
            Err(ImageError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = response
            .bytes(MAX_DOCUMENT)
            .map_err(|error| session::translate(error, &object))?;
        if let Some(digest) = digest {
            prove(&bytes, digest, &object)?;
        }
        let listing = serde_json::from_slice(&bytes)
            .map_err(|error| ImageError::malformed(object, error.to_string()))?;
        Ok(Some(listing))
    }

    /// BuildKit's manifests for an image, in the same index.
    fn beside(&mut self, index: &Digest, image: &Digest) -> Result<(), ImageError> {
        let Some(listing) = self.listing(index.as_str())? else {
            return Ok(());
        };
        for entry in listing.manifests.unwrap_or_default() {
            let kind = entry.annotation("vnd.docker.reference.type");
            let about = entry.annotation("vnd.docker.reference.digest");
            if kind == Some("attestation-manifest") && about == Some(image.as_str()) {
                let place = format!("attestation manifest `{}`", entry.digest);
                self.artefact(&entry, image, &place)?;
            }
        }
        Ok(())
    }

    fn referrers(&mut self, subject: &Digest) -> Result<(), ImageError> {
        let listing = match self.document(&format!("referrers/{subject}"), None) {
            Ok(Some(listing)) => Some(listing),
            // Registries that do not know them answer with 404, and some with another error.
            Ok(None) | Err(ImageError::Malformed { .. } | ImageError::Unreachable { .. }) => {
                self.listing(&tag_of(subject))?
            }
            Err(error) => return Err(error),
        };
        for entry in listing.and_then(|list| list.manifests).unwrap_or_default() {
            if entry.may_be(self.sought) {
                let place = format!("referrer `{}`", entry.digest);
                self.artefact(&entry, subject, &place)?;
            }
        }
        Ok(())
    }

    fn artefact(&mut self, entry: &Entry, subject: &Digest, place: &str) -> Result<(), ImageError> {
        if let Some(listing) = self.listing(entry.digest.as_str())? {
            self.layers(&listing, subject, place);
        } else {
            let reason = "the registry lists it and does not have it";
            self.problem(place, reason);
        }
        Ok(())
    }

    fn layers(&mut self, listing: &Listing, subject: &Digest, place: &str) {
        for layer in listing.layers.iter().flatten() {
            if !layer.may_be(self.sought) {
                continue;
            }
            if self.looked >= MOST {
                return self.problem(place, "there are more documents than are looked at");
            }
            self.looked = self.looked.saturating_add(1);
            match self.blob(layer) {
                Ok(bytes) => self.found.push(Attached {
                    bytes,
                    place: place.to_owned(),
                    subject: subject.clone(),
                }),
                Err(error) => self.problem(place, &error.to_string()),
            }
        }
    }

    fn blob(&mut self, entry: &Entry) -> Result<Vec<u8>, ImageError> {
        let blob = Blob::Stored(entry.digest.clone());
        let object = self.store.describe(&blob);
        self.bytes = self.bytes.saturating_add(entry.size);
        if entry.size > MOST_BYTES || self.bytes > ALL_BYTES {
            let reason = format!("it has {} bytes, more than is read", entry.size);
            return Err(ImageError::over_limit(object, reason));
        }
        let mut bytes = Vec::new();
        self.store
            .open(&blob)?
            .take(entry.size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ImageError::io(&object, error))?;
        prove(&bytes, &entry.digest, &object)?;
        Ok(bytes)
    }

    fn problem(&mut self, place: &str, reason: &str) {
        self.problems
            .push(Problem::gap(Stage::Image, place, reason));
    }
}
