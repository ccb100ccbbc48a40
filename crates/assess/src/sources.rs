//! Which source opens which target.

use std::path::PathBuf;

use plimsoll_image::reference::{FileImage, Target};
use plimsoll_image::sources::registry::{Credentials, RegistryAccess, RegistrySource};
use plimsoll_image::sources::{ArchiveForm, ArchiveSource, DirSource, OciDirSource};
use plimsoll_image::{ImageError, ImageSource, LayerLimits};
use plimsoll_model::image::SourceKind;
use plimsoll_net::Client;

/// What sources need to know of this machine.
#[derive(Debug)]
pub struct SourceSettings {
    /// Speaks to registries and daemons.
    pub client: Client,
    /// Files with credentials, asked in this order.
    pub credentials: Vec<PathBuf>,
    /// Registries that may be spoken to without TLS, beside those of this machine.
    pub plain_http: Vec<String>,
}

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

    /// The daemons that answer here, Docker first.
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
        let archive = |file: &FileImage, form| {
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
            Target::Registry(reference) => {
                let access = RegistryAccess {
                    client: self.settings.client.clone(),
                    credentials: Credentials {
                        given: None,
                        files: self.settings.credentials.clone(),
                    },
                    plain_http: self.settings.plain_http.clone(),
                };
                Box::new(RegistrySource::new(requested, reference.clone(), access))
            }
            Target::Docker(_) | Target::Podman(_) => {
                return Err(ImageError::unsupported(
                    requested.to_owned(),
                    "daemons are not wired yet",
                ));
            }
        })
    }
}
