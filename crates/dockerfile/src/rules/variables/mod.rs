//! `ARG` and `ENV`, secrets among them.

use super::Rule;

/// The rules on variables.
pub static RULES: &[&Rule] = &[];
