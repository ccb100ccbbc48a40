//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

pub mod npm;
pub mod python;
mod text;

pub use npm::Npm;
pub use python::Python;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Npm, &Python];
