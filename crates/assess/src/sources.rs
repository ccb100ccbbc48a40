//! Which source opens which target.

use plimsoll_image::reference::Target;
use plimsoll_image::sources::{ArchiveForm, ArchiveSource, DirSource, OciDirSource};
use plimsoll_image::{ImageError, ImageSource, LayerLimits};
use plimsoll_model::image::SourceKind;

/// What sources need to know of this machine.
#[derive(Debug)]
pub struct SourceSettings {}

/// Makes sources.
#[derive(Debug)]
pub struct Sources {
    settings: SourceSettings,
}

/// The limits on layers: the defaults of each stage.
#[must_use]
pub fn limits() -> LayerLimits {
    LayerLimits::default()
}

impl Sources {
    /// Sources that behave as the settings say.
    #[must_use]
    pub fn new(settings: SourceSettings) -> Self {
        Self { settings }
    }

    /// The daemons that seem to be there, Docker first.
    #[must_use]
    pub fn daemons(&self) -> Vec<SourceKind> {
        Vec::new()
    }

    /// The source of a target; `requested` is the argument as it was typed.
    pub fn source(
        &self,
        requested: &str,
        target: &Target,
    ) -> Result<Box<dyn ImageSource>, ImageError> {
        let archive = |file: &plimsoll_image::reference::FileImage, form| {
            Box::new(ArchiveSource::new(
                requested,
                file.clone(),
                form,
                limits().blob,
            ))
        };
        Ok(match target {
            Target::DockerArchive(file) => archive(file, ArchiveForm::Docker),
            Target::OciArchive(file) => archive(file, ArchiveForm::Oci),
            Target::Archive(file) => archive(file, ArchiveForm::Either),
            Target::OciDir(file) => Box::new(OciDirSource::new(requested, file.clone())),
            Target::Dir(path) => Box::new(DirSource::new(requested, path.clone())),
            _ => return Err(ImageError::unsupported("registry".to_owned(), "later")),
        })
    }
}
