//! The way back: from a configuration to the manifest that names it.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_model::Digest;

use super::Resolver;
use crate::error::ImageError;
use crate::manifest::{Document, parse_document};
use crate::source::BlobStore;

/// A manifest that was looked for by its configuration.
pub(crate) struct ManifestOf {
    pub(crate) digest: Digest,
    pub(crate) index: Option<Digest>,
    pub(crate) raw: Vec<u8>,
    pub(crate) annotations: BTreeMap<String, String>,
}

/// Finds the manifest whose configuration has the digest `id` below an `index.json`.
pub(crate) fn manifest_of(
    store: Arc<dyn BlobStore>,
    index: &[u8],
    object: &str,
    id: &Digest,
) -> Result<Option<ManifestOf>, ImageError> {
    let Document::Index(index) = parse_document(index, "", object)? else {
        return Err(ImageError::malformed(object, "it is no index"));
    };
    let mut resolver = Resolver::new(store, object.to_owned());
    let annotations = index.annotations.clone();
    resolver.list(index, None, &annotations, 0)?;
    for candidate in std::mem::take(&mut resolver.candidates) {
        // Archives list platforms that they do not contain.
        let raw = match resolver.read_manifest(&candidate.descriptor) {
            Ok(raw) => raw,
            Err(ImageError::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        };
        if let Document::Manifest(manifest) =
            parse_document(&raw, &candidate.descriptor.media_type, object)?
            && manifest.config.digest == *id
        {
            let mut annotations = candidate.annotations;
            annotations.extend(manifest.annotations);
            return Ok(Some(ManifestOf {
                digest: candidate.descriptor.digest,
                index: candidate.index,
                raw,
                annotations,
            }));
        }
    }
    Ok(None)
}
