//! RPM versions: `[epoch:]version[-release]`.
//!
//! Source of grammar and order: rpm-version(7) and the `rpmvercmp` tests of rpm. `~` sorts before
//! everything, even the end; `^` sorts after the end but before anything that continues.
//! An absent epoch is 0 (a header without the tag means just that), and an absent release is older
//! than any release, as in rpm's `rpmverCmp`.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, only, skip_one, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// An RPM version with optional epoch and release.
    Rpm
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (epoch, rest) = match take_digits(text) {
            (epoch, rest) if rest.starts_with(':') => (epoch, skip_one(rest, |_| true)),
            _ => ("", text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        if version.is_empty() {
            return Err(Fault::Grammar("the version is empty"));
        }
        if release == Some("") {
            return Err(Fault::Grammar("the release after `-` is empty"));
        }
        // rpmbuild allows these in Version and Release; a second `-` is not among them.
        let allowed = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'.' | b'_' | b'+' | b'~' | b'^' | b'%' | b'{' | b'}')
        };
        only(version, allowed)?;
        only(release.unwrap_or_default(), allowed)?;
        Ok(Self {
            epoch,
            version,
            release,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_numbers(self.epoch, other.epoch)
            .then_with(|| compare_segments(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(left), Some(right)) => compare_segments(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            })
    }
}

/// The pieces of a version. The variants stand in rpm's order: a piece of an earlier variant is
/// older than one of a later variant, whatever it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Tilde,
    End,
    Caret,
    Letters,
    Digits,
}

/// Takes the next piece off; separators count for nothing.
fn next_segment(text: &str) -> (Kind, &str, &str) {
    let separator = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'~' && byte != b'^';
    let (_, text) = take_while(text, separator);
    let (kind, (segment, rest)) = match text.bytes().next() {
        None => (Kind::End, ("", "")),
        Some(b'~') => (Kind::Tilde, ("", skip_one(text, |_| true))),
        Some(b'^') => (Kind::Caret, ("", skip_one(text, |_| true))),
        Some(byte) if byte.is_ascii_digit() => (Kind::Digits, take_digits(text)),
        Some(_) => (
            Kind::Letters,
            take_while(text, |byte| byte.is_ascii_alphabetic()),
        ),
    };
    (kind, segment, rest)
}

fn compare_segments(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (left_kind, left_segment, left_rest) = next_segment(left);
        let (right_kind, right_segment, right_rest) = next_segment(right);
        let order = left_kind.cmp(&right_kind).then_with(|| match left_kind {
            Kind::Digits => compare_numbers(left_segment, right_segment),
            _ => left_segment.cmp(right_segment),
        });
        if order.is_ne() || left_kind == Kind::End {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}
