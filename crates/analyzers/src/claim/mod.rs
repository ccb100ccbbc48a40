//! Documents in an image that say what is in it: claims, which are compared with what is there.

use plimsoll_analyze::Analyzer;

pub mod sbom;

pub use sbom::Sbom;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Sbom];
