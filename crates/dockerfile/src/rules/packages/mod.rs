//! Package managers in `RUN`.

use super::Rule;

/// The rules on package managers.
pub static RULES: &[&Rule] = &[];
