//! Haskell package versions: `1.2.3.4`.
//!
//! Source of grammar and order: the Haskell Package Versioning Policy and Cabal's `Version`: numbers
//! between dots, without leading zeros, compared as lists, so that `1.0` < `1.0.0`. Tags behind a
//! hyphen, which Cabal reads and forgets, are no longer part of a version and refused. Cabal reads at
//! most nine digits a number; here they have no width.

use std::cmp::Ordering;

use crate::Fault;
use crate::cran::compare_lists;
use crate::semver::check_number;
use crate::typed::version_type;

version_type! {
    /// A Haskell package version.
    Hackage
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(&'a str);

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        text.split('.').try_for_each(check_number)?;
        Ok(Self(text))
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_lists(self.0.split('.'), other.0.split('.'))
    }
}
