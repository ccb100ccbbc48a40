//! Debian package versions: `[epoch:]upstream[-revision]`.
//!
//! Source of grammar and order: deb-version(7) and Debian Policy 5.6.12. What dpkg refuses is an
//! error here; where dpkg only warns (`dpkg --compare-versions`) this reader is lenient, because
//! real status files hold such versions: an upstream version may start with a letter, and an
//! underscore may occur. Any other character outside the policy is refused although dpkg would
//! compare it, so that marks of feeds such as `<unfixed>` never pass for versions.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, cut, is_number, only, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A Debian package version.
    ///
    /// An absent epoch is 0, an absent revision is older than any but `0`.
    Deb
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    epoch: &'a str,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (epoch, rest) = match cut(text, b':') {
            Some((epoch, rest)) => (check_epoch(epoch)?, rest),
            None => ("", text),
        };
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return Err(Fault::Grammar("the revision after `-` is empty")),
            Some(parts) => parts,
            None => (rest, ""),
        };
        if upstream.is_empty() {
            return Err(Fault::Grammar("the upstream version is empty"));
        }
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'~' | b'_');
        only(upstream, |byte| plain(byte) || matches!(byte, b':' | b'-'))?;
        only(revision, plain)?;
        Ok(Self {
            epoch,
            upstream,
            revision,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_numbers(self.epoch, other.epoch)
            .then_with(|| compare_fragments(self.upstream, other.upstream))
            .then_with(|| compare_fragments(self.revision, other.revision))
    }
}

/// dpkg keeps the epoch in a C `int` and refuses a larger one.
fn check_epoch(epoch: &str) -> Result<&str, Fault> {
    if !is_number(epoch) {
        return Err(Fault::Grammar("the epoch before `:` is not a number"));
    }
    if compare_numbers(epoch, "2147483647").is_gt() {
        return Err(Fault::Grammar("the epoch is larger than 2147483647"));
    }
    Ok(epoch)
}

/// Compares upstream versions, or revisions: by turns a run of other characters and a number.
fn compare_fragments(mut left: &str, mut right: &str) -> Ordering {
    while !(left.is_empty() && right.is_empty()) {
        let (left_text, left_rest) = take_while(left, |byte| !byte.is_ascii_digit());
        let (right_text, right_rest) = take_while(right, |byte| !byte.is_ascii_digit());
        let (left_number, left_rest) = take_digits(left_rest);
        let (right_number, right_rest) = take_digits(right_rest);
        let order = compare_text(left_text, right_text)
            .then_with(|| compare_numbers(left_number, right_number));
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

fn compare_text(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let mut left = left.bytes();
    let mut right = right.bytes();
    loop {
        let (next_left, next_right) = (left.next(), right.next());
        if next_left.is_none() && next_right.is_none() {
            return Ordering::Equal;
        }
        let order = weight(next_left).cmp(&weight(next_right));
        if order.is_ne() {
            return order;
        }
    }
}

/// A tilde is older than the end of the run, letters come next, then everything else.
fn weight(byte: Option<u8>) -> (u8, u8) {
    match byte {
        Some(b'~') => (0, 0),
        None => (1, 0),
        Some(byte) if byte.is_ascii_alphabetic() => (2, byte),
        Some(byte) => (3, byte),
    }
}
