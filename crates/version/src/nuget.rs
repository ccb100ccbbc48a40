//! NuGet package versions: `1.2[.3[.4]][-prerelease][+metadata]`.
//!
//! Source of grammar and order: "Package versioning" of the NuGet documentation and
//! `NuGet.Versioning` (`NuGetVersion.TryParse`, `VersionComparer.Default`). One to four numbers,
//! an absent one is 0; leading zeros count for nothing; labels compare as in Semantic Versioning but
//! whatever their case, and a label such as `-1` is a number; metadata is ignored. NuGet keeps numbers in 32 bits; here they have no width.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_ignoring_case, compare_numbers, dotted, is_number, is_zero};
use crate::semver::{check_prerelease, compare_cores, split};
use crate::typed::version_type;

version_type! {
    /// A NuGet package version.
    Nuget
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    core: [&'a str; 4],
    prerelease: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (core, prerelease) = split(text)?;
        let given = dotted::<4>(core).ok_or(Fault::Grammar("it has more than four numbers"))?;
        let core = given.map(|number| number.unwrap_or("0"));
        if !core.iter().all(|number| is_number(number)) {
            return Err(Fault::Grammar("a part of the core is not a number"));
        }
        check_prerelease(prerelease)?;
        Ok(Self {
            core,
            prerelease: prerelease.unwrap_or_default(),
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_cores(&self.core, &other.core).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (false, false) => compare_labels(self.prerelease, other.prerelease),
                (left, right) => left.cmp(&right),
            }
        })
    }
}

fn compare_labels(left: &str, right: &str) -> Ordering {
    let mut left = left.split('.');
    let mut right = right.split('.');
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => match (number(left), number(right)) {
                (Some(left), Some(right)) => compare_signed(left, right),
                (None, None) => compare_ignoring_case(left, right),
                (left, right) => right.is_some().cmp(&left.is_some()),
            },
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The sign and the digits of a label that NuGet reads as a number. It does so by `int.TryParse`, which knows a minus,
/// unlike Semantic Versioning, to which `-1` is a text.
fn number(label: &str) -> Option<(bool, &str)> {
    let digits = label.strip_prefix('-').unwrap_or(label);
    let negative = digits.len() < label.len() && !is_zero(digits);
    is_number(digits).then_some((negative, digits))
}

fn compare_signed(left: (bool, &str), right: (bool, &str)) -> Ordering {
    match (left, right) {
        ((true, left), (true, right)) => compare_numbers(right, left),
        ((false, left), (false, right)) => compare_numbers(left, right),
        ((left, _), (right, _)) => right.cmp(&left),
    }
}
