//! Pacman versions: `[epoch:]pkgver[-pkgrel]`.
//!
//! Source of grammar and order: vercmp(8), PKGBUILD(5) and libalpm's answers. The order looks like
//! RPM's and is not: `~` and `^` are separators like any other, the *number* of separators before a
//! piece counts (`1.0` < `1..0`), and letters right behind a number make an older version
//! (`1.0rc1` < `1.0` < `1.0.rc1`).
//!
//! Two answers of libalpm are not an order, and differ here:
//!
//! - It leaves the release out when one side has none, so `1-1`, `1` and `1-2` would be equal in a
//!   row. Here an absent release is older than any.
//! - Separators at the end are newer there than letters and older than a number, however many
//!   separators stand before these, and so `1.1` < `1..a` < `1.` < `1.1`. Here they count as one.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, only, skip_one, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A pacman version with optional epoch and release.
    Pacman
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
        // makepkg refuses colons, slashes, hyphens and blanks in a version; the packaging rules of
        // Arch ask for letters, digits, `.` and `_`, and these others are what packages really have.
        let allowed = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'.' | b'_' | b'+' | b'~' | b'^' | b'%' | b'@')
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
            .then_with(|| compare_pieces(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(left), Some(right)) => compare_pieces(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            })
    }
}

/// What stands behind the separators: the end is newer than letters and older than a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Letters,
    End,
    Digits,
}

/// Takes the next piece off, with the number of separators before it.
fn next_piece(text: &str) -> ((usize, Kind), &str, &str) {
    let (separators, text) = take_while(text, |byte| !byte.is_ascii_alphanumeric());
    match text.bytes().next() {
        None => ((separators.len().min(1), Kind::End), "", ""),
        Some(byte) if byte.is_ascii_digit() => {
            let (piece, rest) = take_digits(text);
            ((separators.len(), Kind::Digits), piece, rest)
        }
        Some(_) => {
            let (piece, rest) = take_while(text, |byte| byte.is_ascii_alphabetic());
            ((separators.len(), Kind::Letters), piece, rest)
        }
    }
}

fn compare_pieces(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (left_rank, left_piece, left_rest) = next_piece(left);
        let (right_rank, right_piece, right_rest) = next_piece(right);
        let order = left_rank.cmp(&right_rank).then_with(|| match left_rank.1 {
            Kind::Digits => compare_numbers(left_piece, right_piece),
            _ => left_piece.cmp(right_piece),
        });
        if order.is_ne() || left_rank.1 == Kind::End {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}
