//! Which source opens which target.

use std::path::PathBuf;

use plimsoll_image::reference::{Reference, Target};
use plimsoll_image::sources::{
    Credentials, DaemonAccess, DaemonAddress, DaemonSource, Presence, RegistryAccess,
    RegistrySource, on_disk,
};
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
    /// Where the Docker daemon may listen, most likely first.
    pub docker: Vec<DaemonAddress>,
    /// Where the Podman service may listen, most likely first.
    pub podman: Vec<DaemonAddress>,
    /// Folder for what a daemon saves while it is read.
    pub spool: PathBuf,
    /// Folder for configurations of images, by digest.
    pub configs: PathBuf,
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
        [SourceKind::Docker, SourceKind::Podman]
            .into_iter()
            .filter(|kind| {
                let addresses = self.addresses(*kind).iter();
                addresses
                    .map(|address| self.access(*kind, address))
                    .any(|access| access.presence() == Presence::Answers)
            })
            .collect()
    }

    /// The source of a target; `requested` is the argument as it was typed.
    pub fn source(
        &self,
        requested: &str,
        target: &Target,
    ) -> Result<Box<dyn ImageSource>, ImageError> {
        let (kind, name) = match target {
            Target::Docker(name) => (SourceKind::Docker, name),
            Target::Podman(name) => (SourceKind::Podman, name),
            Target::Registry(reference) => {
                return Ok(Box::new(self.registry(requested, reference)));
            }
            _ => {
                return on_disk(target, requested, &limits().blob).ok_or_else(|| {
                    ImageError::unsupported(requested.to_owned(), "no source reads it")
                });
            }
        };
        // The first that answers; the first of all, so that its error is told, where none does.
        let addresses = self.addresses(kind);
        let address = addresses
            .iter()
            .find(|address| self.access(kind, address).presence() == Presence::Answers)
            .or_else(|| addresses.iter().find(|address| address.may_exist()))
            .or_else(|| addresses.first());
        let Some(address) = address else {
            return Err(ImageError::unsupported(
                requested.to_owned(),
                "no address of such a daemon is known",
            ));
        };
        let access = self.access(kind, address);
        Ok(Box::new(DaemonSource::new(requested, name.clone(), access)))
    }

    /// The source of an image in a registry.
    #[must_use]
    pub fn registry(&self, requested: &str, reference: &Reference) -> RegistrySource {
        let access = RegistryAccess {
            client: self.settings.client.clone(),
            credentials: Credentials {
                given: None,
                files: self.settings.credentials.clone(),
            },
            plain_http: self.settings.plain_http.clone(),
        };
        RegistrySource::new(requested, reference.clone(), access)
    }

    fn addresses(&self, kind: SourceKind) -> &[DaemonAddress] {
        match kind {
            SourceKind::Docker => &self.settings.docker,
            SourceKind::Podman => &self.settings.podman,
            _ => &[],
        }
    }

    fn access(&self, kind: SourceKind, address: &DaemonAddress) -> DaemonAccess {
        DaemonAccess {
            client: self.settings.client.clone(),
            kind,
            address: address.clone(),
            spool: self.settings.spool.clone(),
            configs: Some(self.settings.configs.clone()),
            limits: limits().blob,
        }
    }
}
