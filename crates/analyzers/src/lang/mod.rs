//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[];
