//! What is kept beside an image and may be signed: cosign's tags, and referrers.
//!
//! There are two customs, asked in this order:
//! - referrers (OCI distribution specification 1.1, "Listing Referrers"), with the tag `sha256-<digest>` for
//!   registries that do not know them: bundles of Sigstore, envelopes of the Notary Project;
//! - cosign's tags `sha256-<digest>.sig` and `.att` (sigstore/cosign, `specs/SIGNATURE_SPEC.md`).
//!
//! Every document is proved against the digest that led to it. Whether any of them is signed, and by whom, is not asked
//! here.

use std::collections::BTreeMap;

use plimsoll_model::Digest;
use plimsoll_model::image::Subject;
use serde::Deserialize;

use crate::error::ImageError;
use crate::manifest::{json_object, prove};

/// Most documents that are looked at.
pub const MOST: usize = 128;
/// Most bytes of one document, and of all together.
const MOST_BYTES: u64 = 16 << 20;
const ALL_BYTES: u64 = 64 << 20;
/// Most indexes below each other.
const MAX_DEPTH: usize = 4;

/// Media types of what is signed in itself.
const KINDS: [&str; 5] = [
    "application/vnd.dev.cosign.simplesigning.v1+json",
    "application/vnd.dsse.envelope.v1+json",
    "application/vnd.in-toto+dsse",
    "application/jose+json",
    "application/cose",
];
/// What those of bundles of Sigstore begin with.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
/// Parts of types of artefacts that hold such. Others are looked into last: what counts is what a layer says that it is,
/// and anybody may invent a type.
const ARTEFACTS: [&str; 5] = ["sigstore", "cosign", "notary", "dsse", "in-toto"];

/// A document that may be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDocument {
    /// Where it was found, for people.
    pub place: String,
    /// What it is about, as a place in [`Beside::subjects`].
    pub about: usize,
    /// What it says that it is.
    pub media_type: String,
    /// What the manifest that lists it says of it.
    pub annotations: BTreeMap<String, String>,
    /// Its bytes, proved.
    pub bytes: Vec<u8>,
}

/// What is kept beside an image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// The digest of the image's manifest and its bytes, proved; then those of the index that led there, if one did and
    /// it lists the manifest.
    pub subjects: Vec<(Digest, Vec<u8>)>,
    /// What may be signed, in the order of the customs.
    pub found: Vec<SignedDocument>,
    /// What was not looked at, and why.
    pub missed: Vec<String>,
}

/// Where documents are: a registry's repository, or a layout on disk.
pub(crate) trait Shelf {
    /// A manifest or an index by its digest, not proved; `None` where there is none.
    fn manifest(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError>;

    /// Manifests by a tag, not proved.
    fn tagged(&self, tag: &str) -> Result<Vec<Vec<u8>>, ImageError>;

    /// What refers to a digest, and whether that is all.
    fn referrers(&self, subject: &Digest) -> Result<(Vec<Entry>, Whole), ImageError>;

    /// A blob of at most `size` bytes, not proved.
    fn blob(&self, digest: &Digest, size: u64) -> Result<Vec<u8>, ImageError>;

    /// How errors call a document.
    fn describe(&self, digest: &Digest) -> String;
}

/// Whether a list is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// It is.
    Yes,
    /// It goes on where nobody looked.
    No,
}

/// What is read of indexes and manifests of artefacts.
#[derive(Debug, Deserialize, Default)]
pub(crate) struct Listing {
    pub(crate) manifests: Option<Vec<Entry>>,
    layers: Option<Vec<Entry>>,
    pub(crate) subject: Option<Entry>,
}

/// An entry of such a list.
#[derive(Debug, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    media_type: Option<String>,
    artifact_type: Option<String>,
    pub(crate) digest: Digest,
    size: u64,
    annotations: Option<BTreeMap<String, String>>,
}

impl Listing {
    pub(crate) fn parse(bytes: &[u8], object: &str) -> Result<Self, ImageError> {
        json_object(bytes, object)
    }
}

impl Entry {
    /// An entry of which nothing but its digest is known.
    pub(crate) fn of(digest: Digest) -> Self {
        Self {
            media_type: None,
            artifact_type: None,
            digest,
            size: 0,
            annotations: None,
        }
    }

    fn is_signed(&self) -> bool {
        let kind = self.media_type.as_deref().unwrap_or_default();
        KINDS.contains(&kind) || kind.starts_with(BUNDLE)
    }

    /// Whether it may hold something that is signed, by what it says of itself.
    fn may_hold(&self) -> bool {
        let kind = self.artifact_type.as_deref().unwrap_or_default();
        kind.is_empty() || ARTEFACTS.iter().any(|part| kind.contains(part))
    }
}

/// Gathers what is kept beside an image that was opened from the same place.
pub(crate) fn gather(shelf: &dyn Shelf, image: &Subject) -> Result<Beside, ImageError> {
    let mut search = Search {
        shelf,
        beside: Beside::default(),
        looked: 0,
        bytes: 0,
        seen: Vec::new(),
        last: None,
    };
    let Some(manifest) = &image.manifest_digest else {
        return Ok(search.beside);
    };
    search.subject(manifest)?;
    if let Some(index) = &image.index_digest {
        search.subject(index)?;
        // A signature of an index is one of the image only if the index leads to it.
        let lists = match search.beside.subjects.get(1) {
            Some((digest, bytes)) => search.leads(bytes, digest, manifest, 0)?,
            None => false,
        };
        if !lists {
            search.beside.subjects.truncate(1);
            let reason = format!("the index {index} does not list the image");
            search.beside.missed.push(reason);
        }
    }
    let subjects: Vec<Digest> = search
        .beside
        .subjects
        .iter()
        .map(|(digest, _)| digest.clone())
        .collect();
    for (about, subject) in subjects.iter().enumerate() {
        search.referrers(about, subject)?;
    }
    for end in ["sig", "att"] {
        for (about, subject) in subjects.iter().enumerate() {
            let tag = format!("{}.{end}", tag_of(subject));
            for bytes in search.shelf.tagged(&tag)? {
                let listing = Listing::parse(&bytes, &format!("`{tag}`"))?;
                search.layers(&listing, about, &format!("tag `{tag}`"));
            }
        }
    }
    Ok(search.beside)
}

/// The tag that stands for a digest, which may not have a colon.
pub(crate) fn tag_of(digest: &Digest) -> String {
    digest.as_str().replace(':', "-")
}

struct Search<'a> {
    shelf: &'a dyn Shelf,
    beside: Beside,
    looked: usize,
    bytes: u64,
    /// Documents that were looked at, and what for.
    seen: Vec<(Digest, usize)>,
    /// The last document: signatures of one payload list it one after the other.
    last: Option<(Digest, Vec<u8>)>,
}

impl Search<'_> {
    fn proved(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError> {
        let Some(bytes) = self.shelf.manifest(digest)? else {
            return Ok(None);
        };
        prove(&bytes, digest, &self.shelf.describe(digest))?;
        Ok(Some(bytes))
    }

    fn subject(&mut self, digest: &Digest) -> Result<(), ImageError> {
        let Some(bytes) = self.proved(digest)? else {
            let object = self.shelf.describe(digest);
            return Err(ImageError::not_found(object, "it was there before"));
        };
        self.beside.subjects.push((digest.clone(), bytes));
        Ok(())
    }

    /// Whether an index lists a manifest, itself or by an index that it lists.
    fn leads(
        &self,
        index: &[u8],
        name: &Digest,
        manifest: &Digest,
        depth: usize,
    ) -> Result<bool, ImageError> {
        let listing = Listing::parse(index, &self.shelf.describe(name))?;
        let entries = listing.manifests.unwrap_or_default();
        if entries.iter().any(|entry| entry.digest == *manifest) {
            return Ok(true);
        }
        let is_index = |entry: &&Entry| {
            entry
                .media_type
                .as_deref()
                .is_some_and(|kind| kind.contains("index") || kind.contains("list"))
        };
        for entry in entries.iter().filter(is_index).take(MOST) {
            if depth < MAX_DEPTH
                && let Some(bytes) = self.proved(&entry.digest)?
                && self.leads(&bytes, &entry.digest, manifest, depth.saturating_add(1))?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn referrers(&mut self, about: usize, subject: &Digest) -> Result<(), ImageError> {
        let (entries, whole) = self.shelf.referrers(subject)?;
        if whole == Whole::No {
            let reason = format!("the list of what refers to {subject} goes on");
            self.beside.missed.push(reason);
        }
        let (named, others): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.may_hold());
        for entry in named.into_iter().chain(others) {
            let place = format!("referrer `{}`", entry.digest);
            if !self.may_look() {
                break;
            }
            match self.proved(&entry.digest) {
                Ok(Some(bytes)) => match Listing::parse(&bytes, &place) {
                    Ok(listing) => self.layers(&listing, about, &place),
                    Err(error) => self.miss(error.to_string()),
                },
                Ok(None) => self.miss(format!("{place}: it is listed and not there")),
                Err(error) => self.miss(error.to_string()),
            }
        }
        Ok(())
    }

    fn layers(&mut self, listing: &Listing, about: usize, place: &str) {
        for layer in listing.layers.iter().flatten() {
            if !layer.is_signed() || self.is_seen(layer, about) {
                continue;
            }
            if !self.may_look() {
                return;
            }
            match self.blob(layer) {
                Ok(bytes) => self.beside.found.push(SignedDocument {
                    place: place.to_owned(),
                    about,
                    media_type: layer.media_type.clone().unwrap_or_default(),
                    annotations: layer.annotations.clone().unwrap_or_default(),
                    bytes,
                }),
                Err(error) => self.miss(error.to_string()),
            }
        }
    }

    /// The same payload is listed once for each of its signatures, which are annotations; anything else is looked at
    /// once.
    fn is_seen(&mut self, layer: &Entry, about: usize) -> bool {
        if layer
            .annotations
            .as_ref()
            .is_some_and(|all| !all.is_empty())
        {
            return false;
        }
        let key = (layer.digest.clone(), about);
        let is_seen = self.seen.contains(&key);
        if !is_seen {
            self.seen.push(key);
        }
        is_seen
    }

    fn may_look(&mut self) -> bool {
        self.looked = self.looked.saturating_add(1);
        if self.looked > MOST {
            self.miss(format!(
                "there are more documents than the {MOST} that are looked at"
            ));
            return false;
        }
        true
    }

    fn blob(&mut self, entry: &Entry) -> Result<Vec<u8>, ImageError> {
        if let Some((digest, bytes)) = &self.last
            && *digest == entry.digest
        {
            return Ok(bytes.clone());
        }
        let object = self.shelf.describe(&entry.digest);
        self.bytes = self.bytes.saturating_add(entry.size);
        if entry.size > MOST_BYTES || self.bytes > ALL_BYTES {
            let reason = format!("it has {} bytes, more than is read", entry.size);
            return Err(ImageError::over_limit(object, reason));
        }
        let bytes = self.shelf.blob(&entry.digest, entry.size)?;
        prove(&bytes, &entry.digest, &object)?;
        self.last = Some((entry.digest.clone(), bytes.clone()));
        Ok(bytes)
    }

    fn miss(&mut self, reason: String) {
        if !self.beside.missed.contains(&reason) {
            self.beside.missed.push(reason);
        }
    }
}
