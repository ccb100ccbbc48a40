//! Looks at text ahead of the parser, and at parts of words behind it.

use super::word::Part;
use crate::Span;

/// How far ahead the end of a bracket is looked for.
const NEAR: usize = 1_000;

/// The length of the glob `[…]` at the start of a text; where there is none, how far none begins.
pub(super) fn bracket(text: &str) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut at = 1_usize;
    if matches!(bytes.get(at), Some(b'!' | b'^')) {
        at = at.saturating_add(1);
    }
    if bytes.get(at) == Some(&b']') {
        at = at.saturating_add(1);
    }
    // Within `[:…:]`, the next `]` ends the class.
    let mut class = false;
    while at < NEAR {
        match bytes.get(at) {
            Some(b']') if class => class = false,
            Some(b']') => return Ok(at.saturating_add(1)),
            Some(b'[') if matches!(bytes.get(at.saturating_add(1)), Some(b':' | b'.' | b'=')) => {
                class = true;
                at = at.saturating_add(1);
            }
            Some(byte) if !ends_bracket(*byte) => {}
            _ => break,
        }
        at = at.saturating_add(1);
    }
    Err(at)
}

fn ends_bracket(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b';'
            | b'&'
            | b'|'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'\''
            | b'"'
            | b'`'
            | b'$'
            | b'\\'
            | b'/'
            | b'{'
            | b'}'
    )
}

/// Whether `]` comes before the end of the line; if not, how far there is none.
pub(super) fn closes(text: &str) -> Result<(), usize> {
    let mut reach = 0_usize;
    for byte in text.bytes().take(NEAR) {
        match byte {
            b']' => return Ok(()),
            b'\n' => break,
            _ => reach = reach.saturating_add(1),
        }
    }
    Err(reach)
}

/// What stands before the closing backtick: how long it is, whether it holds escapes that are removed, and
/// whether there is a closing one.
pub(super) fn backticks(text: &str, in_quotes: bool) -> (usize, bool, bool) {
    let mut escaped = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'`' => return (at, escaped, true),
            b'\\' => {
                if let Some((_, next)) = bytes.next() {
                    escaped |= is_escape(next, in_quotes);
                }
            }
            _ => {}
        }
    }
    (text.len(), escaped, false)
}

/// Whether a backslash before this byte is removed in backticks.
fn is_escape(byte: u8, in_quotes: bool) -> bool {
    matches!(byte, b'`' | b'\\' | b'$') || (in_quotes && byte == b'"')
}

/// The stretches that remain when the escapes of backticks are removed.
pub(super) fn unescaped(text: &str, in_quotes: bool) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut start = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        if byte != b'\\' {
            continue;
        }
        if let Some((next, after)) = bytes.next()
            && is_escape(after, in_quotes)
        {
            pieces.push(Span::new(start, at));
            start = next;
        }
    }
    pieces.push(Span::new(start, text.len()));
    pieces
}

/// Leaves those marks of braces that make a brace expansion, and makes literals of the others.
pub(super) fn braces(parts: &mut Vec<Part>) {
    if !parts.iter().any(|part| matches!(part, Part::Brace { .. })) {
        return;
    }
    let real = real_braces(parts);
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for (part, real) in std::mem::take(parts).into_iter().zip(real) {
        let part = match part {
            Part::Brace { span, mark } if !real => Part::Literal {
                span,
                text: mark.to_string(),
                escaped: false,
            },
            part => part,
        };
        match (merged.last_mut(), part) {
            (
                Some(Part::Literal {
                    span,
                    text,
                    escaped,
                }),
                Part::Literal {
                    span: next,
                    text: more,
                    escaped: more_escaped,
                },
            ) => {
                *span = span.to(next);
                text.push_str(&more);
                *escaped |= more_escaped;
            }
            (_, part) => merged.push(part),
        }
    }
    *parts = merged;
}

/// An open brace: its place, the commas of its level, and whether `..` stands in it.
struct Open {
    at: usize,
    commas: Vec<usize>,
    range: bool,
}

fn real_braces(parts: &[Part]) -> Vec<bool> {
    let mut real = vec![false; parts.len()];
    let mut open: Vec<Open> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Brace { mark: '{', .. } => open.push(Open {
                at,
                commas: Vec::new(),
                range: false,
            }),
            Part::Brace { mark: ',', .. } => {
                if let Some(level) = open.last_mut() {
                    level.commas.push(at);
                }
            }
            Part::Brace { .. } => {
                let Some(level) = open.pop() else { continue };
                if level.commas.is_empty() && !level.range {
                    continue;
                }
                for mark in level.commas.into_iter().chain([level.at, at]) {
                    if let Some(slot) = real.get_mut(mark) {
                        *slot = true;
                    }
                }
            }
            Part::Literal { text, .. } => {
                if let Some(level) = open.last_mut() {
                    level.range |= text.contains("..");
                }
            }
            _ => {}
        }
    }
    real
}
