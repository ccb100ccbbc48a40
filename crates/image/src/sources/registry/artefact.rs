//! Artefacts: files that a registry keeps as it keeps images (OCI image specification 1.1, `manifest.md`,
//! "Guidelines for Artifact Usage"; OCI distribution specification 1.1, "Pushing").

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_model::Digest;
use plimsoll_net::{Request, Response, Url};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::session::{self, Actions, Session};
use super::{RegistrySource, Store, fetch_root};
use crate::error::ImageError;
use crate::manifest::json_object;
use crate::source::{Blob, BlobStore as _};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The configuration of what needs none (`manifest.md`, "Guidance for an empty descriptor").
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
const EMPTY_CONTENT: &[u8] = b"{}";

/// Bytes that are read or written at a time.
const PIECE: usize = 128 << 10;

/// What is pushed.
#[derive(Debug, Clone)]
pub struct Artefact {
    /// What kind of an artefact it is, a media type.
    pub kind: String,
    /// Its files.
    pub parts: Vec<Part>,
    /// What the manifest says besides, by the keys of `annotations.md`.
    pub annotations: BTreeMap<String, String>,
}

/// One file of an artefact.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: PartContent,
}

/// Where the bytes are.
#[derive(Debug, Clone)]
pub enum PartContent {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file that nobody changes meanwhile.
    File(PathBuf),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    artifact_type: String,
    config: Descriptor,
    layers: Vec<Descriptor>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: Digest,
    size: u64,
}

/// An artefact that a registry has: its manifest was read and proved, its files were not read yet.
#[derive(Debug)]
pub struct StoredArtefact {
    /// Digest of the manifest.
    pub digest: Digest,
    manifest: Manifest,
    store: Store,
}

impl RegistrySource {
    /// Pushes an artefact under the tag of this source, and gives the digest of its manifest. Files that the
    /// registry has are not sent again; the tag moves when all are there.
    pub fn push(&self, artefact: &Artefact) -> Result<Digest, ImageError> {
        let object = format!("`{}`", self.reference);
        let Some(tag) = self.reference.tag() else {
            return Err(ImageError::unsupported(object, "a push needs a tag"));
        };
        let session = Session::open(&self.reference, &self.access, Actions::PullAndPush)?;
        let empty = Part {
            media_type: EMPTY.to_owned(),
            content: PartContent::Bytes(EMPTY_CONTENT.to_vec()),
        };
        let manifest = Manifest {
            schema_version: 2,
            media_type: MANIFEST.to_owned(),
            artifact_type: artefact.kind.clone(),
            config: upload(&session, &empty)?,
            layers: artefact
                .parts
                .iter()
                .map(|part| upload(&session, part))
                .collect::<Result<_, _>>()?,
            annotations: artefact.annotations.clone(),
        };
        let bytes = serde_json::to_vec(&manifest)
            .map_err(|error| ImageError::malformed(object.clone(), error.to_string()))?;
        let digest = Digest::of(&bytes);
        let target = format!("manifests/{tag}");
        session.put(&target, &object, |url| {
            Request::put(url, bytes.clone()).header("content-type", MANIFEST)
        })?;
        Ok(digest)
    }

    /// Reads what this source names as an artefact of one kind.
    pub fn artefact(&self, kind: &str) -> Result<StoredArtefact, ImageError> {
        let session = Arc::new(Session::open(&self.reference, &self.access, Actions::Pull)?);
        let root = fetch_root(&session, &self.reference)?;
        let manifest: Manifest = json_object(&root.bytes, &root.object)?;
        if manifest.artifact_type != kind {
            return Err(ImageError::unsupported(
                root.object,
                format!(
                    "it is no `{kind}` but `{}`",
                    manifest.artifact_type.escape_debug()
                ),
            ));
        }
        Ok(StoredArtefact {
            digest: root.digest.unwrap_or_else(|| Digest::of(&root.bytes)),
            manifest,
            store: Store(session),
        })
    }
}

impl StoredArtefact {
    /// Digest and size in bytes of its only file of a media type.
    pub fn part(&self, media_type: &str) -> Result<(&Digest, u64), ImageError> {
        let mut found = self
            .manifest
            .layers
            .iter()
            .filter(|part| part.media_type == media_type);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok((&one.digest, one.size)),
            _ => Err(ImageError::malformed(
                format!("`{}` in `{}`", self.digest, self.store.0.repository()),
                format!("it does not have one file of the type `{media_type}`"),
            )),
        }
    }

    /// Reads a file of at most `limit` bytes, proved.
    pub fn read(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        self.copy(digest, limit, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file of at most `limit` bytes to `out`, which holds rubbish where this fails: what it is is known
    /// at its end.
    pub fn copy(&self, digest: &Digest, limit: u64, out: &mut dyn Write) -> Result<(), ImageError> {
        let blob = Blob::Stored(digest.clone());
        let object = self.store.describe(&blob);
        let unreachable = |source: std::io::Error| ImageError::Unreachable {
            object: object.clone(),
            source: Box::new(source),
        };
        let mut body = self.store.open(&blob)?;
        let mut hasher = sha2::Sha256::new();
        let mut piece = vec![0; PIECE];
        let mut size = 0u64;
        loop {
            let count = body.read(&mut piece).map_err(unreachable)?;
            let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            size = size.saturating_add(count as u64);
            if size > limit {
                return Err(ImageError::over_limit(
                    object,
                    format!("it is larger than {limit} bytes"),
                ));
            }
            hasher.update(read);
            out.write_all(read).map_err(unreachable)?;
        }
        let actual = Digest::sha256(hasher.finalize().into());
        if actual == *digest {
            return Ok(());
        }
        Err(ImageError::DigestMismatch {
            object,
            expected: digest.clone(),
            actual,
        })
    }
}

/// Sends a file unless it is there, and describes it.
fn upload(session: &Session, part: &Part) -> Result<Descriptor, ImageError> {
    let (digest, size) = measure(&part.content)?;
    let object = format!("`{digest}` for `{}`", session.repository());
    let there = session
        .send(&format!("blobs/{digest}"), Request::head)
        .map_err(|error| session::translate(error, &object))?;
    if !there.is_success() {
        let begun = session.put("blobs/uploads/", &object, Request::post)?;
        let place = location(&begun, &object)?.with_query("digest", digest.as_str());
        session.put_at(&place, &object, |url| {
            let request = match &part.content {
                PartContent::Bytes(bytes) => Request::put(url, bytes.clone()),
                PartContent::File(path) => Request::put_file(url, path),
            };
            request.header("content-type", "application/octet-stream")
        })?;
    }
    Ok(Descriptor {
        media_type: part.media_type.clone(),
        digest,
        size,
    })
}

/// Where an upload goes on.
fn location(begun: &Response, object: &str) -> Result<Url, ImageError> {
    let said = begun.headers.get("location").unwrap_or_default();
    let place = begun.url.join(said).ok().filter(|_| !said.is_empty());
    place.ok_or_else(|| {
        ImageError::malformed(
            object,
            "the registry does not say where to send it".to_owned(),
        )
    })
}

/// Digest and size in bytes.
fn measure(content: &PartContent) -> Result<(Digest, u64), ImageError> {
    match content {
        PartContent::Bytes(bytes) => Ok((Digest::of(bytes), bytes.len() as u64)),
        PartContent::File(path) => hash(path).map_err(|source| ImageError::Unreachable {
            object: format!("`{}`", path.display()),
            source: Box::new(source),
        }),
    }
}

fn hash(path: &Path) -> std::io::Result<(Digest, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = sha2::Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut size = 0u64;
    loop {
        let count = file.read(&mut piece)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            return Ok((Digest::sha256(hasher.finalize().into()), size));
        };
        hasher.update(read);
        size = size.saturating_add(count as u64);
    }
}
