//! Operating systems: which distribution, which packages, which accounts.

use plimsoll_analyze::Analyzer;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[];
