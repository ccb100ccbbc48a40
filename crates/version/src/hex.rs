//! Hex versions, of Elixir and Erlang packages: `1.2.3-rc.1+build`.
//!
//! Source of grammar and order: the documentation of Elixir's `Version`, which is Semantic
//! Versioning 2.0.0 with all three numbers and no leading `v`; Hex takes no other version.

use std::cmp::Ordering;

use crate::Fault;
use crate::semver;
use crate::typed::version_type;

version_type! {
    /// A version of a Hex package.
    Hex
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(semver::Parts<'a>);

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        semver::Parts::parse_strict(text).map(Self)
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}
