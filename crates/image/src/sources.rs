//! The sources that need nothing but a disk.
//!
//! Registries and daemons need sockets as well; they implement [`crate::BlobStore`] and end in
//! [`crate::resolve::open_image`], or save an archive and open that.

pub mod archive;
pub mod daemon;
pub mod dir;
mod docker_archive;
pub mod oci_dir;
pub mod registry;

use std::path::Path;

pub use archive::{ArchiveForm, ArchiveSource};
pub use daemon::{DaemonAccess, DaemonAddress, DaemonSource, Presence};
pub use dir::DirSource;
pub use oci_dir::OciDirSource;
pub use registry::{
    Artefact, Attached, Credentials, Part, PartContent, RegistryAccess, RegistrySource, Sought,
    StoredArtefact,
};

use crate::layout::MARKER;
use crate::pipeline::Limits;
use crate::reference::{ContentKind, Target};
use crate::source::ImageSource;

/// The source for a target on disk; `None` for daemons and registries. `requested` is the argument as it was
/// typed, and `limits` are those for unpacking an archive that is compressed as a whole.
#[must_use]
pub fn on_disk(target: &Target, requested: &str, limits: &Limits) -> Option<Box<dyn ImageSource>> {
    let archive = |file: &crate::reference::FileImage, form| {
        Box::new(ArchiveSource::new(
            requested,
            file.clone(),
            form,
            limits.clone(),
        ))
    };
    Some(match target {
        Target::Docker(_) | Target::Podman(_) | Target::Registry(_) => return None,
        Target::DockerArchive(file) => archive(file, ArchiveForm::Docker),
        Target::OciArchive(file) => archive(file, ArchiveForm::Oci),
        Target::Archive(file) => archive(file, ArchiveForm::Either),
        Target::OciDir(file) => Box::new(OciDirSource::new(requested, file.clone())),
        Target::Dir(path) => Box::new(DirSource::new(requested, path)),
    })
}

/// What is at a path of this machine: the answer that [`crate::reference::Surroundings::at`] wants.
#[must_use]
pub fn at(path: &Path) -> Option<ContentKind> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(if !metadata.is_dir() {
        ContentKind::File
    } else if path.join(MARKER).is_file() {
        ContentKind::OciDir
    } else {
        ContentKind::Dir
    })
}
