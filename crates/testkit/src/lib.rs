//! What tests of several crates share: where the shared material is, and the harness that runs analyzers
//! over fixture folders. For development only; nothing of the program depends on it.

pub mod agreement;
pub mod background;
pub mod bolt;
pub mod careful;
pub mod debian;
#[cfg(feature = "fixtures")]
pub mod fixtures;
pub mod flawed;
pub mod image;
#[cfg(feature = "lint")]
pub mod lint;
pub mod material;
pub mod orders;
pub mod peers;
pub mod program;
pub mod recall;
pub mod registry;
pub mod roots;
pub mod rules;
pub mod trivy;

use std::path::PathBuf;

/// The folder with real feeds, images and databases that stands beside the checkout: the variable
/// `PLIMSOLL_SHARED`, else `../shared` beside the workspace.
///
/// # Panics
/// If there is no such folder: tests that need it cannot pass without it.
#[must_use]
pub fn shared() -> PathBuf {
    let folder = std::env::var_os("PLIMSOLL_SHARED")
        .map_or_else(|| workspace().join("../shared"), PathBuf::from);
    assert!(
        folder.is_dir(),
        "no shared material at `{}`",
        folder.display()
    );
    folder
}

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
