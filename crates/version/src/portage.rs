//! Gentoo versions: `1.2.3a_rc1_p2-r4`.
//!
//! Source of grammar and order: Package Manager Specification, chapter 3 ("Names and versions"):
//! numbers between dots, at most one letter, any number of suffixes (`_alpha`, `_beta`, `_pre`,
//! `_rc`, `_p`, each with or without a number), a revision. Behind the first dot a number with a
//! leading zero is a fraction: `1.01` < `1.1`, and `1.010` equals `1.01`.
//!
//! Portage itself forbids a revision of more than 18 digits; here numbers have no width.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, cut, is_number, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A Gentoo version with optional suffixes and revision.
    Portage
}

/// `numbers` stand between dots, `letter` is empty or one letter, `suffixes` start with `_` each.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    numbers: &'a str,
    letter: &'a str,
    suffixes: &'a str,
    revision: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let (version, revision) = match cut(text, b'-') {
            Some((version, revision)) => (version, revision.strip_prefix('r')),
            None => (text, Some("0")),
        };
        let Some(revision) = revision.filter(|revision| is_number(revision)) else {
            return Err(Fault::Grammar("what follows `-` is not `r` and a number"));
        };
        let (numbers, rest) = take_while(version, |byte| byte.is_ascii_digit() || byte == b'.');
        if !numbers.split('.').all(is_number) {
            return Err(Fault::Grammar(
                "it does not start with numbers between dots",
            ));
        }
        let (letter, suffixes) = match rest.bytes().next() {
            Some(byte) if byte.is_ascii_lowercase() => rest.split_at_checked(1).unwrap_or_default(),
            _ => ("", rest),
        };
        let mut rest = suffixes;
        while !rest.is_empty() {
            rest = next_suffix(rest)
                .ok_or(Fault::Grammar("the end is no letter, suffix or revision"))?
                .2;
        }
        Ok(Self {
            numbers,
            letter,
            suffixes,
            revision,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_dotted(self.numbers, other.numbers)
            .then_with(|| self.letter.cmp(other.letter))
            .then_with(|| compare_suffixes(self.suffixes, other.suffixes))
            .then_with(|| compare_numbers(self.revision, other.revision))
    }
}

/// Algorithms 3.2 and 3.3: the first number by value, later ones by value or as a fraction; where
/// all that both have are equal, more numbers are newer.
fn compare_dotted(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    let mut first = true;
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => {
                if !first && (left.starts_with('0') || right.starts_with('0')) {
                    left.trim_end_matches('0').cmp(right.trim_end_matches('0'))
                } else {
                    compare_numbers(left, right)
                }
            }
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order.is_ne() {
            return order;
        }
        first = false;
    }
}

/// What comes next among suffixes. The variants stand in the order of algorithm 3.6: a version that
/// ends is newer than a release candidate and older than a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Alpha,
    Beta,
    Pre,
    Candidate,
    End,
    Patch,
}

/// Takes a suffix off: its kind, its number (absent is zero), and the rest.
fn next_suffix(text: &str) -> Option<(Kind, &str, &str)> {
    let (word, rest) = take_while(text.strip_prefix('_')?, |byte| byte.is_ascii_lowercase());
    let kind = match word {
        "alpha" => Kind::Alpha,
        "beta" => Kind::Beta,
        "pre" => Kind::Pre,
        "rc" => Kind::Candidate,
        "p" => Kind::Patch,
        _ => return None,
    };
    let (number, rest) = take_digits(rest);
    Some((kind, number, rest))
}

fn compare_suffixes(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (left_kind, left_number, left_rest) = next_suffix(left).unwrap_or((Kind::End, "", ""));
        let (right_kind, right_number, right_rest) =
            next_suffix(right).unwrap_or((Kind::End, "", ""));
        let order = left_kind
            .cmp(&right_kind)
            .then_with(|| compare_numbers(left_number, right_number));
        if order.is_ne() || left_kind == Kind::End {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}
