//! The blob's bytes, as they come from the thread that reads them, as input of a decoder.

use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::chunk::Pool;
use super::fetch::{Fetched, ROOM};
use super::{BlobError, Expect, Limits};
use crate::inflate::{Ending, Input};

/// A blob as decoder input.
pub(super) struct Source {
    pieces: Receiver<Result<Fetched, BlobError>>,
    pool: Pool,
    buffer: Vec<u8>,
    /// Where in `buffer` the unused bytes begin.
    at: usize,
    ending: Ending,
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
            at: 0,
            ending: Ending::Open,
            size: 0,
            consumed: 0,
            expect,
            limits,
            deadline,
        }
    }

    /// Takes the rest of the blob, so that its digest and size can be judged.
    pub(super) fn drain(&mut self) -> Result<(), BlobError> {
        loop {
            self.consume(self.bytes().len());
            if self.more()? == Ending::Reached {
                self.consume(self.bytes().len());
                return Ok(());
            }
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
            self.pool.give(old);
        } else {
            // Little was used of a whole piece.
            self.buffer.drain(..self.at);
            self.at = 0;
            self.buffer
                .extend_from_slice(buffer.get(ROOM..).unwrap_or_default());
            self.pool.give(buffer);
        }
        self.ending = ending;
        self.size = self.size.saturating_add(fetched as u64);
        Ok(self.ending)
    }

    fn ending(&self) -> Ending {
        self.ending
    }
}
