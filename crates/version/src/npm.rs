//! npm package versions.
//!
//! Source of grammar and order: node-semver in its strict mode, which is Semantic Versioning 2.0.0
//! with an optional leading `v`. A leading `=` (`=1.2.3`, `=v1.2.3`) is tolerated as well, since
//! node-semver's loose mode reads it and old manifests hold it. node-semver refuses numbers above
//! 2^53 − 1; here they have no width.

use std::cmp::Ordering;

use crate::Fault;
use crate::semver;
use crate::typed::version_type;

version_type! {
    /// An npm package version.
    Npm
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(semver::Parts<'a>);

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        semver::Parts::parse(text.strip_prefix('=').unwrap_or(text)).map(Self)
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}
