//! An image in an archive: of `docker save` or `podman save`, or an OCI layout in a tar, plain or compressed.

use std::sync::Arc;

use plimsoll_model::image::{Platform, SourceKind};

use crate::archive::Archive;
use crate::error::ImageError;
use crate::layout::{Files, INDEX, MARKER, open_layout};
use crate::pipeline::Limits;
use crate::reference::FileImage;
use crate::source::{Image, ImageSource};
use crate::sources::docker_archive::{self, MANIFEST};

/// Which kind of archive is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveForm {
    /// That of `docker save`.
    Docker,
    /// An OCI layout.
    Oci,
    /// Either; one that is both, as Docker writes since version 25, is read as Docker's.
    Either,
}

/// An image in an archive.
#[derive(Debug, Clone)]
pub struct ArchiveSource {
    requested: String,
    file: FileImage,
    form: ArchiveForm,
    limits: Limits,
}

impl ArchiveSource {
    /// The image `file`; `requested` is the argument as it was typed, and `limits` are those for unpacking an
    /// archive that is compressed as a whole.
    #[must_use]
    pub fn new(
        requested: impl Into<String>,
        file: FileImage,
        form: ArchiveForm,
        limits: Limits,
    ) -> Self {
        Self {
            requested: requested.into(),
            file,
            form,
            limits,
        }
    }
}

impl ImageSource for ArchiveSource {
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError> {
        let archive = Arc::new(Archive::open(&self.file.path, &self.limits)?);
        let selector = self.file.selector.as_ref();
        match form(&archive, self.form)? {
            SourceKind::DockerArchive => {
                docker_archive::open(&archive, &self.requested, selector, platform)
            }
            kind => open_layout(archive, &self.requested, kind, selector, platform),
        }
    }
}

fn form(archive: &Archive, form: ArchiveForm) -> Result<SourceKind, ImageError> {
    let is_docker = archive.contains(MANIFEST);
    let is_oci = archive.contains(INDEX) || archive.contains(MARKER);
    let reason = match form {
        ArchiveForm::Docker | ArchiveForm::Either if is_docker => {
            return Ok(SourceKind::DockerArchive);
        }
        ArchiveForm::Oci | ArchiveForm::Either if is_oci => return Ok(SourceKind::OciArchive),
        ArchiveForm::Docker if is_oci => {
            "it has no `manifest.json`, but an OCI layout: read it as `oci-archive:`"
        }
        ArchiveForm::Oci if is_docker => {
            "it has no `index.json`, but a `manifest.json`: read it as `docker-archive:`"
        }
        _ if archive.contains("repositories") => {
            "it has the form of Docker before version 1.10, without `manifest.json`"
        }
        _ if archive.contains("etc") || archive.contains("etc/passwd") => {
            "it looks like a root filesystem, not like an image: unpack it and read it as `dir:`"
        }
        _ => "it is no image: it has neither `manifest.json` nor `index.json`",
    };
    Err(ImageError::malformed(archive.object(), reason))
}
