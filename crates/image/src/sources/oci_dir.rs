//! An OCI layout in a directory.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_model::image::{Platform, SourceKind, Subject};

use crate::error::ImageError;
use crate::layout::signed::Layout;
use crate::layout::{Files, open_layout};
use crate::reference::FileImage;
use crate::signed::{Beside, gather};
use crate::source::{Image, ImageSource};

/// An image in an OCI layout directory.
#[derive(Debug, Clone)]
pub struct OciDirSource {
    requested: String,
    file: FileImage,
}

impl OciDirSource {
    /// The image `file`; `requested` is the argument as it was typed.
    #[must_use]
    pub fn new(requested: impl Into<String>, file: FileImage) -> Self {
        let requested = requested.into();
        Self { requested, file }
    }
}

impl OciDirSource {
    fn folder(&self) -> Result<Folder, ImageError> {
        let name = self.file.path.display().to_string();
        let root = std::fs::canonicalize(&self.file.path)
            .map_err(|error| ImageError::io(format!("`{name}`"), error))?;
        Ok(Folder { name, root })
    }
}

impl ImageSource for OciDirSource {
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError> {
        let folder = Arc::new(self.folder()?);
        let selector = self.file.selector.as_ref();
        open_layout(
            folder,
            &self.requested,
            SourceKind::OciDir,
            selector,
            platform,
        )
    }

    fn beside(&self, image: &Subject) -> Option<Result<Beside, ImageError>> {
        let gathered = || gather(&Layout::open(&self.folder()?)?, image);
        Some(gathered())
    }
}

/// The files of a directory.
#[derive(Debug)]
struct Folder {
    name: String,
    /// Without links, so that paths can be held against it.
    root: PathBuf,
}

impl Files for Folder {
    fn open(&self, name: &str) -> Result<Box<dyn Read + Send>, ImageError> {
        let io = |error| ImageError::io(self.describe(name), error);
        let path = std::fs::canonicalize(self.root.join(name)).map_err(io)?;
        if !path.starts_with(&self.root) {
            return Err(ImageError::malformed(
                self.describe(name),
                "it is a link that leads out of the layout",
            ));
        }
        // Opening a pipe would wait for a writer that may never come.
        if !std::fs::metadata(&path).map_err(io)?.is_file() {
            return Err(ImageError::malformed(
                self.describe(name),
                "it is not a regular file",
            ));
        }
        Ok(Box::new(File::open(&path).map_err(io)?))
    }

    fn name(&self) -> &str {
        &self.name
    }
}
