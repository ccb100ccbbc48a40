//! Semantic Versioning 2.0.0: `major.minor.patch[-prerelease][+build]`.
//!
//! Source of grammar and order: semver.org, clauses 2, 9, 10 and 11. One leading `v` is tolerated,
//! because tags and people write it (semver.org's own FAQ answers that `v1.2.3` is a tag name for
//! `1.2.3`). Build metadata is checked and then ignored, so `1.0.0+a` equals `1.0.0+b`.
//! `npm.rs`, `go.rs` and `nuget.rs` build on the functions here.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, cut, dotted, is_number, only};
use crate::typed::version_type;

version_type! {
    /// A version of Semantic Versioning 2.0.0.
    Semver
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    core: [&'a str; 3],
    prerelease: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::parse_strict(text.strip_prefix('v').unwrap_or(text))
    }

    pub(crate) fn parse_strict(text: &'a str) -> Result<Self, Fault> {
        let (core, prerelease) = split(text)?;
        let Some([Some(major), Some(minor), Some(patch)]) = dotted(core) else {
            return Err(Fault::Grammar("it has not three numbers"));
        };
        let core = [major, minor, patch];
        core.iter().try_for_each(|number| check_number(number))?;
        check_prerelease(prerelease)?;
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

/// Splits a version into core and pre-release; checks the build metadata and drops it.
pub(crate) fn split(text: &str) -> Result<(&str, Option<&str>), Fault> {
    let text = match cut(text, b'+') {
        Some((text, build)) => {
            check_identifiers(build)?;
            text
        }
        None => text,
    };
    Ok(match cut(text, b'-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (text, None),
    })
}

/// A number of the core: digits, no leading zero.
pub(crate) fn check_number(number: &str) -> Result<(), Fault> {
    if !is_number(number) {
        return Err(Fault::Grammar("a part of the core is not a number"));
    }
    if number.len() > 1 && number.starts_with('0') {
        return Err(Fault::Grammar("a number has a leading zero"));
    }
    Ok(())
}

/// Identifiers of letters, digits and hyphens; a number among them has no leading zero.
pub(crate) fn check_prerelease(prerelease: Option<&str>) -> Result<(), Fault> {
    let Some(prerelease) = prerelease else {
        return Ok(());
    };
    check_identifiers(prerelease)?;
    let padded = |part: &str| part.len() > 1 && part.starts_with('0') && is_number(part);
    if prerelease.split('.').any(padded) {
        return Err(Fault::Grammar("a number has a leading zero"));
    }
    Ok(())
}

pub(crate) fn check_identifiers(text: &str) -> Result<(), Fault> {
    if text.split('.').any(str::is_empty) {
        return Err(Fault::Grammar("an identifier is empty"));
    }
    only(text, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.'
    })
}

pub(crate) fn compare_cores(left: &[&str], right: &[&str]) -> Ordering {
    let pairs = left.iter().zip(right);
    pairs.fold(Ordering::Equal, |order, (left, right)| {
        order.then_with(|| compare_numbers(left, right))
    })
}

/// Clause 11.3 and 11.4; an empty text stands for no pre-release.
pub(crate) fn compare_prereleases(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (false, false) => left
            .split('.')
            .map(Identifier)
            .cmp(right.split('.').map(Identifier)),
        (left, right) => left.cmp(&right),
    }
}

/// One identifier of a pre-release, in the order of clause 11.4: numbers by value, before texts.
#[derive(Debug)]
pub(crate) struct Identifier<'a>(pub(crate) &'a str);

impl Ord for Identifier<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (is_number(self.0), is_number(other.0)) {
            (true, true) => compare_numbers(self.0, other.0),
            (false, false) => self.0.cmp(other.0),
            (left, right) => right.cmp(&left),
        }
    }
}

impl PartialOrd for Identifier<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Identifier<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Identifier<'_> {}
