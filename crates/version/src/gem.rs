//! Ruby gem versions: `1.2.3`, `1.2.3.rc1`, `1.2.3-java`.
//!
//! Source of grammar and order: `Gem::Version` of RubyGems. A version is a list of segments, runs of
//! digits or of letters; any number of numeric segments; a segment of letters makes a pre-release;
//! `-` reads as `.pre.`; zeros at the end of the numeric prefix and of the whole count for nothing.
//!
//! A file name or a lock file may carry the platform behind a hyphen (`1.9.25-java`,
//! `1.13.3-x86_64-linux`). `Gem::Version` would take it for a pre-release, which makes a fixed gem
//! look vulnerable; a suffix that names a platform is therefore dropped.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_number, is_zero, skip_one, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A Ruby gem version.
    Gem
}

/// `head` are the numbers before the first letter or hyphen, without zeros at their end; `tail` is
/// the rest.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    head: &'a str,
    tail: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let text = strip_platform(text);
        check(text)?;
        let (head, tail) = take_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        Ok(Self {
            head: strip_zeros(head),
            tail,
        })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let mut left = Segments(self.head).chain(Segments(self.tail));
        let mut right = Segments(other.head).chain(Segments(other.tail));
        loop {
            let (next_left, next_right) = (left.next(), right.next());
            if next_left.is_none() && next_right.is_none() {
                return Ordering::Equal;
            }
            // A version that ends goes on with zeros.
            let next_left = next_left.unwrap_or("0");
            let next_right = next_right.unwrap_or("0");
            let order = match (is_number(next_left), is_number(next_right)) {
                (true, true) => compare_numbers(next_left, next_right),
                (false, false) => next_left.cmp(next_right),
                (left, right) => left.cmp(&right),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

/// Walks the runs of digits and of letters; a hyphen is the segment `pre`.
struct Segments<'a>(&'a str);

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start_matches('.');
        let (segment, rest) = match rest.bytes().next()? {
            b'-' => ("pre", skip_one(rest, |_| true)),
            byte if byte.is_ascii_digit() => take_digits(rest),
            _ => take_while(rest, |byte| byte.is_ascii_alphabetic()),
        };
        self.0 = rest;
        Some(segment)
    }
}

fn strip_zeros(mut head: &str) -> &str {
    loop {
        let trimmed = head.trim_end_matches('.');
        let (rest, last) = trimmed.rsplit_once('.').unwrap_or(("", trimmed));
        if trimmed.is_empty() || !is_zero(last) {
            return trimmed;
        }
        head = rest;
    }
}

/// `number{.alphanumerics}[-identifiers{.identifiers}]`
fn check(text: &str) -> Result<(), Fault> {
    let (version, suffix) = match text.split_once('-') {
        Some((version, suffix)) => (version, Some(suffix)),
        None => (text, None),
    };
    let mut parts = version.split('.');
    if !parts.next().is_some_and(is_number) {
        return Err(Fault::Grammar("it does not start with a number"));
    }
    let suffix_parts = suffix.into_iter().flat_map(|suffix| suffix.split('.'));
    for part in parts.chain(suffix_parts) {
        if part.is_empty() {
            return Err(Fault::Grammar("a segment is empty"));
        }
    }
    crate::scan::only(version, |byte| byte.is_ascii_alphanumeric() || byte == b'.')?;
    crate::scan::only(suffix.unwrap_or_default(), |byte| {
        byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'
    })
}

/// Processors that start a platform of `Gem::Platform`, as gems in the index are named.
const PROCESSORS: &[&str] = &[
    "x86_64",
    "x86",
    "x64",
    "i386",
    "i486",
    "i586",
    "i686",
    "aarch64",
    "arm64",
    "arm",
    "armv5",
    "armv6",
    "armv7",
    "armv8",
    "universal",
    "powerpc",
    "ppc64le",
    "ppc64",
    "ppc",
    "s390x",
    "riscv64",
    "sparc",
];

/// Platforms that are one word.
const PLATFORMS: &[&str] = &[
    "java", "jruby", "ruby", "dalvik", "mswin32", "mswin64", "mingw32",
];

fn strip_platform(text: &str) -> &str {
    let Some((version, suffix)) = text.split_once('-') else {
        return text;
    };
    let (processor, system) = suffix.split_once('-').unwrap_or((suffix, ""));
    // `arm-linux`, but not a lone `arm`; `java`, but not `java-1`.
    let named = if system.is_empty() {
        PLATFORMS.contains(&processor)
    } else {
        PROCESSORS.contains(&processor)
            && system.starts_with(|first: char| first.is_ascii_lowercase())
    };
    if named { version } else { text }
}
