//! Secrets in files: where to look. What they look like is the matter of the secrets crate.

use plimsoll_analyze::Analyzer;

mod files;

pub use files::Files;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Files];
