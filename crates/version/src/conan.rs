//! Conan versions, of C and C++ packages: `1.1.1t`, `3.2.0-rc1`, `cci.20230101`.
//!
//! Source of grammar and order: "Version ranges" of the Conan 2 documentation and Conan's own
//! answers: items between dots, zeros at the end count for nothing, a part behind the first `-` is
//! a pre-release, and one behind the last `+` a build that is newer than none.
//!
//! Conan compares a number with a text as texts, and so `9` < `10` < `1a` < `9`, which is no order.
//! Here an item that starts with digits goes by their value first and then by the rest, which agrees
//! with Conan wherever both have as many digits and no zero in front of them. Items without a digit
//! in front are newer than numbers, as there. An underscore within a number, which Python reads over
//! (`1_0` as 10), belongs to the rest.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, cut, only, take_digits};
use crate::typed::version_type;

version_type! {
    /// A Conan version.
    Conan
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    items: &'a str,
    prerelease: Option<&'a str>,
    build: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        // The characters that Conan allows in a reference.
        only(text, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-')
        })?;
        let (text, build) = match text.rsplit_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (items, prerelease) = match cut(text, b'-') {
            Some((items, prerelease)) => (items, Some(prerelease)),
            None => (text, None),
        };
        let lists = [Some(items), prerelease, build];
        if lists.into_iter().flatten().any(has_empty_item) {
            return Err(Fault::Grammar("an item is empty"));
        }
        Ok(Self {
            items: strip_zeros(items),
            prerelease: prerelease.map(strip_zeros),
            build: build.map(strip_zeros),
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_items(self.items, other.items)
            .then_with(|| match (self.prerelease, other.prerelease) {
                (Some(left), Some(right)) => compare_items(left, right),
                (left, right) => right.is_some().cmp(&left.is_some()),
            })
            .then_with(|| match (self.build, other.build) {
                (Some(left), Some(right)) => compare_items(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            })
    }
}

fn has_empty_item(items: &str) -> bool {
    items.split('.').any(str::is_empty)
}

/// Drops the items at the end that are zero; nothing may be left.
fn strip_zeros(mut items: &str) -> &str {
    loop {
        let (rest, last) = items.rsplit_once('.').unwrap_or(("", items));
        if items.is_empty() || !last.bytes().all(|byte| byte == b'0') {
            return items;
        }
        items = rest;
    }
}

fn compare_items(left: &str, right: &str) -> Ordering {
    list(left).map(Item).cmp(list(right).map(Item))
}

/// The items between dots; an empty text has none.
fn list(items: &str) -> impl Iterator<Item = &str> {
    items.split('.').filter(|item| !item.is_empty())
}

/// One item: digits in front by value, before items without; then the rest by its bytes.
#[derive(Debug)]
struct Item<'a>(&'a str);

impl Ord for Item<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, left_rest) = take_digits(self.0);
        let (right, right_rest) = take_digits(other.0);
        left.is_empty()
            .cmp(&right.is_empty())
            .then_with(|| compare_numbers(left, right))
            .then_with(|| left_rest.cmp(right_rest))
    }
}

impl PartialOrd for Item<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Item<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Item<'_> {}
