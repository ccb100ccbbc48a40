//! `USER`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK`, `EXPOSE`, `VOLUME`, `STOPSIGNAL`.

use super::Rule;

/// The rules on what runs and how it is reached.
pub static RULES: &[&Rule] = &[];
