//! Programs: what they were made with, and what they say of their contents.

use plimsoll_analyze::Analyzer;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[];
