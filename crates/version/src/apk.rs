//! Alpine package versions: `1.2.3b_rc1_p2~deadbeef-r4`.
//!
//! Grammar: `number{.number}[letter]{_suffix[number]}[~hash][-rnumber]`, with the suffixes `alpha`,
//! `beta`, `pre`, `rc` (before the release) and `cvs`, `svn`, `git`, `hg`, `p` (after it).
//! A letter may be followed by a number once more (`1a2`), and a revision by another (`1.1.0-r1-r0`, which Alpine's
//! own feed has), as apk-tools 2 allows.
//! Source of grammar and order: apk-package(5) and the behaviour of apk-tools 2 (`apk version -c` and
//! `-t`), which differs from dpkg, rpm and semver in three ways that matter:
//! `1.6_rc1-r0` is older than `1.6-r0`; a component after the first loses by each leading zero
//! (`1.05` is older than `1.1`, and `1.00` older than `1.0`); and a version that ends is older than one
//! that goes on, unless that goes on with a suffix of a pre-release.
//!
//! Where this reader leaves apk-tools 2: numbers have no width (there they wrap), numbers and suffixes
//! must not be empty, and `~` takes the hash of a commit, as in apk-tools 3.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_number, skip_one, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// An Alpine or Wolfi package version.
    Apk
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    text: &'a str,
}

/// Where a reader stands; the variants stand in the order in which they may follow each other.
/// `First` is a number whose leading zeros count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    First,
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Revision,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'a> {
    kind: Kind,
    value: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut tokens = Tokens::new(text);
        while tokens.next()?.kind != Kind::End {}
        Ok(Self { text })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let mut left = Tokens::new(self.text);
        let mut right = Tokens::new(other.text);
        loop {
            // Both texts have been read once without a fault, so `end` stands for nothing here.
            let end = Token {
                kind: Kind::End,
                value: "",
            };
            let left_token = left.next().unwrap_or(end);
            let right_token = right.next().unwrap_or(end);
            let order = compare_tokens(left_token, right_token);
            if order.is_ne() || left_token.kind == Kind::End {
                return order;
            }
        }
    }
}

struct Tokens<'a> {
    rest: &'a str,
    last: Option<Kind>,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            last: None,
        }
    }

    fn next(&mut self) -> Result<Token<'a>, Fault> {
        let (kind, value, rest) = self.read()?;
        self.rest = rest;
        self.last = Some(kind);
        Ok(Token { kind, value })
    }

    fn read(&self) -> Result<(Kind, &'a str, &'a str), Fault> {
        let Some(last) = self.last else {
            return number(Kind::First, self.rest);
        };
        let Some(byte) = self.rest.bytes().next() else {
            return Ok((Kind::End, "", ""));
        };
        let after = skip_one(self.rest, |_| true);
        match byte {
            b'a'..=b'z' if last <= Kind::Number => {
                let (letter, rest) = self.rest.split_at_checked(1).unwrap_or_default();
                Ok((Kind::Letter, letter, rest))
            }
            b'.' if last <= Kind::Number => number(Kind::Number, after),
            b'0'..=b'9' if last == Kind::Letter => number(Kind::First, self.rest),
            b'0'..=b'9' if last == Kind::Suffix => number(Kind::SuffixNumber, self.rest),
            b'_' if last <= Kind::SuffixNumber => {
                let (suffix, rest) = take_while(after, |byte| byte.is_ascii_lowercase());
                if rank(suffix).is_none() {
                    return Err(Fault::Grammar(
                        "a suffix after `_` is not one that apk knows",
                    ));
                }
                Ok((Kind::Suffix, suffix, rest))
            }
            b'~' if last < Kind::Hash => {
                let (hash, rest) = take_while(after, |byte| byte.is_ascii_hexdigit());
                if hash.is_empty() {
                    return Err(Fault::Grammar("the hash after `~` is empty"));
                }
                Ok((Kind::Hash, hash, rest))
            }
            b'-' if last <= Kind::Revision => match after.strip_prefix('r') {
                Some(digits) => number(Kind::Revision, digits),
                None => Err(Fault::Grammar("`-` must be followed by `r` and a number")),
            },
            byte if byte.is_ascii_alphanumeric() || b"._~-".contains(&byte) => {
                Err(Fault::Grammar("its parts do not stand in apk's order"))
            }
            byte => Err(Fault::Character {
                character: char::from(byte),
            }),
        }
    }
}

fn number(kind: Kind, text: &str) -> Result<(Kind, &str, &str), Fault> {
    let (digits, rest) = take_digits(text);
    if is_number(digits) {
        Ok((kind, digits, rest))
    } else {
        Err(Fault::Grammar("a number is missing"))
    }
}

fn leading_zeros(digits: &str) -> usize {
    take_while(digits, |byte| byte == b'0').0.len()
}

/// The order of the suffixes. A release without a suffix stands at 4.
fn rank(suffix: &str) -> Option<u8> {
    Some(match suffix {
        "alpha" => 0,
        "beta" => 1,
        "pre" => 2,
        "rc" => 3,
        "cvs" => 5,
        "svn" => 6,
        "git" => 7,
        "hg" => 8,
        "p" => 9,
        _ => return None,
    })
}

fn compare_tokens(left: Token<'_>, right: Token<'_>) -> Ordering {
    if left.kind == right.kind {
        return match left.kind {
            Kind::First | Kind::SuffixNumber | Kind::Revision => {
                compare_numbers(left.value, right.value)
            }
            Kind::Number => leading_zeros(right.value)
                .cmp(&leading_zeros(left.value))
                .then_with(|| compare_numbers(left.value, right.value)),
            Kind::Suffix => rank(left.value).cmp(&rank(right.value)),
            Kind::Letter | Kind::Hash | Kind::End => left.value.cmp(right.value),
        };
    }
    let before_release = |token: Token<'_>| {
        token.kind == Kind::Suffix && rank(token.value).is_some_and(|rank| rank < 4)
    };
    if before_release(left) {
        return Ordering::Less;
    }
    if before_release(right) {
        return Ordering::Greater;
    }
    // What could have come earlier in a version is newer: `1.0.1`, `1.0a`, `1.0_p1`, `1.0-r1`, `1.0`.
    right.kind.cmp(&left.kind)
}
