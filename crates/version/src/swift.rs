//! Versions of Swift packages, which are tags of repositories: `1.2.3`, `v1.2`, `1.0.0-beta.2`.
//!
//! Source of grammar and order: the documentation of the Swift package manager, and how it reads a
//! tag: Semantic Versioning with an optional `v` before it and an optional last number. Leading
//! zeros are read by value, as the package manager does.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{dotted, is_number};
use crate::semver::{check_identifiers, compare_cores, compare_prereleases, split};
use crate::typed::version_type;

version_type! {
    /// A version of a Swift package.
    Swift
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    core: [&'a str; 3],
    prerelease: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (core, prerelease) = split(text.strip_prefix('v').unwrap_or(text))?;
        let Some([Some(major), Some(minor), patch]) = dotted(core) else {
            return Err(Fault::Grammar("it has not two or three numbers"));
        };
        let core = [major, minor, patch.unwrap_or("0")];
        if !core.iter().all(|number| is_number(number)) {
            return Err(Fault::Grammar("a part of the core is not a number"));
        }
        prerelease.map_or(Ok(()), check_identifiers)?;
        Ok(Self {
            core,
            prerelease: prerelease.unwrap_or_default(),
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_cores(&self.core, &other.core)
            .then_with(|| compare_prereleases(self.prerelease, other.prerelease))
    }
}
