//! The few questions that are asked of a daemon.

use std::io::ErrorKind;

use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;
use plimsoll_net::{Answer, NetError, Request, Response};
use serde::Deserialize;

use super::{DaemonAccess, Presence};
use crate::error::ImageError;
use crate::manifest::not_json;
use crate::media::MAX_DOCUMENT;
use crate::reference::Reference;

/// What a daemon says of an image (`GET /images/{name}/json`); only what identifies it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Inspected {
    /// Digest of the configuration; with containerd's image store that of the manifest or the index.
    pub(super) id: Digest,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default, rename = "RootFS")]
    root_fs: RootFs,
    /// What `id` points to, with containerd's image store alone.
    #[serde(default)]
    pub(super) descriptor: Option<Target>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RootFs {
    #[serde(default)]
    layers: Option<Vec<Digest>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    #[serde(default)]
    pub(super) media_type: String,
}

impl Inspected {
    pub(super) fn diff_ids(&self) -> &[Digest] {
        self.root_fs.layers.as_deref().unwrap_or_default()
    }

    pub(super) fn tags(&self) -> &[String] {
        self.repo_tags.as_deref().unwrap_or_default()
    }

    /// Whether the image has this name. One that is pinned by digest need not have a tag.
    pub(super) fn knows(&self, reference: &Reference) -> bool {
        let is_it = |tag: &String| tag.parse::<Reference>().is_ok_and(|own| own == *reference);
        reference.digest().is_some() || self.tags().iter().any(is_it)
    }
}

/// A daemon.
#[derive(Debug, Clone)]
pub(super) struct Daemon {
    pub(super) access: DaemonAccess,
}

impl Daemon {
    pub(super) fn new(access: &DaemonAccess) -> Self {
        Self {
            access: access.clone(),
        }
    }

    fn name(&self) -> String {
        let what = if self.access.kind == SourceKind::Podman {
            "the Podman service"
        } else {
            "the Docker daemon"
        };
        format!("{what} at `{}`", self.access.address)
    }

    /// How errors call an image.
    pub(super) fn object(&self, name: &str) -> String {
        format!("`{name}` in {}", self.name())
    }

    /// `GET /_ping`.
    pub(super) fn ping(&self) -> Presence {
        match self.ask("/_ping", Answer::Document) {
            Ok(response) if response.status < 500 => Presence::Answers,
            Err(error) if error.io_kind() == ErrorKind::PermissionDenied => Presence::Forbidden,
            _ => Presence::Absent,
        }
    }

    /// `GET /images/{name}/json`.
    pub(super) fn inspect(&self, name: &str) -> Result<Inspected, ImageError> {
        let object = self.object(name);
        let bytes = self
            .ask(&format!("/images/{name}/json"), Answer::Document)
            .and_then(Response::check)
            .and_then(|response| response.bytes(MAX_DOCUMENT))
            .map_err(|error| self.translate(error, &object))?;
        serde_json::from_slice(&bytes).map_err(|error| not_json(&object, &error))
    }

    /// `GET /images/{name}/get`: a `docker save` archive, packed while it is sent, so that it cannot be
    /// resumed.
    pub(super) fn save(&self, name: &str, object: &str) -> Result<Response, ImageError> {
        self.ask(&format!("/images/{name}/get"), Answer::Stream)
            .and_then(Response::check)
            .map_err(|error| self.translate(error, object))
    }

    fn ask(&self, target: &str, answer: Answer) -> Result<Response, NetError> {
        let url = self.access.address.url(target)?;
        self.access.client.send(&Request::get(url, answer))
    }

    /// A network error as an error about an image. That there is no daemon, that it is not for this user, and
    /// that it has no such image are three different things for who reads it.
    pub(super) fn translate(&self, error: NetError, object: &str) -> ImageError {
        let object = object.to_owned();
        match error {
            NetError::NotFound { detail, .. } => ImageError::NotFound {
                object,
                reason: said(&detail).unwrap_or_else(|| "there is no such image".into()),
            },
            NetError::Unauthorised { detail, status, .. } => ImageError::Unauthorised {
                object,
                reason: said(&detail).unwrap_or_else(|| format!("status {status}")),
            },
            NetError::Unreachable { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
                ImageError::Unauthorised {
                    object: self.name(),
                    reason: "its socket is not for this user; on most systems it is for root and the members \
                             of a group called `docker`"
                        .into(),
                }
            }
            NetError::Unreachable { source, .. } => {
                let reason = match source.kind() {
                    ErrorKind::NotFound => "there is no such socket: it does not run, or listens elsewhere".into(),
                    ErrorKind::ConnectionRefused => "nobody listens there: it does not run".into(),
                    _ => source.to_string(),
                };
                ImageError::Unreachable {
                    object: self.name(),
                    source: reason.into(),
                }
            }
            NetError::Protocol { reason, .. } => ImageError::malformed(object, reason),
            NetError::TooLarge { limit, .. } => {
                ImageError::over_limit(object, format!("the daemon sends more than {limit} bytes"))
            }
            other => ImageError::Unreachable {
                object,
                source: Box::new(other),
            },
        }
    }
}

/// The message of an error document.
fn said(detail: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        message: String,
    }
    let said: Said = serde_json::from_str(detail).ok()?;
    let words: String = said
        .message
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    Some(format!("the daemon says `{words}`")).filter(|_| !words.is_empty())
}
