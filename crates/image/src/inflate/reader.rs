//! gzip as an ordinary reader, for small things beside the layers.

use std::io::{self, BufRead, Read};

use super::decode::Decoder;
use super::gzip::Gunzip;
use super::{Ending, Failure, Input, Progress, Unpack, Window};

/// Content that is handed out at a time.
const CHUNK: usize = 64 * 1024;
/// Compressed bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Reads what a gzip stream contains: a compressed man page, a package inside a layer, an archive around an image.
///
/// It has no limit of its own; wrap it in [`Read::take`].
pub struct GunzipReader<R> {
    input: Piecewise<R>,
    gunzip: Gunzip<Decoder>,
    buffer: Vec<u8>,
    /// Where content begins that was not handed out yet.
    start: usize,
    end: usize,
    history: usize,
    finished: bool,
}

impl<R> std::fmt::Debug for GunzipReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GunzipReader").finish_non_exhaustive()
    }
}

impl<R: Read> GunzipReader<R> {
    /// Reads gzip from `reader`.
    pub fn new(reader: R) -> Self {
        Self {
            input: Piecewise {
                reader,
                buffer: Vec::new(),
                at: 0,
                ending: Ending::Open,
            },
            gunzip: Gunzip::new(Decoder::new()),
            buffer: vec![
                0;
                Window::REACH
                    .saturating_add(CHUNK)
                    .saturating_add(Window::SLACK)
            ],
            start: Window::REACH,
            end: Window::REACH,
            history: Window::REACH,
            finished: false,
        }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        // The last bytes become the history of what follows.
        let keep = self.end.saturating_sub(Window::REACH);
        self.buffer.copy_within(keep..self.end, 0);
        let mut window = Window {
            bytes: &mut self.buffer,
            history: self.history.saturating_sub(keep),
            end: Window::REACH,
        };
        let progress = self
            .gunzip
            .fill(&mut self.input, &mut window)
            .map_err(|failure| match failure {
                Failure::Corrupt(corrupt) => io::Error::new(io::ErrorKind::InvalidData, corrupt),
                Failure::Input(error) => error,
            })?;
        (self.start, self.end, self.history) = (Window::REACH, window.end, window.history);
        self.finished = progress == Progress::Finished;
        Ok(())
    }
}

impl<R: Read> BufRead for GunzipReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end && !self.finished {
            self.next_chunk()?;
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }
}

impl<R: Read> Read for GunzipReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

/// A reader as decoder input, in one buffer.
struct Piecewise<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    ending: Ending,
}

impl<R: Read> Input for Piecewise<R> {
    type Error = io::Error;

    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.buffer.len());
    }

    fn more(&mut self) -> io::Result<Ending> {
        if self.ending == Ending::Open {
            self.buffer.drain(..self.at);
            self.at = 0;
            let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
            if self
                .reader
                .by_ref()
                .take(limit)
                .read_to_end(&mut self.buffer)?
                < PIECE
            {
                self.ending = Ending::Reached;
            }
        }
        Ok(self.ending)
    }

    fn ending(&self) -> Ending {
        self.ending
    }
}
