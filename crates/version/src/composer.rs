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
use std::iter::repeat;

use crate::Fault;
use crate::scan::{
    before, compare_numbers, is_number, skip_one, strip_word, take_digits, take_while,
};
use crate::typed::version_type;

version_type! {
    /// A PHP package version.
    Composer
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    /// The numbers with their separators, as they are written.
    numbers: &'a str,
    form: Form,
    stability: Option<Stability>,
    /// The numbers behind the stability, with their separators.
    counter: &'a str,
    dev: Option<Stability>,
}

/// What the numbers are filled up with.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Up to four numbers, absent ones being 0.
    #[default]
    Release,
    /// Up to four numbers or wildcards, absent ones being wildcards.
    Branch,
    /// As many as there are.
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stability {
    Dev,
    Alpha,
    Beta,
    Candidate,
    Patch,
}

/// What `version_compare` tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Stability(Stability),
    End,
    Number(&'a str),
}

/// Spellings of stabilities; a word stands before those that are its beginning.
const STABILITIES: &[(&str, Option<Stability>)] = &[
    ("stable", None),
    ("patch", Some(Stability::Patch)),
    ("alpha", Some(Stability::Alpha)),
    ("beta", Some(Stability::Beta)),
    ("rc", Some(Stability::Candidate)),
    ("pl", Some(Stability::Patch)),
    ("a", Some(Stability::Alpha)),
    ("b", Some(Stability::Beta)),
    ("p", Some(Stability::Patch)),
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
        for _ in 0..3 {
            if let Some((number, after)) = rest.strip_prefix('.').map(take_digits)
                && !number.is_empty()
            {
                rest = after;
            }
        }
        let parts = Self {
            numbers: before(text, rest),
            ..Self::default()
        };
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
        let parts = Self {
            numbers: before(text, rest),
            form: Form::Date,
            ..Self::default()
        };
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
                self.counter = before(after, end);
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
        self.dev = Some(Stability::Dev);
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
        let well_formed = name.split('.').enumerate().all(|(index, part)| {
            index < 4 && (is_number(part) || (index > 0 && is_wildcard(part)))
        });
        well_formed.then_some(Self {
            numbers: name,
            form: Form::Branch,
            stability: None,
            counter: "",
            dev: Some(Stability::Dev),
        })
    }

    fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        let counter = self.counter.split(['.', '-']);
        let counter = counter.filter(|number| !number.is_empty());
        let (filler, most) = match self.form {
            Form::Release => ("0", 4),
            Form::Branch => (WILDCARD, 4),
            Form::Date => ("", usize::MAX),
        };
        let given = self.numbers.split(['.', ':', '-']);
        let fillers = repeat(filler).take_while(|filler| !filler.is_empty());
        let fill = |number| {
            if is_wildcard(number) {
                WILDCARD
            } else {
                number
            }
        };
        given
            .chain(fillers)
            .take(most)
            .map(move |number| Token::Number(fill(number)))
            .chain(self.stability.map(Token::Stability))
            .chain(counter.map(Token::Number))
            .chain(self.dev.map(Token::Stability))
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
            Self::Stability(Stability::Dev) => 0,
            Self::Stability(Stability::Alpha) => 1,
            Self::Stability(Stability::Beta) => 2,
            Self::Stability(Stability::Candidate) => 3,
            Self::End => 4,
            Self::Number(_) => 5,
            Self::Stability(Stability::Patch) => 6,
        }
    }
}

fn is_wildcard(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
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
