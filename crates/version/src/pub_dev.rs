//! Dart and Flutter versions, as pub.dev has them: `1.2.3-dev.4+5`.
//!
//! Source of grammar and order: "Package versioning" of dart.dev and the behaviour of `pub_semver`.
//! It is Semantic Versioning with two differences: what follows `+` takes part in the order (a
//! package appends it for a fix of the same release, so `1.2.3` < `1.2.3+1` < `1.2.3+2`), and
//! leading zeros count for nothing instead of being refused.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{cut, dotted, is_number};
use crate::semver::{Identifier, check_identifiers, compare_cores, compare_prereleases};
use crate::typed::version_type;

version_type! {
    /// A version of a Dart package.
    Pub
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    core: [&'a str; 3],
    prerelease: &'a str,
    build: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (text, build) = split(text, b'+')?;
        let (core, prerelease) = split(text, b'-')?;
        let Some([Some(major), Some(minor), Some(patch)]) = dotted(core) else {
            return Err(Fault::Grammar("it has not three numbers"));
        };
        let core = [major, minor, patch];
        if !core.iter().all(|number| is_number(number)) {
            return Err(Fault::Grammar("a part of the core is not a number"));
        }
        Ok(Self {
            core,
            prerelease,
            build,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_cores(&self.core, &other.core)
            .then_with(|| compare_prereleases(self.prerelease, other.prerelease))
            .then_with(|| compare_builds(self.build, other.build))
    }
}

/// Splits the identifiers behind a sign off; without the sign they are empty.
fn split(text: &str, sign: u8) -> Result<(&str, &str), Fault> {
    let Some((head, tail)) = cut(text, sign) else {
        return Ok((text, ""));
    };
    check_identifiers(tail)?;
    Ok((head, tail))
}

/// A build is newer than none; two compare as pre-releases do.
fn compare_builds(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (false, false) => left
            .split('.')
            .map(Identifier)
            .cmp(right.split('.').map(Identifier)),
        (left, right) => right.cmp(&left),
    }
}
