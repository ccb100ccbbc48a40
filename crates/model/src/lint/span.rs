//! Stretches of a text, and the lines and columns that people count.

use super::{Place, Region};

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
        // Cut first: a count of all that is there is fast, one that stops by itself is not.
        let near = before.floor_char_boundary(FAR.saturating_mul(4));
        let near = before.get(..near).unwrap_or_default();
        let columns = near.chars().count().min(FAR).saturating_add(1);
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
