//! R package versions: `1.2-3`, `0.9.1.9000`.
//!
//! Source of grammar and order: "Writing R Extensions", section 1.1.1 (`Version`), and R's
//! `compareVersion`: numbers between dots or hyphens, which mean the same; a version that goes on
//! is newer than the one that ends (`1.0` < `1.0.0`). R keeps numbers in 31 bits; here they have no
//! width.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_number};
use crate::typed::version_type;

version_type! {
    /// An R package version.
    Cran
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(&'a str);

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        if !text.split(['.', '-']).all(is_number) {
            return Err(Fault::Grammar("it is not numbers between dots or hyphens"));
        }
        Ok(Self(text))
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_lists(self.0.split(['.', '-']), other.0.split(['.', '-']))
    }
}

/// Compares two lists of numbers: the first difference decides, and then which one goes on.
pub(crate) fn compare_lists<'a>(
    mut left: impl Iterator<Item = &'a str>,
    mut right: impl Iterator<Item = &'a str>,
) -> Ordering {
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => compare_numbers(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}
