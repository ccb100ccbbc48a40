//! The content of an entry.

use std::io::{self, BufRead, Read};

use super::TarError;
use super::source::Source;

/// A hole is handed out in pieces of this.
static ZEROS: [u8; 4096] = [0; 4096];

/// Where the walk is inside the present entry.
#[derive(Debug, Default)]
pub(super) struct Position {
    /// Stored bytes that are left.
    pub(super) stored: u64,
    /// What fills up the last block behind them.
    pub(super) padding: u64,
    /// Bytes of content that are left, holes included.
    left: u64,
    /// The parts of the content that are left, where it has holes.
    holes: Option<Holes>,
}

/// What is left of a sparse file.
#[derive(Debug)]
struct Holes {
    /// Zeros that come next.
    zeros: u64,
    /// Stored bytes that come after them.
    data: u64,
    /// Offset and length of the segments after that, last one first.
    segments: Vec<(u64, u64)>,
    /// Where `data` ends.
    offset: u64,
}

impl Position {
    pub(super) fn dense(stored: u64, padding: u64) -> Self {
        Self {
            stored,
            padding,
            left: stored,
            holes: None,
        }
    }

    pub(super) fn sparse(
        stored: u64,
        padding: u64,
        size: u64,
        mut segments: Vec<(u64, u64)>,
    ) -> Self {
        segments.reverse();
        Self {
            stored,
            padding,
            left: size,
            holes: Some(Holes {
                zeros: 0,
                data: 0,
                segments,
                offset: 0,
            }),
        }
    }

    /// How many zeros come next, and if none, how many stored bytes.
    fn next(&mut self) -> (u64, u64) {
        let Some(holes) = &mut self.holes else {
            return (0, self.left);
        };
        if holes.zeros == 0 && holes.data == 0 {
            let end = holes.offset.saturating_add(self.left);
            let (offset, length) = holes.segments.pop().unwrap_or((end, 0));
            holes.zeros = offset.saturating_sub(holes.offset);
            holes.data = length;
            holes.offset = offset.saturating_add(length);
        }
        (holes.zeros, holes.data)
    }

    fn consume(&mut self, count: u64) -> Part {
        self.left = self.left.saturating_sub(count);
        if let Some(holes) = &mut self.holes {
            if holes.zeros > 0 {
                holes.zeros = holes.zeros.saturating_sub(count);
                return Part::Hole;
            }
            holes.data = holes.data.saturating_sub(count);
        }
        self.stored = self.stored.saturating_sub(count);
        Part::Data
    }
}

/// What a piece of content is.
#[derive(PartialEq, Eq)]
enum Part {
    Hole,
    Data,
}

/// Reads the content of the present entry; holes read as zeros.
///
/// [`BufRead::fill_buf`] hands out what the pipeline holds, without copying. The end before
/// [`super::Entry::size`] bytes is an error, never a short content.
#[derive(Debug)]
pub struct Content<'a, R> {
    source: &'a mut Source<R>,
    position: &'a mut Position,
}

impl<'a, R: BufRead> Content<'a, R> {
    pub(super) fn new(source: &'a mut Source<R>, position: &'a mut Position) -> Self {
        Self { source, position }
    }

    /// Bytes that are left to read.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.position.left
    }
}

impl<R: BufRead> BufRead for Content<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position.left == 0 {
            return Ok(&[]);
        }
        let (zeros, data) = self.position.next();
        if zeros > 0 {
            let count = usize::try_from(zeros)
                .unwrap_or(usize::MAX)
                .min(ZEROS.len());
            return Ok(ZEROS.get(..count).unwrap_or_default());
        }
        let at_end = self.source.fill().map_err(into_io)?.is_empty();
        if at_end {
            return Err(into_io(self.source.truncated()));
        }
        let bytes = self.source.fill().map_err(into_io)?;
        let count = usize::try_from(data).unwrap_or(usize::MAX).min(bytes.len());
        Ok(bytes.get(..count).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if self.position.consume(count as u64) == Part::Data {
            self.source.consume(count);
        }
    }
}

impl<R: BufRead> Read for Content<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

fn into_io(error: TarError) -> io::Error {
    let kind = match &error {
        TarError::Read { source, .. } => source.kind(),
        TarError::Truncated { .. } => io::ErrorKind::UnexpectedEof,
        _ => io::ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}
