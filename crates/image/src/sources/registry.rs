//! Images of registries: the OCI distribution specification (`spec.md`, version 1.1), which is Docker's
//! registry HTTP API version 2, and Docker's token authentication.
//!
//! Manifests and configurations are read and proved when the image is opened; layers stream straight into
//! their walk, and go on where a connection broke off. Nothing is asked of a registry but `manifests`, `referrers`
//! and `blobs` of one repository, and nothing is written but artefacts that somebody pushes.

mod artefact;
mod attached;
mod challenge;
mod helper;
mod keychain;
mod session;
mod signed;
mod token;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_model::Digest;
use plimsoll_model::image::{Platform, SourceKind, Subject};
use plimsoll_net::{Answer, Client, Headers, NetError, Resumable, Secret};

use crate::error::ImageError;
use crate::manifest::prove;
use crate::media::{ACCEPTED, MAX_DOCUMENT};
use crate::reference::Reference;
use crate::resolve::{Request, Root, open_image};
use crate::signed::{Beside, gather};
use crate::source::{Blob, BlobStore, Image, ImageSource};
pub use artefact::{Artefact, Part, PartContent, StoredArtefact};
pub use attached::{Attached, Sought};
use session::{Actions, Session, with};

/// How registries are reached; one for all images of a run.
#[derive(Debug, Clone)]
pub struct RegistryAccess {
    /// Speaks to them.
    pub client: Client,
    /// Where credentials come from.
    pub credentials: Credentials,
    /// Registries that may be spoken to without TLS, as `host` or `host:port`. Those on this machine always
    /// may; with these, plain HTTP is tried first.
    pub plain_http: Vec<String>,
}

/// Where credentials come from.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// User name and password for every registry that asks, if the caller has them.
    pub given: Option<(String, Secret)>,
    /// Configuration files of Docker or Podman (`config.json`, `auth.json`), asked in this order. Files that
    /// do not exist are passed over; none is read before a registry asks who is there.
    pub files: Vec<PathBuf>,
}

/// An image in a registry.
#[derive(Debug, Clone)]
pub struct RegistrySource {
    requested: String,
    reference: Reference,
    access: RegistryAccess,
}

impl RegistrySource {
    /// The image `reference`; `requested` is the argument as it was typed.
    #[must_use]
    pub fn new(requested: impl Into<String>, reference: Reference, access: RegistryAccess) -> Self {
        Self {
            requested: requested.into(),
            reference,
            access,
        }
    }
}

impl RegistrySource {
    /// The digest of what the registry keeps under the name: of the index, where the image has several platforms.
    /// The bytes are proved, so that the digest is of what the registry really gives.
    pub fn digest(&self) -> Result<Digest, ImageError> {
        let session = Session::open(&self.reference, &self.access, Actions::Pull)?;
        let root = fetch_root(&session, &self.reference)?;
        Ok(root.digest.unwrap_or_else(|| Digest::of(&root.bytes)))
    }
}

impl ImageSource for RegistrySource {
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError> {
        let session = Arc::new(Session::open(&self.reference, &self.access, Actions::Pull)?);
        let root = fetch_root(&session, &self.reference)?;
        let request = Request {
            requested: self.requested.clone(),
            source: SourceKind::Registry,
            repository: Some(self.reference.repository()),
            tag: self.reference.tag().map(str::to_owned),
            pinned: self.reference.digest().cloned(),
        };
        let store: Arc<dyn BlobStore> = Arc::new(Store(session));
        open_image(&store, root, request, platform)
    }

    fn beside(&self, image: &Subject) -> Option<Result<Beside, ImageError>> {
        let gathered = Session::open(&self.reference, &self.access, Actions::Pull).map(Arc::new);
        Some(gathered.and_then(|session| {
            let store = Store(Arc::clone(&session));
            let repository = signed::Repository {
                session: &session,
                store: &store,
            };
            gather(&repository, image)
        }))
    }
}

/// Reads what the reference names, and proves it against every digest that is promised for it.
fn fetch_root(session: &Session, reference: &Reference) -> Result<Root, ImageError> {
    let object = format!("`{reference}`");
    // Where both are there, the digest decides and the tag is a remark.
    let name = match (reference.digest(), reference.tag()) {
        (Some(digest), _) => digest.as_str().to_owned(),
        (None, tag) => tag.unwrap_or("latest").to_owned(),
    };
    let target = format!("manifests/{name}");
    let response = session.get(&target, &object, Answer::Document, &accepted())?;
    let media_type = response
        .headers
        .get("content-type")
        .unwrap_or_default()
        .to_owned();
    let said = said_digest(&response.headers, &object)?;
    let bytes = response
        .bytes(MAX_DOCUMENT)
        .map_err(|error| session::translate(error, &object))?;
    for promised in reference.digest().into_iter().chain(&said) {
        prove(&bytes, promised, &object)?;
    }
    let digest = reference
        .digest()
        .cloned()
        .unwrap_or_else(|| Digest::of(&bytes));
    Ok(Root {
        bytes,
        media_type,
        digest: Some(digest),
        object,
    })
}

fn accepted() -> [(&'static str, String); 1] {
    [("accept", ACCEPTED.join(", "))]
}

/// The digest that the registry says the manifest has.
fn said_digest(headers: &Headers, object: &str) -> Result<Option<Digest>, ImageError> {
    let Some(said) = headers
        .get("docker-content-digest")
        .filter(|said| !said.is_empty())
    else {
        return Ok(None);
    };
    said.parse().map(Some).map_err(|error| {
        ImageError::malformed(
            object,
            format!("the registry's `Docker-Content-Digest`: {error}"),
        )
    })
}

/// The blobs of one repository.
#[derive(Debug)]
struct Store(Arc<Session>);

impl BlobStore for Store {
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError> {
        let (Blob::Stored(digest) | Blob::Content(digest)) = blob;
        let target = format!("blobs/{digest}");
        let object = self.describe(blob);
        let first = self.0.get(&target, &object, Answer::Stream, &[])?;
        let session = Arc::clone(&self.0);
        let reopen = move |offset, etag: Option<&str>| {
            let mut headers = vec![("range", Resumable::range(offset))];
            headers.extend(etag.map(|etag| ("if-range", etag.to_owned())));
            session
                .send(&target, |url| {
                    with(plimsoll_net::Request::get(url, Answer::Stream), &headers)
                })
                .and_then(plimsoll_net::Response::check)
        };
        let retry = self.0.client().settings().retry;
        Ok(Box::new(Resumable::new(first, retry, Box::new(reopen))))
    }

    fn open_manifest(&self, digest: &Digest) -> Result<Box<dyn Read + Send>, ImageError> {
        let object = self.describe(&Blob::Stored(digest.clone()));
        let target = format!("manifests/{digest}");
        let response = self
            .0
            .get(&target, &object, Answer::Document, &accepted())?;
        Ok(Box::new(response.body))
    }

    fn describe(&self, blob: &Blob) -> String {
        let (Blob::Stored(digest) | Blob::Content(digest)) = blob;
        format!("`{digest}` in `{}`", self.0.repository())
    }
}

/// Why a request had no answer that can be used.
#[derive(Debug)]
enum Failure {
    /// The network.
    Net(NetError),
    /// The registry asks for credentials that are not there or not good.
    Denied(String),
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}
