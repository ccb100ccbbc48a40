//! Labels.

use super::Rule;

/// The rules on labels.
pub static RULES: &[&Rule] = &[];
