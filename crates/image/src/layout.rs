//! OCI image layouts (OCI image specification, `image-layout.md`), in a directory or in an archive.

pub(crate) mod signed;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use plimsoll_model::Digest;
use plimsoll_model::image::{Platform, SourceKind};
use serde::Deserialize;

use crate::error::ImageError;
use crate::manifest::{Descriptor, Document, Index, json_object, parse_document};
use crate::media::MAX_DOCUMENT;
use crate::reference::{Reference, Selector};
use crate::resolve::{Request, Resolver};
use crate::source::{Blob, BlobStore, Image};

/// The file that marks a layout.
pub(crate) const MARKER: &str = "oci-layout";
/// The file that lists its images.
pub(crate) const INDEX: &str = "index.json";

/// Files with names: a directory or an archive.
pub(crate) trait Files: fmt::Debug + Send + Sync {
    /// Opens a regular file by its path from the root; it cannot lead out of there.
    fn open(&self, name: &str) -> Result<Box<dyn Read + Send>, ImageError>;

    /// The path of the whole, as the user gave it.
    fn name(&self) -> &str;

    /// How errors call the whole.
    fn object(&self) -> String {
        format!("`{}`", self.name())
    }

    /// How errors call a file.
    fn describe(&self, name: &str) -> String {
        format!("`{name}` in {}", self.object())
    }

    /// Reads a document whole, under the limit for documents.
    fn read(&self, name: &str) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        self.open(name)?
            .take(MAX_DOCUMENT.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ImageError::io(self.describe(name), error))?;
        if bytes.len() as u64 > MAX_DOCUMENT {
            let reason = format!("it has more than {MAX_DOCUMENT} bytes");
            return Err(ImageError::over_limit(self.describe(name), reason));
        }
        Ok(bytes)
    }
}

/// The blobs of a layout.
#[derive(Debug)]
pub(crate) struct LayoutStore<F>(pub(crate) Arc<F>);

/// Where the blob with this digest is.
pub(crate) fn blob_path(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm().name(), digest.hex())
}

impl<F: Files> BlobStore for LayoutStore<F> {
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError> {
        match blob {
            Blob::Stored(digest) | Blob::Content(digest) => self.0.open(&blob_path(digest)),
        }
    }

    fn describe(&self, blob: &Blob) -> String {
        match blob {
            Blob::Stored(digest) | Blob::Content(digest) => self.0.describe(&blob_path(digest)),
        }
    }
}

/// Opens the selected image of a layout.
pub(crate) fn open_layout<F: Files + 'static>(
    files: Arc<F>,
    requested: &str,
    source: SourceKind,
    selector: Option<&Selector>,
    wanted: Option<&Platform>,
) -> Result<Image, ImageError> {
    check_marker(files.as_ref())?;
    let object = files.describe(INDEX);
    let bytes = files.read(INDEX)?;
    let Document::Index(index) = parse_document(&bytes, "", &object)? else {
        return Err(ImageError::malformed(object, "it is no index"));
    };
    let chosen = select(&index.manifests, selector, &object)?;
    let name = chosen
        .iter()
        .find_map(|descriptor| descriptor.names().next());
    let (repository, tag) = name.map_or((None, None), split_name);
    let request = Request {
        requested: requested.to_owned(),
        source,
        repository,
        tag,
        pinned: match selector {
            Some(Selector::Digest(digest)) => Some(digest.clone()),
            _ => None,
        },
    };
    let annotations = index.annotations.clone();
    let list = Index {
        manifests: chosen,
        annotations: BTreeMap::new(),
    };
    let store: Arc<dyn BlobStore> = Arc::new(LayoutStore(files));
    let mut resolver = Resolver::new(store, object);
    resolver.list(list, None, &annotations, 0)?;
    resolver.open(request, wanted)
}

/// Reads `oci-layout`; another version than 1.0.0 may mean anything.
fn check_marker(files: &dyn Files) -> Result<(), ImageError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Marker {
        image_layout_version: String,
    }
    let object = files.describe(MARKER);
    let bytes = files.read(MARKER)?;
    let marker: Marker = json_object(&bytes, &object)?;
    if marker.image_layout_version.starts_with("1.") {
        return Ok(());
    }
    let version: String = marker.image_layout_version.chars().take(40).collect();
    Err(ImageError::unsupported(
        object,
        format!("its layout version is `{version}`, not 1.x"),
    ))
}

/// The entries of `index.json` that are one image: the selected ones, or all where none bears another name
/// than the rest (they are then platforms of one image).
fn select(
    entries: &[Descriptor],
    selector: Option<&Selector>,
    object: &str,
) -> Result<Vec<Descriptor>, ImageError> {
    let images: Vec<&Descriptor> = entries
        .iter()
        .filter(|entry| !entry.is_attestation())
        .collect();
    let choices = || {
        let choices = images.iter().map(|entry| {
            entry
                .names()
                .next()
                .map_or_else(|| entry.digest.to_string(), str::to_owned)
        });
        let mut choices: Vec<String> = choices.collect();
        choices.sort();
        choices.dedup();
        choices
    };
    let Some(selector) = selector else {
        let choices = choices();
        let mut names: Vec<_> = images.iter().map(|entry| entry.names().next()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > 1 {
            let object = object.to_owned();
            return Err(ImageError::Ambiguous { object, choices });
        }
        return Ok(entries.to_vec());
    };
    let chosen: Vec<Descriptor> = images
        .iter()
        .filter(|entry| match selector {
            Selector::Digest(digest) => entry.digest == *digest,
            Selector::Name(name) => entry.names().any(|own| names_match(own, name)),
        })
        .map(|entry| (*entry).clone())
        .collect();
    if chosen.is_empty() {
        let reason = format!("the image is not among: {}", choices().join(", "));
        return Err(ImageError::not_found(
            format!("`{selector}` in {object}"),
            reason,
        ));
    }
    Ok(chosen)
}

/// Whether a name in an archive is the one that is asked for: the same text, the same reference when both are
/// made whole, or the tag alone.
pub(crate) fn names_match(own: &str, asked: &str) -> bool {
    if own == asked {
        return true;
    }
    let whole = |text: &str| text.parse::<Reference>().ok();
    let (_, tag) = split_name(own);
    tag.as_deref() == Some(asked)
        || matches!((whole(own), whole(asked)), (Some(own), Some(asked)) if own == asked)
}

/// Repository and tag of a name in an archive. A text without slash and colon is a tag alone: what
/// `org.opencontainers.image.ref.name` mostly is.
pub(crate) fn split_name(name: &str) -> (Option<String>, Option<String>) {
    if !name.contains(['/', ':', '@']) {
        return (None, Some(name.to_owned()).filter(|name| !name.is_empty()));
    }
    match name.parse::<Reference>() {
        Ok(reference) => (
            Some(reference.repository()),
            reference.tag().map(str::to_owned),
        ),
        Err(_) => (None, None),
    }
}

#[cfg(test)]
mod tests;
