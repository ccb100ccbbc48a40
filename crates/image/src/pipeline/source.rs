//! The blob's bytes, as they come from the thread that reads them, as input of a decoder.

use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::chunk::Pool;
use super::fetch::{Fetched, ROOM, Spent};
use super::{BlobError, Expect, Limits};
use crate::inflate::{Ending, Input};

/// A blob as decoder input.
pub(super) struct Source {
    pieces: Receiver<Result<Fetched, BlobError>>,
    pool: Pool,
    buffer: Vec<u8>,
    /// Whether `buffer` holds a piece as it was fetched, and nothing else but what stands before it.
    is_piece: bool,
    /// Where in `buffer` the unused bytes begin.
    at: usize,
    ending: Ending,
    /// Whether pieces are kept to be hashed.
    keeps: bool,
    /// Pieces that are used up.
    spent: Vec<Spent>,
    /// Bytes received so far.
    pub(super) size: u64,
    pub(super) consumed: u64,
    pub(super) expect: Expect,
    pub(super) limits: Limits,
    deadline: Option<Instant>,
}

impl Source {
    /// A source of `pieces`, whose buffers go back to `pool`.
    pub(super) fn new(
        pieces: Receiver<Result<Fetched, BlobError>>,
        expect: Expect,
        limits: Limits,
        deadline: Option<Instant>,
        pool: Pool,
    ) -> Self {
        Self {
            pieces,
            pool,
            buffer: Vec::new(),
            is_piece: false,
            at: 0,
            ending: Ending::Open,
            keeps: false,
            spent: Vec::new(),
            size: 0,
            consumed: 0,
            expect,
            limits,
            deadline,
        }
    }

    /// From here on every piece is handed out by [`Source::spent`] when it is used up, in their order. This must be
    /// said before the second piece comes.
    pub(super) fn keep_pieces(&mut self) {
        self.keeps = true;
    }

    /// The pieces that were used up since the last call.
    pub(super) fn spent(&mut self) -> Vec<Spent> {
        if self.bytes().is_empty() {
            let last = std::mem::take(&mut self.buffer);
            self.at = 0;
            self.put_away(last);
            self.is_piece = false;
        }
        std::mem::take(&mut self.spent)
    }

    /// Passes over what is left of the present piece, and takes the next one.
    pub(super) fn skip(&mut self) -> Result<Ending, BlobError> {
        self.consume(self.bytes().len());
        self.more()
    }

    /// Keeps a piece for who hashes it, or uses its buffer again.
    fn put_away(&mut self, buffer: Vec<u8>) {
        if self.keeps && self.is_piece {
            self.spent.push(Spent::new(buffer, &self.pool));
        } else {
            self.pool.give(buffer);
        }
    }

    pub(super) fn check_time(&self) -> Result<(), BlobError> {
        check_time(self.deadline, &self.expect, &self.limits)
    }
}

/// Says that the time for a blob is over, if it is.
pub(super) fn check_time(
    deadline: Option<Instant>,
    expect: &Expect,
    limits: &Limits,
) -> Result<(), BlobError> {
    match deadline {
        Some(deadline) if Instant::now() >= deadline => Err(BlobError::Time {
            blob: expect.name.clone(),
            seconds: limits.time.as_secs(),
        }),
        _ => Ok(()),
    }
}

impl Input for Source {
    type Error = BlobError;

    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        let count = count.min(self.bytes().len());
        self.at = self.at.saturating_add(count);
        self.consumed = self.consumed.saturating_add(count as u64);
    }

    fn more(&mut self) -> Result<Ending, BlobError> {
        if self.ending == Ending::Reached {
            return Ok(Ending::Reached);
        }
        let Ok(piece) = self.pieces.recv() else {
            return Err(BlobError::Worker {
                blob: self.expect.name.clone(),
                reason: "the thread that reads ended early; this is a bug".into(),
            });
        };
        let Fetched { buffer, ending } = piece?;
        let fetched = buffer.len().saturating_sub(ROOM);
        let kept = self.bytes().len();
        if let Some(begin) = ROOM.checked_sub(kept) {
            let old = std::mem::replace(&mut self.buffer, buffer);
            let unused = old.get(self.at..).unwrap_or_default();
            if let Some(room) = self.buffer.get_mut(begin..ROOM) {
                room.copy_from_slice(unused);
            }
            self.at = begin;
            self.put_away(old);
            self.is_piece = true;
        } else {
            // Little was used of a whole piece.
            let piece = buffer.get(ROOM..).unwrap_or_default();
            let longer = [self.bytes(), piece].concat();
            let old = std::mem::replace(&mut self.buffer, longer);
            self.at = 0;
            self.put_away(old);
            self.is_piece = true;
            self.put_away(buffer);
            self.is_piece = false;
        }
        self.ending = ending;
        self.size = self.size.saturating_add(fetched as u64);
        Ok(self.ending)
    }

    fn ending(&self) -> Ending {
        self.ending
    }
}
