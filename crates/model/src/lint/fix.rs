//! Patches: stretches of the file and what stands there instead.

use super::span::Span;
use super::{Edit, LintFinding, Safety};

/// Puts a text in the place of a stretch.
#[must_use]
pub fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit {
        start: span.start,
        end: span.end,
        text: text.into(),
    }
}

/// Puts a text before a byte.
#[must_use]
pub fn insert(at: usize, text: impl Into<String>) -> Edit {
    replace(Span::new(at, at), text)
}

/// Takes a stretch away.
#[must_use]
pub fn remove(span: Span) -> Edit {
    replace(span, "")
}

/// A stretch and the rest of its last line with the line break, which leaves no empty line when it is removed.
#[must_use]
pub fn whole_lines(text: &str, span: Span) -> Span {
    let rest = text.get(span.end..).unwrap_or_default();
    let end = match rest.find('\n') {
        Some(at) => span.end.saturating_add(at).saturating_add(1),
        None => text.len(),
    };
    let before = text.get(..span.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    Span::new(start, end)
}

/// The text with the patches of these findings, and how many were applied: the safe ones, or all of them where
/// `least` is [`Safety::Unsafe`]. One that touches what another has changed waits for the next round.
#[must_use]
pub fn apply<'a>(
    text: &str,
    findings: impl IntoIterator<Item = &'a LintFinding>,
    least: Safety,
) -> (String, usize) {
    let mut fixes: Vec<_> = findings
        .into_iter()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.safety == Safety::Safe || least == Safety::Unsafe)
        .filter(|fix| !fix.edits.is_empty())
        .collect();
    fixes.sort_by_key(|fix| fix.edits.first().map(|edit| (edit.start, edit.end)));
    fixes.dedup_by(|a, b| a.edits == b.edits);
    let mut taken: Vec<&Edit> = Vec::new();
    let mut applied: usize = 0;
    for fix in fixes {
        // Fixes come in order of their first edit. One that touches what the last has changed waits.
        let behind = taken.last().map(|edit| edit.end);
        let first = fix.edits.first().map(|edit| edit.start);
        if first > behind && fits(text, &fix.edits) {
            taken.extend(&fix.edits);
            applied = applied.saturating_add(1);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in taken {
        out.push_str(text.get(at..edit.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (out, applied)
}

/// Whether edits are of this text, in order, and none touches another.
fn fits(text: &str, edits: &[Edit]) -> bool {
    let mut behind = 0;
    edits.iter().all(|edit| {
        let fits = behind <= edit.start
            && edit.start <= edit.end
            && text.is_char_boundary(edit.start)
            && text.is_char_boundary(edit.end);
        behind = edit.end;
        fits
    })
}
