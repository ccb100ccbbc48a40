//! A layout on disk as a shelf of what may be signed: `skopeo` and `oras` give tags the names that registries know,
//! and `cosign save` marks its entries.

use std::io::Read as _;

use plimsoll_model::Digest;

use super::{Files, INDEX, blob_path};
use crate::error::ImageError;
use crate::manifest::{Descriptor, Document, parse_document};
use crate::signed::{Entry, Listing, Shelf, Whole};

/// Most entries of `index.json` that are looked into.
const MOST: usize = 256;
/// How `cosign save` marks signatures and attestations.
const KIND: &str = "kind";
const SIGNATURES: &str = "dev.cosignproject.cosign/sigs";
const ATTESTATIONS: &str = "dev.cosignproject.cosign/atts";

/// The documents of a layout.
pub(crate) struct Layout<'a> {
    files: &'a dyn Files,
    entries: Vec<Descriptor>,
}

impl<'a> Layout<'a> {
    pub(crate) fn open(files: &'a dyn Files) -> Result<Self, ImageError> {
        let object = files.describe(INDEX);
        let bytes = files.read(INDEX)?;
        match parse_document(&bytes, "", &object)? {
            Document::Index(index) => Ok(Self {
                files,
                entries: index.manifests,
            }),
            Document::Manifest(_) => Err(ImageError::malformed(object, "it is no index")),
        }
    }
}

impl Shelf for Layout<'_> {
    fn manifest(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError> {
        match self.files.read(&blob_path(digest)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ImageError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn tagged(&self, tag: &str) -> Result<Vec<Vec<u8>>, ImageError> {
        let kind = match tag.rsplit_once('.') {
            Some((_, "sig")) => Some(SIGNATURES),
            Some((_, "att")) => Some(ATTESTATIONS),
            _ => None,
        };
        let is_tag = |name: &str| name == tag || name.ends_with(&format!(":{tag}"));
        let mut found = Vec::new();
        for entry in &self.entries {
            let own = entry.annotations.get(KIND).map(String::as_str);
            if (entry.names().any(is_tag) || (kind.is_some() && own == kind))
                && let Some(bytes) = self.manifest(&entry.digest)?
            {
                crate::manifest::prove(&bytes, &entry.digest, &self.describe(&entry.digest))?;
                found.push(bytes);
            }
        }
        Ok(found)
    }

    fn referrers(&self, subject: &Digest) -> Result<(Vec<Entry>, Whole), ImageError> {
        let mut found = Vec::new();
        for entry in self.entries.iter().take(MOST) {
            let Some(bytes) = self.manifest(&entry.digest)? else {
                continue;
            };
            let listing = Listing::parse(&bytes, &self.describe(&entry.digest))?;
            let about = listing.subject.map(|one| one.digest);
            if about.as_ref() == Some(subject) {
                found.push(Entry::of(entry.digest.clone()));
            }
        }
        let whole = if self.entries.len() > MOST {
            Whole::No
        } else {
            Whole::Yes
        };
        Ok((found, whole))
    }

    fn blob(&self, digest: &Digest, size: u64) -> Result<Vec<u8>, ImageError> {
        let name = blob_path(digest);
        let mut bytes = Vec::new();
        self.files
            .open(&name)?
            .take(size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ImageError::io(self.files.describe(&name), error))?;
        Ok(bytes)
    }

    fn describe(&self, digest: &Digest) -> String {
        self.files.describe(&blob_path(digest))
    }
}
