//! Python package versions: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`.
//!
//! Source of grammar and order: PEP 440, now "Version specifiers" of the Python Packaging User Guide,
//! Appendix B (the regular expression) with every spelling that "Normalization" admits: leading `v`,
//! any case, `alpha`, `beta`, `c`, `pre`, `preview`, `rev`, `r`, `-1` for `.post1`, other separators,
//! blanks around. Zeros at the end of the release count for nothing.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{
    before, compare_ignoring_case, compare_numbers, is_number, only, skip_one, strip_word,
    take_digits,
};
use crate::typed::version_type;

version_type! {
    /// A Python package version.
    Pep440
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    epoch: &'a str,
    release: &'a str,
    /// Rank of `a`, `b` or `rc`, and the number.
    pre: Option<(u8, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

/// Spellings of the pre-release phases; a word stands before those that are its beginning.
const PHASES: &[(&str, u8)] = &[
    ("preview", 2),
    ("alpha", 0),
    ("beta", 1),
    ("pre", 2),
    ("rc", 2),
    ("a", 0),
    ("b", 1),
    ("c", 2),
];

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let text = text.trim_matches(' ');
        let text = skip_one(text, |byte| byte == b'v' || byte == b'V');
        let (first, rest) = take_digits(text);
        let (epoch, text) = match rest.strip_prefix('!') {
            Some(rest) if !first.is_empty() => (first, rest),
            _ => ("", text),
        };
        let (release, rest) = take_release(text);
        if release.is_empty() {
            return Err(Fault::Grammar("the release number is missing"));
        }
        if rest.is_empty() {
            // Most versions end here.
            return Ok(Self {
                epoch,
                release,
                ..Self::default()
            });
        }
        let (pre, rest) = take_pre(rest);
        let (post, rest) = take_post(rest);
        let (dev, rest) = match strip_word(skip_separator(rest), "dev") {
            Some(rest) => {
                let (number, rest) = take_counter(rest);
                (Some(number), rest)
            }
            None => (None, rest),
        };
        let local = match rest.strip_prefix('+') {
            Some(local) => Some(check_local(local)?),
            None if rest.is_empty() => None,
            None => {
                return Err(Fault::Grammar(
                    "something follows that PEP 440 does not know",
                ));
            }
        };
        Ok(Self {
            epoch,
            release,
            pre,
            post,
            dev,
            local,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        self.compare_public(other)
            .then_with(|| compare_locals(self.local, other.local))
    }

    /// Compares as if neither had a local label.
    pub(crate) fn compare_public(&self, other: &Self) -> Ordering {
        compare_numbers(self.epoch, other.epoch)
            .then_with(|| compare_releases(self.release, other.release))
            .then_with(|| compare_pres(self.pre_key(), other.pre_key()))
            .then_with(|| compare_optional(self.post, other.post))
            // Unlike a post-release, a development release is older than none.
            .then_with(|| match (self.dev, other.dev) {
                (Some(left), Some(right)) => compare_numbers(left, right),
                (left, right) => left.is_none().cmp(&right.is_none()),
            })
    }

    pub(crate) fn has_local(&self) -> bool {
        self.local.is_some()
    }

    /// `1.0.dev1` comes before `1.0a1`, and `1.0a1` before `1.0`; `1.0.post1.dev1` is no pre-release.
    fn pre_key(&self) -> (u8, &'a str) {
        match self.pre {
            Some((phase, number)) => (phase.saturating_add(1), number),
            None if self.post.is_none() && self.dev.is_some() => (0, ""),
            None => (u8::MAX, ""),
        }
    }
}

fn skip_separator(text: &str) -> &str {
    skip_one(text, |byte| matches!(byte, b'-' | b'_' | b'.'))
}

fn take_release(text: &str) -> (&str, &str) {
    let (first, mut rest) = take_digits(text);
    if first.is_empty() {
        return ("", text);
    }
    while rest.starts_with('.') {
        let after = skip_one(rest, |_| true);
        let (digits, after) = take_digits(after);
        if digits.is_empty() {
            break;
        }
        rest = after;
    }
    (before(text, rest), rest)
}

/// The number behind a word: an optional separator and digits, none meaning 0.
fn take_counter(text: &str) -> (&str, &str) {
    take_digits(skip_separator(text))
}

fn take_pre(text: &str) -> (Option<(u8, &str)>, &str) {
    let start = skip_separator(text);
    for (word, phase) in PHASES {
        if let Some(rest) = strip_word(start, word) {
            let (number, rest) = take_counter(rest);
            return (Some((*phase, number)), rest);
        }
    }
    (None, text)
}

fn take_post(text: &str) -> (Option<&str>, &str) {
    if let Some(rest) = text.strip_prefix('-') {
        let (number, rest) = take_digits(rest);
        if !number.is_empty() {
            return (Some(number), rest);
        }
    }
    let start = skip_separator(text);
    for word in ["post", "rev", "r"] {
        if let Some(rest) = strip_word(start, word) {
            let (number, rest) = take_counter(rest);
            return (Some(number), rest);
        }
    }
    (None, text)
}

fn is_separator(character: char) -> bool {
    matches!(character, '-' | '_' | '.')
}

fn check_local(local: &str) -> Result<&str, Fault> {
    if local.split(is_separator).any(str::is_empty) {
        return Err(Fault::Grammar("a part of the local label is empty"));
    }
    only(local, |byte| {
        byte.is_ascii_alphanumeric() || is_separator(char::from(byte))
    })?;
    Ok(local)
}

fn compare_releases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    while !(left.is_empty() && right.is_empty()) {
        // What is absent is empty, and an empty number is zero.
        let (left_number, left_rest) = take_digits(left);
        let (right_number, right_rest) = take_digits(right);
        let order = compare_numbers(left_number, right_number);
        if order.is_ne() {
            return order;
        }
        left = skip_one(left_rest, |byte| byte == b'.');
        right = skip_one(right_rest, |byte| byte == b'.');
    }
    Ordering::Equal
}

fn compare_pres(left: (u8, &str), right: (u8, &str)) -> Ordering {
    left.0
        .cmp(&right.0)
        .then_with(|| compare_numbers(left.1, right.1))
}

/// Absent is older than present.
fn compare_optional(left: Option<&str>, right: Option<&str>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => compare_numbers(left, right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

fn compare_locals(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else {
        return left.is_some().cmp(&right.is_some());
    };
    let mut left = left.split(is_separator);
    let mut right = right.split(is_separator);
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => match (is_number(left), is_number(right)) {
                (true, true) => compare_numbers(left, right),
                (false, false) => compare_ignoring_case(left, right),
                (left, right) => left.cmp(&right),
            },
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}
