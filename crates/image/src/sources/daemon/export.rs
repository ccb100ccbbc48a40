//! The archive that a daemon makes of an image: saved once, when it is first needed, read many times.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll_model::Digest;
use plimsoll_model::image::Platform;

use super::api::Daemon;
use crate::archive::Archive;
use crate::error::ImageError;
use crate::source::{Blob, BlobStore, Content};
use crate::sources::docker_archive;

/// The layers of an image of a daemon.
#[derive(Debug)]
pub(super) struct ExportStore {
    daemon: Daemon,
    /// What the daemon is asked for.
    name: String,
    /// How the user calls the image.
    asked: String,
    /// What errors call it.
    object: String,
    platform: Option<Platform>,
    export: Mutex<Option<Arc<Export>>>,
}

/// A saved image.
#[derive(Debug)]
struct Export {
    config: Vec<u8>,
    /// Where each layer is.
    layers: BTreeMap<Digest, (Arc<dyn BlobStore>, Blob)>,
}

impl ExportStore {
    /// Layers of the image that the user calls `asked` and the daemon `name`.
    pub(super) fn new(
        daemon: Daemon,
        name: String,
        asked: String,
        platform: Option<Platform>,
    ) -> Self {
        Self {
            object: daemon.object(&asked),
            daemon,
            name,
            asked,
            platform,
            export: Mutex::new(None),
        }
    }

    /// The bytes of the configuration.
    pub(super) fn config(&self) -> Result<Vec<u8>, ImageError> {
        self.export().map(|export| export.config.clone())
    }

    /// The saved image. The first caller saves it while others wait; after a failure the next one tries anew.
    fn export(&self) -> Result<Arc<Export>, ImageError> {
        let mut export = self.export.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(export) = export.as_ref() {
            return Ok(Arc::clone(export));
        }
        let fresh = Arc::new(self.save()?);
        *export = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    fn save(&self) -> Result<Export, ImageError> {
        let access = &self.daemon.access;
        let file = self.spool()?;
        let archive =
            Archive::of_file(file, format!("docker save {}", self.asked), &access.limits)?;
        let image =
            docker_archive::open(&Arc::new(archive), &self.name, None, self.platform.as_ref())?;
        let mut layers = BTreeMap::new();
        for layer in image.layers {
            if let (Some(diff_id), Content::Stored(store, blob)) =
                (layer.info.diff_id, layer.content)
            {
                layers.insert(diff_id, (store, blob));
            }
        }
        Ok(Export {
            config: image.raw_config,
            layers,
        })
    }

    /// Writes what the daemon sends into a file without a name, which is gone when it is closed.
    fn spool(&self) -> Result<File, ImageError> {
        let access = &self.daemon.access;
        let place = || format!("a temporary file in `{}`", access.spool.display());
        let mut file =
            tempfile::tempfile_in(&access.spool).map_err(|error| ImageError::io(place(), error))?;
        let mut body = self.daemon.save(&self.name, &self.object)?.body;
        let mut buffer = vec![0; 256 << 10];
        let mut size = 0_u64;
        loop {
            let count = body
                .fill(&mut buffer)
                .map_err(|error| self.daemon.translate(error, &self.object))?;
            if count == 0 {
                return Ok(file);
            }
            size = size.saturating_add(count as u64);
            if size > access.limits.content {
                let reason = format!("the daemon sends more than {} bytes", access.limits.content);
                return Err(ImageError::over_limit(&self.object, reason));
            }
            file.write_all(buffer.get(..count).unwrap_or_default())
                .map_err(|error| ImageError::io(place(), error))?;
        }
    }
}

impl BlobStore for ExportStore {
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError> {
        let (Blob::Stored(digest) | Blob::Content(digest)) = blob;
        let export = self.export()?;
        match export.layers.get(digest) {
            Some((store, blob)) => store.open(blob),
            None => Err(ImageError::not_found(
                self.describe(blob),
                "the daemon did not save this layer",
            )),
        }
    }

    fn describe(&self, blob: &Blob) -> String {
        let (Blob::Stored(digest) | Blob::Content(digest)) = blob;
        format!("layer `{digest}` of {}", self.object)
    }
}

/// Keeps a configuration; no reader ever sees half of it.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
