//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

pub mod jar;
pub mod npm;
pub mod python;
mod text;

pub use jar::Jar;
pub use npm::Npm;
pub use python::Python;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Jar, &Npm, &Python];
