//! Base images and stages.

mod latest_base;

use super::Rule;

/// The rules on base images and stages.
pub static RULES: &[&Rule] = &[&latest_base::RULE];
