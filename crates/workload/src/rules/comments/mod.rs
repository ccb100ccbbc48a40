//! Comments that lay findings aside.

mod dead_ignore;

use super::Rule;

/// The rules on comments.
pub static RULES: &[&Rule] = &[&dead_ignore::RULE];
