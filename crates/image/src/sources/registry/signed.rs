//! A registry's repository as a shelf of what may be signed.

use std::io::Read as _;

use plimsoll_model::Digest;
use plimsoll_net::Answer;

use super::session::{self, Session};
use super::{Store, accepted};
use crate::error::ImageError;
use crate::media::MAX_DOCUMENT;
use crate::signed::{Entry, Listing, Shelf, Whole, tag_of};
use crate::source::{Blob, BlobStore as _};

/// The documents of one repository.
pub(super) struct Repository<'a> {
    pub(super) session: &'a Session,
    pub(super) store: &'a Store,
}

impl Repository<'_> {
    /// A document and whether there is more of it; `None` where the registry has none.
    fn document(&self, target: &str) -> Result<Option<(Vec<u8>, Whole)>, ImageError> {
        let object = format!("`{target}` of `{}`", self.session.repository());
        let asked = self
            .session
            .get(target, &object, Answer::Document, &accepted());
        let response = match asked {
            Ok(response) => response,
            Err(ImageError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        // A list may go on in another document (OCI distribution specification 1.1, "Listing Referrers").
        let whole = match response.headers.get("link") {
            Some(link) if link.contains("next") => Whole::No,
            _ => Whole::Yes,
        };
        let bytes = response
            .bytes(MAX_DOCUMENT)
            .map_err(|error| session::translate(error, &object))?;
        Ok(Some((bytes, whole)))
    }
}

impl Shelf for Repository<'_> {
    fn manifest(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError> {
        let found = self.document(&format!("manifests/{digest}"))?;
        Ok(found.map(|(bytes, _)| bytes))
    }

    fn tagged(&self, tag: &str) -> Result<Vec<Vec<u8>>, ImageError> {
        let found = self.document(&format!("manifests/{tag}"))?;
        Ok(found.map(|(bytes, _)| bytes).into_iter().collect())
    }

    fn referrers(&self, subject: &Digest) -> Result<(Vec<Entry>, Whole), ImageError> {
        let target = format!("referrers/{subject}");
        let (name, found) = match self.document(&target) {
            Ok(Some(found)) => (target, Some(found)),
            // Registries that do not know them answer with 404, and some with another error.
            Ok(None) | Err(ImageError::Malformed { .. } | ImageError::Unreachable { .. }) => {
                let target = format!("manifests/{}", tag_of(subject));
                let found = self.document(&target)?;
                (target, found)
            }
            Err(error) => return Err(error),
        };
        let Some((bytes, whole)) = found else {
            return Ok((Vec::new(), Whole::Yes));
        };
        let object = format!("`{name}` of `{}`", self.session.repository());
        let listing = Listing::parse(&bytes, &object)?;
        Ok((listing.manifests.unwrap_or_default(), whole))
    }

    fn blob(&self, digest: &Digest, size: u64) -> Result<Vec<u8>, ImageError> {
        let blob = Blob::Stored(digest.clone());
        let object = self.store.describe(&blob);
        let mut bytes = Vec::new();
        self.store
            .open(&blob)?
            .take(size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ImageError::io(&object, error))?;
        Ok(bytes)
    }

    fn describe(&self, digest: &Digest) -> String {
        self.store.describe(&Blob::Stored(digest.clone()))
    }
}
