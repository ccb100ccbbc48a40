//! Where things lie in the checkout.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace, which is the parent of this crate's folder.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// `target/` of the checkout, for whatever may be thrown away.
///
/// It does not follow `CARGO_TARGET_DIR`, so that tests and tasks agree on one place.
pub(crate) fn scratch() -> PathBuf {
    root().join("target")
}

/// The folder in which Cargo leaves its builds.
pub(crate) fn build_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(scratch, PathBuf::from)
}

/// The shared material (feeds, images), from `PLIMSOLL_SHARED` or beside the checkout.
pub(crate) fn shared() -> Option<PathBuf> {
    env::var_os("PLIMSOLL_SHARED")
        .map(PathBuf::from)
        .or_else(|| Some(root().parent()?.join("shared")))
        .filter(|path| path.is_dir())
}

/// The Cargo that runs this task.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}
