//! How the file is written.

use super::Rule;

/// The rules on how the file is written.
pub static RULES: &[&Rule] = &[];
