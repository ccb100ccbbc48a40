//! A registry inside the test process, for what a real one never does on request: refuse, stall, lie, break
//! off.
//!
//! [`Server`] answers requests with a function; [`Registry`] is such a function over manifests and blobs, with
//! authentication and with [`Fault`]s that meet chosen requests. Both count on the test to be the only client.
//! [`RealRegistry`] is Debian's, for all else.

mod real;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_model::Digest;
use serde_json::{Value, json};

use crate::image::Image;
pub use real::{Guard, RealRegistry};
pub use server::{Reply, Seen, Server};

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Another answer.
    Reply(Reply),
    /// The connection closes after this many bytes of the body.
    Cut(usize),
    /// The body stops after this many bytes, and the connection stays open.
    Stall(usize),
    /// No answer at all, while the connection stays open.
    Hang,
    /// Another body.
    Body(Vec<u8>),
    /// Another header, or one more.
    Header(&'static str, String),
    /// The `Range` header is overlooked.
    NoRange,
}

/// Who may ask.
#[derive(Debug, Clone)]
pub enum Access {
    /// Everyone.
    Open,
    /// Who has a token. Without `user` everyone gets one; each is good for `uses` requests.
    Token {
        /// User name and password that the token service wants.
        user: Option<(&'static str, &'static str)>,
        /// Requests that one token is good for.
        uses: usize,
    },
    /// Who has this user name and password.
    Basic(&'static str, &'static str),
}

#[derive(Debug)]
struct State {
    /// By `repository/name`: media type and bytes.
    manifests: BTreeMap<String, (String, Vec<u8>)>,
    blobs: BTreeMap<String, Vec<u8>>,
    access: Access,
    /// Part of a path, how often it is still met, and what happens.
    faults: Vec<(String, usize, Fault)>,
    /// Requests that each token is still good for.
    tokens: Vec<usize>,
    seen: Vec<Seen>,
}

/// A registry on a free port of this machine; it ends with the value.
#[derive(Debug)]
pub struct Registry {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Registry {
    /// Starts an empty registry.
    #[must_use]
    pub fn start(access: Access) -> Self {
        let state = Arc::new(Mutex::new(State {
            manifests: BTreeMap::new(),
            blobs: BTreeMap::new(),
            access,
            faults: Vec::new(),
            tokens: Vec::new(),
            seen: Vec::new(),
        }));
        let own = Arc::clone(&state);
        let server = Server::start(move |seen| {
            let mut state = own.lock().unwrap_or_else(PoisonError::into_inner);
            state.seen.push(seen.clone());
            state.reply(seen)
        });
        Self { server, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `127.0.0.1:port`.
    #[must_use]
    pub fn host(&self) -> String {
        self.server.host()
    }

    /// Stores an image under a tag and gives the digest of its manifest.
    pub fn push(&mut self, repository: &str, tag: &str, image: &Image) -> Digest {
        let manifest = image.manifest_bytes();
        let digest = self.put_manifest(
            repository,
            tag,
            "application/vnd.oci.image.manifest.v1+json",
            &manifest,
        );
        self.put_blob(&image.config_bytes());
        for layer in &image.layers {
            self.put_blob(&layer.blob());
        }
        digest
    }

    /// Stores an index of images that are stored already, each with its platform.
    pub fn push_index(&mut self, repository: &str, tag: &str, images: &[Image]) -> Digest {
        let media_type = "application/vnd.oci.image.index.v1+json";
        let manifests: Vec<Value> = images
            .iter()
            .map(|image| {
                let manifest = image.manifest_bytes();
                let mut entry = crate::image::descriptor(
                    "application/vnd.oci.image.manifest.v1+json",
                    &manifest,
                );
                entry["platform"] = image.platform_json();
                entry
            })
            .collect();
        let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": manifests});
        self.put_manifest(repository, tag, media_type, index.to_string().as_bytes())
    }

    /// Stores a manifest, whatever it is, by tag and by digest; the tag `referrers/DIGEST` is the list of those
    /// that refer to a digest.
    pub fn put_manifest(
        &mut self,
        repository: &str,
        tag: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Digest {
        let digest = Digest::of(bytes);
        let mut state = self.state();
        for name in [tag, digest.as_str()] {
            let stored = (media_type.to_owned(), bytes.to_vec());
            state
                .manifests
                .insert(format!("{repository}/{name}"), stored);
        }
        digest
    }

    /// Stores a blob.
    pub fn put_blob(&mut self, bytes: &[u8]) -> Digest {
        let digest = Digest::of(bytes);
        self.state()
            .blobs
            .insert(digest.to_string(), bytes.to_vec());
        digest
    }

    /// The next `times` requests whose path contains `path` meet this fault; an earlier fault comes first.
    pub fn spoil(&self, path: &str, times: usize, fault: Fault) {
        self.state().faults.push((path.to_owned(), times, fault));
    }

    /// Every request so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }
}

impl State {
    fn reply(&mut self, seen: &Seen) -> Reply {
        let fault = self
            .faults
            .iter_mut()
            .find(|(path, times, _)| *times > 0 && seen.path.contains(path.as_str()))
            .map(|(_, times, fault)| {
                *times -= 1;
                fault.clone()
            });
        let with_range = !matches!(fault, Some(Fault::NoRange));
        match fault {
            Some(Fault::Reply(reply)) => reply,
            Some(Fault::Hang) => Reply::new(200).hanging(Duration::from_mins(1)),
            Some(Fault::Cut(bytes)) => self.honest(seen, with_range).cut(bytes),
            Some(Fault::Stall(bytes)) => self
                .honest(seen, with_range)
                .cut(bytes)
                .hanging(Duration::from_mins(1)),
            Some(Fault::Body(bytes)) => self.honest(seen, with_range).body(bytes),
            Some(Fault::Header(name, value)) => self.honest(seen, with_range).header(name, &value),
            Some(Fault::NoRange) | None => self.honest(seen, with_range),
        }
    }

    fn honest(&mut self, seen: &Seen, with_range: bool) -> Reply {
        if seen.path.starts_with("/token") {
            return self.token(seen);
        }
        if let Err(refusal) = self.admit(seen) {
            return refusal;
        }
        // Signed addresses of object stores carry their signature in the query.
        let path = seen.path.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("/v2/").unwrap_or_default();
        if path.is_empty() {
            return Reply::new(200).body(b"{}".to_vec());
        }
        if let Some((repository, name)) = path.split_once("/manifests/") {
            return match self.manifests.get(&format!("{repository}/{name}")) {
                Some((media_type, bytes)) => Reply::new(200)
                    .header("Content-Type", media_type)
                    .header("Docker-Content-Digest", Digest::of(bytes).as_str())
                    .body(bytes.clone()),
                None => error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
            };
        }
        if path.contains("/referrers/") {
            return match self.manifests.get(path) {
                Some((media_type, bytes)) => Reply::new(200)
                    .header("Content-Type", media_type)
                    .body(bytes.clone()),
                None => error(404, "NAME_UNKNOWN", "referrers are not known"),
            };
        }
        let blob = path
            .split_once("/blobs/")
            .and_then(|(_, digest)| self.blobs.get(digest));
        let Some(bytes) = blob else {
            return error(404, "BLOB_UNKNOWN", "blob unknown to registry");
        };
        let start = seen.range_start().filter(|_| with_range);
        match start {
            Some(start) if start < bytes.len() => Reply::new(206)
                .header(
                    "Content-Range",
                    &format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len()),
                )
                .body(bytes[start..].to_vec()),
            _ => Reply::new(200).body(bytes.clone()),
        }
    }

    fn admit(&mut self, seen: &Seen) -> Result<(), Reply> {
        let authorization = seen.header("authorization").unwrap_or_default();
        let host = seen.header("host").unwrap_or_default();
        match self.access {
            Access::Open => Ok(()),
            Access::Basic(user, password) if authorization == basic(user, password) => Ok(()),
            Access::Basic(..) => Err(error(401, "UNAUTHORIZED", "authentication required")
                .header("WWW-Authenticate", "Basic realm=\"test\"")),
            Access::Token { .. } => {
                let number = authorization
                    .strip_prefix("Bearer token-")
                    .and_then(|n| n.parse::<usize>().ok());
                let uses = number.and_then(|number| self.tokens.get_mut(number));
                if let Some(uses) = uses.filter(|uses| **uses > 0) {
                    *uses -= 1;
                    return Ok(());
                }
                let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"test\"");
                Err(error(401, "UNAUTHORIZED", "authentication required")
                    .header("WWW-Authenticate", &challenge))
            }
        }
    }

    fn token(&mut self, seen: &Seen) -> Reply {
        let Access::Token { user, uses } = self.access else {
            return error(404, "UNKNOWN", "no token service");
        };
        let authorization = seen.header("authorization").unwrap_or_default();
        if user.is_some_and(|(name, password)| authorization != basic(name, password)) {
            return error(401, "UNAUTHORIZED", "incorrect username or password");
        }
        self.tokens.push(uses);
        let token = format!("token-{}", self.tokens.len() - 1);
        Reply::new(200).body(
            json!({"token": token, "expires_in": 60})
                .to_string()
                .into_bytes(),
        )
    }
}

/// An error document of the OCI distribution specification.
fn error(status: u16, code: &str, message: &str) -> Reply {
    let document = json!({"errors": [{"code": code, "message": message}]});
    Reply::new(status).body(document.to_string().into_bytes())
}

/// The value of an `Authorization` header.
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}
