//! `COPY`, `ADD` and `WORKDIR`.

use super::Rule;

/// The rules on files and folders.
pub static RULES: &[&Rule] = &[];
