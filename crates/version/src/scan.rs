//! The few moves that every scheme's reader is made of.
//!
//! All texts are ASCII by the time they come here ([`admit`]), so byte positions are character
//! positions and cutting never fails.

use std::cmp::Ordering;

use crate::{Fault, MAX_LENGTH};

/// Checks what holds for a version of any scheme: not empty, not too long, printable ASCII.
pub(crate) fn admit(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(Fault::TooLong { length: text.len() });
    }
    only(text, |byte| (b' '..=b'~').contains(&byte))
}

/// Checks that every byte of `text` is allowed.
pub(crate) fn only(text: &str, allowed: impl Fn(u8) -> bool) -> Result<(), Fault> {
    if text.bytes().all(&allowed) {
        return Ok(());
    }
    // Every character that is not ASCII holds a byte that no scheme allows.
    let bad = |character: &char| !u8::try_from(*character).is_ok_and(&allowed);
    let character = text
        .chars()
        .find(bad)
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    Err(Fault::Character { character })
}

/// Splits `text` before the first byte that is not wanted.
pub(crate) fn take_while(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !wanted(byte));
    end.and_then(|end| text.split_at_checked(end))
        .unwrap_or((text, ""))
}

/// What stands before `rest`, which is an end of `text`.
pub(crate) fn before<'a>(text: &'a str, rest: &str) -> &'a str {
    let length = text.len().saturating_sub(rest.len());
    text.get(..length).unwrap_or(text)
}

/// Splits the leading run of digits off.
pub(crate) fn take_digits(text: &str) -> (&str, &str) {
    take_while(text, |byte| byte.is_ascii_digit())
}

/// Splits at the first byte that is `separator`, dropping it. For short texts and a single byte this
/// is several times faster than the searcher of `str::split_once`.
pub(crate) fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    let (head, tail) = take_while(text, |byte| byte != separator);
    Some((head, tail.get(1..)?))
}

/// Takes up to `N` pieces between dots; `None` if there are more.
pub(crate) fn dotted<const N: usize>(text: &str) -> Option<[Option<&str>; N]> {
    let mut rest = Some(text);
    let pieces = [(); N].map(|()| {
        let (piece, after) = match cut(rest?, b'.') {
            Some((piece, after)) => (Some(piece), Some(after)),
            None => (rest, None),
        };
        rest = after;
        piece
    });
    rest.is_none().then_some(pieces)
}

/// Drops one leading byte if it is wanted.
pub(crate) fn skip_one(text: &str, wanted: impl Fn(u8) -> bool) -> &str {
    match text.bytes().next() {
        Some(byte) if wanted(byte) => text.get(1..).unwrap_or(text),
        _ => text,
    }
}

/// Drops a leading word whatever its case; the word is given in lower case.
pub(crate) fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(tail)
}

/// Whether `text` has digits and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is a number whose value is zero, an absent number included.
pub(crate) fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

/// Compares two runs of digits by value, however long; an absent number is zero.
pub(crate) fn compare_numbers(left: &str, right: &str) -> Ordering {
    let (_, left) = take_while(left, |byte| byte == b'0');
    let (_, right) = take_while(right, |byte| byte == b'0');
    // Most numbers have one or two digits, for which a loop beats a call of `memcmp`.
    let digits = || left.bytes().cmp(right.bytes());
    left.len().cmp(&right.len()).then_with(digits)
}

/// Compares two texts as if both were in lower case.
pub(crate) fn compare_ignoring_case(left: &str, right: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    left.bytes().map(lower).cmp(right.bytes().map(lower))
}
