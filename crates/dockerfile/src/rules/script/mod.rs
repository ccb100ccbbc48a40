//! The shell in `RUN`.

use super::Rule;

/// The rules on the shell in `RUN`.
pub static RULES: &[&Rule] = &[];
