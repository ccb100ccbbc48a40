//! The sources that need nothing but a disk. Registries and daemons have their own crate-level helpers and end
//! in [`crate::resolve::open_image`] as well.

pub mod archive;
pub mod dir;
mod docker_archive;
pub mod oci_dir;

pub use archive::{ArchiveForm, ArchiveSource};
pub use dir::DirSource;
pub use oci_dir::OciDirSource;
