//! Images of the Docker daemon and of the Podman service, which speaks Docker's API (Docker Engine API,
//! version 1.24 and later, section "Images").
//!
//! A daemon keeps layers unpacked and packs them anew on request, all in one archive; so the archive is saved
//! to a temporary file once, when the first layer is read, and opened like any `docker save` archive. What it
//! says of an image beside that is not the image's configuration (Podman leaves the health check out), so the
//! true one is taken from the archive, and kept by its digest: an image whose facts are known needs no archive.

mod address;
mod api;
mod export;

use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_model::Digest;
use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_net::Client;

use crate::error::ImageError;
use crate::manifest::{MAX_LAYERS, created_by, parse_config, prove};
use crate::media::{DocumentKind, document_kind};
use crate::pipeline::Limits;
use crate::platform;
use crate::reference::{DaemonName, Reference};
use crate::resolve::platform_of;
use crate::source::{Blob, BlobStore, Image, ImageSource, Layer};
pub use address::{DaemonAddress, ParseAddressError};
use api::{Daemon, Inspected};
use export::ExportStore;

/// How a daemon is reached, and where its images may be laid down.
#[derive(Debug, Clone)]
pub struct DaemonAccess {
    /// Speaks to it.
    pub client: Client,
    /// [`SourceKind::Docker`] or [`SourceKind::Podman`].
    pub kind: SourceKind,
    /// Where it listens.
    pub address: DaemonAddress,
    /// Folder for the temporary file with the saved image, as large as the image is unpacked.
    pub spool: PathBuf,
    /// Folder where the configurations of images are kept by digest; without it every image is saved each time.
    pub configs: Option<PathBuf>,
    /// Limits on the saved archive.
    pub limits: Limits,
}

/// Whether a daemon is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It answers.
    Answers,
    /// Its socket is there, but not for this user.
    Forbidden,
    /// Nobody answers.
    Absent,
}

impl DaemonAccess {
    /// Whether the daemon is there; for bare names, which are asked of every daemon that is.
    ///
    /// Takes at most one time-out of the client.
    #[must_use]
    pub fn presence(&self) -> Presence {
        if !self.address.may_exist() {
            return Presence::Absent;
        }
        Daemon::new(self).ping()
    }
}

/// An image of a daemon.
#[derive(Debug, Clone)]
pub struct DaemonSource {
    requested: String,
    name: DaemonName,
    access: DaemonAccess,
}

impl DaemonSource {
    /// The image that the daemon knows as `name`; `requested` is the argument as it was typed.
    #[must_use]
    pub fn new(requested: impl Into<String>, name: DaemonName, access: DaemonAccess) -> Self {
        Self {
            requested: requested.into(),
            name,
            access,
        }
    }
}

impl ImageSource for DaemonSource {
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError> {
        let daemon = Daemon::new(&self.access);
        let (asked, inspected) = find(&daemon, &self.name)?;
        let object = daemon.object(&asked);
        if inspected.diff_ids().len() > MAX_LAYERS {
            let reason = format!("it has more than {MAX_LAYERS} layers");
            return Err(ImageError::over_limit(object, reason));
        }
        // By its id where that names exactly one image, so that a tag that moves meanwhile does no harm.
        let export_name = if inspected.descriptor.is_some() {
            asked.clone()
        } else {
            inspected.id.to_string()
        };
        let store = Arc::new(ExportStore::new(
            daemon,
            export_name,
            asked,
            platform.cloned(),
        ));
        let (config, raw_config) = self.config(&inspected, &store, &object)?;
        let found = platform_of(&config);
        if let Some(wanted) = platform
            && platform::distance(wanted, &found).is_none()
        {
            return Err(ImageError::NoPlatform {
                object,
                wanted: Box::new(wanted.clone()),
                available: vec![found],
            });
        }
        let subject = self.subject(&inspected, &raw_config, found);
        let layers = layers(&config, &store);
        Ok(Image {
            subject,
            config,
            raw_config,
            raw_manifest: None,
            layers,
            problems: Vec::new(),
        })
    }
}

impl DaemonSource {
    /// The configuration: the one that is kept, if it is proved to be this image's, else that of the archive.
    fn config(
        &self,
        inspected: &Inspected,
        store: &ExportStore,
        object: &str,
    ) -> Result<(ImageConfig, Vec<u8>), ImageError> {
        let kept = self
            .access
            .configs
            .as_ref()
            .map(|folder| folder.join(inspected.id.hex()));
        if let Some(raw) = kept.as_ref().and_then(|path| std::fs::read(path).ok())
            && let Ok(config) = inspected.check_config(&raw, object)
        {
            return Ok((config, raw));
        }
        let raw = store.config()?;
        let config = inspected.check_config(&raw, object)?;
        if let Some(path) = kept {
            // Without it the next run is slower, no more.
            let _ = export::keep(&path, &raw);
        }
        Ok((config, raw))
    }

    fn subject(&self, inspected: &Inspected, raw_config: &[u8], platform: Platform) -> Subject {
        let own = inspected
            .tags()
            .first()
            .and_then(|tag| tag.parse::<Reference>().ok());
        let reference = match &self.name {
            // Podman answers for `localhost/app` when it is asked for `app`.
            DaemonName::Named(asked) if inspected.knows(asked) => Some(asked.clone()),
            _ => own,
        };
        let kind = inspected
            .descriptor
            .as_ref()
            .map_or(DocumentKind::Other, |found| {
                document_kind(&found.media_type)
            });
        let id_if = |wanted| (kind == wanted).then(|| inspected.id.clone());
        Subject {
            requested: self.requested.clone(),
            source: self.access.kind,
            repository: reference.as_ref().map(Reference::repository),
            tag: reference
                .as_ref()
                .and_then(|name| name.tag().map(str::to_owned)),
            pinned: match &self.name {
                DaemonName::Named(name) => name.digest().cloned(),
                DaemonName::Id(digest) => Some(digest.clone()),
            },
            manifest_digest: id_if(DocumentKind::Manifest),
            index_digest: id_if(DocumentKind::Index),
            image_id: Some(Digest::of(raw_config)),
            platforms: vec![platform.clone()],
            platform,
            annotations: std::collections::BTreeMap::new(),
        }
    }
}

impl Inspected {
    /// Reads a configuration, if it is that of this image.
    fn check_config(&self, raw: &[u8], object: &str) -> Result<ImageConfig, ImageError> {
        if self.descriptor.is_none() {
            prove(raw, &self.id, object)?;
        }
        let config = parse_config(raw, self.diff_ids().len(), object)?;
        if config.rootfs.diff_ids != self.diff_ids() {
            let reason = "the daemon saved another image than the one that it was asked for";
            return Err(ImageError::malformed(object, reason));
        }
        Ok(config)
    }
}

/// Asks for the image under every name that may be meant.
fn find(daemon: &Daemon, name: &DaemonName) -> Result<(String, Inspected), ImageError> {
    let mut missing = None;
    for asked in names(name) {
        match daemon.inspect(&asked) {
            Ok(inspected) => return Ok((asked, inspected)),
            Err(error @ ImageError::NotFound { .. }) => missing = missing.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    Err(missing.unwrap_or_else(|| ImageError::not_found(name.to_string(), "it has no name")))
}

/// What to ask a daemon for, in its own words; the second is a short image id.
fn names(name: &DaemonName) -> Vec<String> {
    let reference = match name {
        DaemonName::Id(digest) => return vec![digest.to_string()],
        DaemonName::Named(reference) => reference,
    };
    let repository = reference.familiar_repository();
    match (reference.digest(), reference.tag()) {
        (Some(digest), _) => vec![format!("{repository}@{digest}")],
        (None, tag) => {
            let tag = tag.unwrap_or("latest");
            let is_short_id = (4..64).contains(&repository.len())
                && repository
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            let mut names = vec![format!("{repository}:{tag}")];
            names.extend((is_short_id && tag == "latest").then_some(repository));
            names
        }
    }
}

fn layers(config: &ImageConfig, store: &Arc<ExportStore>) -> Vec<Layer> {
    let commands = created_by(config, config.rootfs.diff_ids.len());
    let store: Arc<dyn BlobStore> = Arc::<ExportStore>::clone(store);
    let layer = |(diff_id, created_by): (&Digest, Option<String>)| {
        let info = LayerInfo {
            digest: None,
            diff_id: Some(diff_id.clone()),
            compressed_size: None,
            size: None,
            media_type: String::new(),
            entries: 0,
            created_by,
        };
        Layer::stored(
            info,
            Arc::clone(&store),
            Blob::Content(diff_id.clone()),
            None,
        )
    };
    config
        .rootfs
        .diff_ids
        .iter()
        .zip(commands)
        .map(layer)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daemons_are_asked_in_their_own_words() {
        let digest = Digest::of(b"");
        for (name, asked) in [
            ("alpine", vec!["alpine:latest".to_owned()]),
            ("docker.io/library/alpine:3", vec!["alpine:3".into()]),
            ("localhost:5000/a/b:1", vec!["localhost:5000/a/b:1".into()]),
            (
                "3f57d9401f8d",
                vec!["3f57d9401f8d:latest".into(), "3f57d9401f8d".into()],
            ),
            ("decade:1", vec!["decade:1".into()]),
            (
                &format!("alpine:3@{digest}"),
                vec![format!("alpine@{digest}")],
            ),
            (digest.as_str(), vec![digest.to_string()]),
        ] {
            assert_eq!(names(&name.parse().unwrap()), asked, "{name}");
        }
    }
}
