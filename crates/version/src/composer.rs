//! PHP package versions of Composer: `1.2.3.4-beta2`, `v1.0-RC1`, `2010-01-02`, `1.x-dev`.
//!
//! Source of grammar: `VersionParser::normalize` of composer/semver. Source of order: PHP's
//! `version_compare` on the normalised form:
//! `dev < alpha < beta < RC < (end) < number < patch`, so `1.0-RC < 1.0-RC1 < 1.0 < 1.0-p1`.
//! Four numbers at most, the absent ones 0; or a date of any shape, whose numbers are taken as they
//! are. A numeric branch (`1.x-dev`) is newer than every release of that branch.
//!
//! A named branch (`dev-master`) has no order (Composer answers "no" to every comparison with one),
//! so it is an error here, as are aliases (`1.0 as 2.0`) and stability flags (`1.0@dev`), which
//! belong to requirements.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_number, skip_one, strip_word, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A PHP package version.
    Composer
}

/// The numbers a date has at most: the year, six groups of two digits, and a last one.
const MOST: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    numbers: [Option<&'a str>; MOST],
    stability: Option<Token<'a>>,
    /// The numbers behind the stability, with their separators.
    counter: &'a str,
    dev: Option<Token<'a>>,
}

/// What `version_compare` tells apart, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Dev,
    Alpha,
    Beta,
    Candidate,
    End,
    Number(&'a str),
    Patch,
}

/// Spellings of stabilities; a word stands before those that are its beginning.
const STABILITIES: &[(&str, Option<Token<'static>>)] = &[
    ("stable", None),
    ("patch", Some(Token::Patch)),
    ("alpha", Some(Token::Alpha)),
    ("beta", Some(Token::Beta)),
    ("rc", Some(Token::Candidate)),
    ("pl", Some(Token::Patch)),
    ("a", Some(Token::Alpha)),
    ("b", Some(Token::Beta)),
    ("p", Some(Token::Patch)),
];

/// What Composer puts for the `x` of a branch.
const WILDCARD: &str = "9999999";

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        if strip_word(text, "dev-").is_some() {
            return Err(Fault::Grammar("a named branch has no order"));
        }
        crate::scan::only(text, |byte| byte != b' ' && byte != b',' && byte != b'@')?;
        let text = match text.split_once('+') {
            Some(("", _) | (_, "")) => return Err(Fault::Grammar("the text around `+` is empty")),
            Some((text, _)) => text,
            None => text,
        };
        let body = skip_one(text, |byte| byte == b'v' || byte == b'V');
        Self::parse_release(body)
            .or_else(|| Self::parse_date(body))
            .or_else(|| Self::parse_branch(text))
            .ok_or(Fault::Grammar(
                "it is none of the forms that Composer knows",
            ))
    }

    fn parse_release(text: &'a str) -> Option<Self> {
        let (major, mut rest) = take_digits(text);
        if major.is_empty() || major.len() > 5 {
            return None;
        }
        let mut parts = Self::default();
        let mut numbers = parts.numbers.iter_mut().take(4);
        if let Some(slot) = numbers.next() {
            *slot = Some(major);
        }
        for slot in numbers {
            *slot = Some("0");
            if let Some((number, after)) = rest.strip_prefix('.').map(take_digits)
                && !number.is_empty()
            {
                *slot = Some(number);
                rest = after;
            }
        }
        parts.parse_modifiers(rest)
    }

    /// A year, then groups of two digits, then perhaps up to three more. What is written without
    /// separators is one number.
    fn parse_date(text: &'a str) -> Option<Self> {
        let mut rest = split_digits(text, 4)?;
        let mut groups = 0_u8;
        while groups < 6 {
            let Some(after) = split_digits(skip_date_separator(rest), 2) else {
                break;
            };
            rest = after;
            groups = groups.saturating_add(1);
        }
        if groups == 0 {
            return None;
        }
        let last = skip_date_separator(rest);
        if let Some(after) = (1..=3).rev().find_map(|count| split_digits(last, count)) {
            rest = after;
        }
        let date = text.strip_suffix(rest).unwrap_or(text);
        let mut parts = Self::default();
        for (slot, number) in parts.numbers.iter_mut().zip(date.split(['.', ':', '-'])) {
            *slot = Some(number);
        }
        parts.parse_modifiers(rest)
    }

    fn parse_modifiers(mut self, rest: &'a str) -> Option<Self> {
        let start = skip_one(rest, |byte| b"._-".contains(&byte));
        let word = STABILITIES
            .iter()
            .find_map(|(word, token)| Some((token, strip_word(start, word)?)));
        let mut rest = start;
        if let Some((token, after)) = word {
            let mut end = after;
            loop {
                let (digits, next) =
                    take_digits(skip_one(end, |byte| byte == b'.' || byte == b'-'));
                if digits.is_empty() {
                    break;
                }
                end = next;
            }
            rest = end;
            // `stable` is no more than a release, and what stands behind it is dropped.
            self.stability = *token;
            if token.is_some() {
                self.counter = after.strip_suffix(end).unwrap_or(after);
            } else {
                let dev = skip_one(rest, |byte| byte == b'.' || byte == b'-');
                let rest = strip_word(dev, "dev").unwrap_or(rest);
                return rest.is_empty().then_some(self);
            }
        }
        if rest.is_empty() {
            return Some(self);
        }
        let dev = skip_one(rest, |byte| byte == b'.' || byte == b'-');
        self.dev = Some(Token::Dev);
        strip_word(dev, "dev")?.is_empty().then_some(self)
    }

    /// `1.x-dev`, `v2.0.*-dev`: up to four numbers or wildcards.
    fn parse_branch(text: &'a str) -> Option<Self> {
        let (name, dev) = text.split_at_checked(text.len().checked_sub(3)?)?;
        if !dev.eq_ignore_ascii_case("dev") {
            return None;
        }
        let name = name.strip_suffix(['.', '-']).unwrap_or(name);
        let name = skip_one(name, |byte| byte == b'v' || byte == b'V');
        let mut given = name.split('.');
        let mut parts = Self::default();
        for (index, slot) in parts.numbers.iter_mut().take(4).enumerate() {
            *slot = Some(match given.next() {
                Some(number) if is_number(number) => number,
                Some("x" | "X" | "*") | None if index > 0 => WILDCARD,
                _ => return None,
            });
        }
        parts.dev = Some(Token::Dev);
        given.next().is_none().then_some(parts)
    }

    fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        let counter = self.counter.split(['.', '-']);
        let counter = counter.filter(|number| !number.is_empty());
        self.numbers
            .into_iter()
            .flatten()
            .map(Token::Number)
            .chain(self.stability)
            .chain(counter.map(Token::Number))
            .chain(self.dev)
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let mut left = self.tokens();
        let mut right = other.tokens();
        loop {
            let (next_left, next_right) = (left.next(), right.next());
            if next_left.is_none() && next_right.is_none() {
                return Ordering::Equal;
            }
            let next_left = next_left.unwrap_or(Token::End);
            let next_right = next_right.unwrap_or(Token::End);
            let order = match (next_left, next_right) {
                (Token::Number(left), Token::Number(right)) => compare_numbers(left, right),
                (left, right) => left.rank().cmp(&right.rank()),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

impl Token<'_> {
    fn rank(self) -> u8 {
        match self {
            Self::Dev => 0,
            Self::Alpha => 1,
            Self::Beta => 2,
            Self::Candidate => 3,
            Self::End => 4,
            Self::Number(_) => 5,
            Self::Patch => 6,
        }
    }
}

fn skip_date_separator(text: &str) -> &str {
    skip_one(text, |byte| b".:-".contains(&byte))
}

/// The rest behind exactly `count` digits.
fn split_digits(text: &str, count: usize) -> Option<&str> {
    let (digits, rest) = text.split_at_checked(count)?;
    let (_, other) = take_while(digits, |byte| byte.is_ascii_digit());
    other.is_empty().then_some(rest)
}
