//! What secrets look like: by their own shape, and by the name under which a value stands.
//!
//! Text goes in; rule, place, preview and fingerprint come out. The plaintext never leaves this crate.
//! Finding the files, variables and steps to look at is the work of others.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a test that panics has found something"
    )
)]

mod named;
mod places;
mod rules;

use std::sync::OnceLock;

use plimsoll_model::{Severity, Text};
use regex::bytes::{Regex, RegexBuilder};

pub use named::{Assignment, assignments, judge_assignment, promises_secret};
pub use places::places;
pub use rules::RULES;

/// The shape of one kind of secret.
#[derive(Debug)]
pub struct Rule {
    /// Id, such as `secret/github-token`. Ids are forever.
    pub id: &'static str,
    /// What it is.
    pub title: Text,
    /// How bad it is to have it in an image.
    pub severity: Severity,
    /// Texts without one of which the pattern cannot match, compared as they stand.
    pub keywords: &'static [&'static str],
    /// The pattern; its group `secret`, or all of it, is the secret.
    pub pattern: &'static str,
    /// How many of the first characters may be shown, because they are the same for all secrets of the kind.
    pub shown: usize,
    /// Texts that match.
    pub examples: &'static [&'static str],
    /// Texts that look alike and do not match.
    pub counter_examples: &'static [&'static str],
}

/// A secret that was found, without its plaintext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule.
    pub rule: &'static str,
    /// What it is.
    pub title: Text,
    /// How bad it is.
    pub severity: Severity,
    /// Line, from 1.
    pub line: u32,
    /// A few characters for its owner, the rest as `*`.
    pub preview: String,
    /// Equal for equal secrets, useless to find them.
    pub fingerprint: String,
}

/// Patterns are compiled when the first text with one of their keywords comes.
static COMPILED: [OnceLock<Option<Regex>>; RULES.len()] = [const { OnceLock::new() }; RULES.len()];

/// The rules that a text may break, by their keywords.
fn candidates(text: &[u8]) -> impl Iterator<Item = (&'static Rule, &'static Regex)> {
    let with_keyword = move |(rule, _): &(&'static Rule, _)| {
        let mut keywords = rule.keywords.iter();
        keywords.any(|keyword| memchr::memmem::find(text, keyword.as_bytes()).is_some())
    };
    RULES
        .iter()
        .zip(&COMPILED)
        .filter(with_keyword)
        .filter_map(|(rule, compiled)| {
            let compile = || {
                let mut builder = RegexBuilder::new(rule.pattern);
                builder.size_limit(1 << 20).build().ok()
            };
            Some((rule, compiled.get_or_init(compile).as_ref()?))
        })
}

/// Finds the secrets in a text by their own shape, in the order of rules and then of places.
///
/// Takes time linear in the text; finds at most 100 secrets of one rule.
#[must_use]
pub fn scan(text: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    for (rule, regex) in candidates(text) {
        for captures in regex.captures_iter(text).take(100) {
            let Some(secret) = captures.name("secret").or_else(|| captures.get(0)) else {
                continue;
            };
            let before = text.get(..secret.start()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', before).count().saturating_add(1);
            found.push(Found {
                rule: rule.id,
                title: rule.title.clone(),
                severity: rule.severity,
                line: u32::try_from(line).unwrap_or(u32::MAX),
                preview: preview(secret.as_bytes(), rule.shown),
                fingerprint: fingerprint(rule.id, secret.as_bytes()),
            });
        }
    }
    found
}

/// Replaces every secret in a text by its preview, so that the text can be shown.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = text.to_owned();
    for (rule, regex) in candidates(text.as_bytes()) {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for captures in regex.captures_iter(out.as_bytes()) {
            if let Some(secret) = captures.name("secret").or_else(|| captures.get(0)) {
                ranges.push((secret.start(), secret.end()));
            }
        }
        for (start, end) in ranges.into_iter().rev() {
            let Some(secret) = out.get(start..end) else {
                continue;
            };
            let shown = preview(secret.as_bytes(), rule.shown);
            out.replace_range(start..end, &shown);
        }
    }
    for found in assignments(&out.clone()) {
        if judge_assignment(found.name, found.value).is_some() && !found.value.is_empty() {
            out = out.replace(
                &format!("{}={}", found.name, found.value),
                &format!("{}=********", found.name),
            );
        }
    }
    out
}

fn preview(secret: &[u8], shown: usize) -> String {
    let text = String::from_utf8_lossy(secret);
    let head: String = text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(shown)
        .collect();
    format!("{head}********")
}

/// The first 64 bits of a hash over rule and secret: secrets with a shape of their own are long and random,
/// so that nobody finds them from it.
fn fingerprint(rule: &str, secret: &[u8]) -> String {
    let mut bytes = format!("plimsoll secret fingerprint 1\n{rule}\n").into_bytes();
    bytes.extend_from_slice(secret);
    plimsoll_model::Digest::of(&bytes)
        .hex()
        .get(..16)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_finds_its_examples_and_nothing_else() {
        for rule in RULES {
            assert!(!rule.examples.is_empty(), "{} has no example", rule.id);
            for example in rule.examples {
                // Examples are written in two halves, so that no scanner takes this file for a leak.
                let text = example.replace('\u{b7}', "");
                let found = scan(text.as_bytes());
                assert!(
                    found.iter().any(|f| f.rule == rule.id),
                    "{}: {text}",
                    rule.id
                );
                for found in found {
                    assert!(found.preview.ends_with("********"), "{}", rule.id);
                }
                assert!(!redact(&text).contains(&text), "{}", rule.id);
            }
            for text in rule.counter_examples {
                let text = text.replace('\u{b7}', "");
                assert!(
                    scan(text.as_bytes()).iter().all(|f| f.rule != rule.id),
                    "{}: {text}",
                    rule.id
                );
            }
        }
    }

    #[test]
    fn ids_are_unique_and_lines_are_counted() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        let text = "one\ntwo AKIA\u{b7}Q3EGRIT7WPH4NLBX\n".replace('\u{b7}', "");
        let found = scan(text.as_bytes());
        assert_eq!(found[0].line, 2);
        assert_eq!(found[0].preview, "AKIA********");
    }
}
