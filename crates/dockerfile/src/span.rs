//! Stretches of a text, and texts put together from them.

pub use plimsoll_model::lint::span::{Lines, Span};

/// A text put together from stretches of another, which knows where each of its bytes came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joined {
    text: String,
    /// Where in `text` a piece begins, and where that stands in the source; in order of both.
    pieces: Vec<(usize, usize)>,
    /// Behind the last byte, in the source.
    end: usize,
}

impl Joined {
    /// Adds a stretch of the source.
    pub(crate) fn push(&mut self, source: &str, span: Span) {
        let piece = span.of(source);
        if piece.is_empty() {
            self.end = self.end.max(span.start);
            return;
        }
        // A stretch that follows the last one without a gap is no piece of its own.
        if self.pieces.is_empty() || self.end != span.start {
            self.pieces.push((self.text.len(), span.start));
        }
        self.text.push_str(piece);
        self.end = span.end;
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the text stands in the source.
    #[must_use]
    pub fn offset(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.end;
        }
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        match next.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((start, source)) => source.saturating_add(at.saturating_sub(*start)),
            None => self.end,
        }
    }

    /// Where a stretch of the text stands in the source. It ends with its last byte, not where the next
    /// piece begins.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start);
        let end = match span.end.checked_sub(1) {
            Some(last) if span.end > span.start => self.offset(last).saturating_add(1),
            _ => start,
        };
        Span::new(start, end.min(self.end.max(start)))
    }

    /// A part of the text, which knows where it came from as well.
    #[must_use]
    pub fn part(&self, span: Span) -> Self {
        let text = span.of(&self.text).to_owned();
        let first = self
            .pieces
            .partition_point(|(start, _)| *start <= span.start)
            .saturating_sub(1);
        let mut pieces = Vec::new();
        for (start, source) in self.pieces.iter().skip(first) {
            if *start >= span.end {
                break;
            }
            let skipped = span.start.saturating_sub(*start);
            pieces.push((
                start.saturating_sub(span.start),
                source.saturating_add(skipped),
            ));
        }
        let end = self.span(span).end;
        Self { text, pieces, end }
    }
}
