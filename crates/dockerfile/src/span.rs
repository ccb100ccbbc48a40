//! Stretches of a text, and the lines and columns that people count.

use plimsoll_model::lint::{Place, Region};

/// A stretch of a text in bytes, from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

impl Span {
    /// A stretch; one whose end lies before its start is empty and stands at the start.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// From the start of one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), other.end.max(self.end))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the other lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What stands there; nothing where the stretch is not of this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Where the lines of a text begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Counts the lines of a text; a line ends with its line feed.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at.saturating_add(1)))
            .collect();
        Self { starts }
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The byte at which a line begins, lines counted from 1; `None` behind the last line.
    #[must_use]
    pub fn start(&self, line: u32) -> Option<usize> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        self.starts.get(index).copied()
    }

    /// Line and column of a byte of that text. Columns are counted to at most 10,000 characters, so that a
    /// line of megabytes costs nothing.
    #[must_use]
    pub fn place(&self, text: &str, offset: usize) -> Place {
        const FAR: usize = 10_000;
        let line = self.line(offset);
        let start = self.start(line).unwrap_or_default();
        let before = text.get(start..offset).unwrap_or_default();
        let columns = before.chars().take(FAR).count().saturating_add(1);
        Place {
            line,
            column: u32::try_from(columns).unwrap_or(u32::MAX),
        }
    }

    /// Lines and columns of a stretch of that text.
    #[must_use]
    pub fn region(&self, text: &str, span: Span) -> Region {
        Region {
            start: self.place(text, span.start),
            end: self.place(text, span.end),
        }
    }
}

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
