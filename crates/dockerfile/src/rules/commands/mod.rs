//! What `RUN` does, package managers apart.

use super::Rule;

/// The rules on what `RUN` does.
pub static RULES: &[&Rule] = &[];
