//! The blob's bytes, counted, limited, and passed on to be hashed.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use super::chunk::{Chunk, Pool};
use super::worker::Work;
use super::{BlobError, Expect, Limits};
use crate::inflate::{Ending, Input};

/// Bytes that are read at a time.
const PIECE: usize = 128 * 1024;
/// Room in front of a piece for what the decoder has not used of the piece before. Decoders that want more
/// than 1 KiB at once do not exist here; a piece that is not used at all is kept by a longer room.
const ROOM: usize = 4 * 1024;

/// A blob as decoder input.
pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    pool: Pool,
    current: Option<Chunk>,
    /// The unused bytes, as positions in the buffer of `current`.
    unused: (usize, usize),
    ending: Ending,
    /// Bytes read so far.
    pub(super) size: u64,
    pub(super) consumed: u64,
    hashing: Option<SyncSender<Work>>,
    pub(super) expect: Expect,
    pub(super) limits: Limits,
    pub(super) deadline: Option<Instant>,
}

impl Source {
    pub(super) fn new(reader: Box<dyn Read + Send>, expect: Expect, limits: Limits) -> Self {
        let deadline = Instant::now().checked_add(limits.time);
        Self {
            reader,
            pool: Pool::new(ROOM.saturating_add(PIECE)),
            current: None,
            unused: (0, 0),
            ending: Ending::Open,
            size: 0,
            consumed: 0,
            hashing: None,
            expect,
            limits,
            deadline,
        }
    }

    /// From now on, and for what was read already, bytes are sent to be hashed.
    pub(super) fn hash_with(&mut self, hashing: SyncSender<Work>) {
        if let Some(chunk) = &self.current {
            let _ = hashing.send(Work::Blob(chunk.clone()));
        }
        self.hashing = Some(hashing);
    }

    /// Reads the rest of the blob, so that its digest and size can be judged.
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
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(self.out_of_time()),
            _ => Ok(()),
        }
    }

    fn out_of_time(&self) -> BlobError {
        BlobError::Time {
            blob: self.expect.name.clone(),
            seconds: self.limits.time.as_secs(),
        }
    }

    /// Fills `room` as far as the reader has bytes.
    fn read_piece(&mut self, room: &mut [u8]) -> Result<usize, BlobError> {
        let mut filled = 0;
        while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.reader.read(rest) {
                Ok(0) => {
                    self.ending = Ending::Reached;
                    break;
                }
                Ok(count) => {
                    filled = filled.saturating_add(count);
                    // A slow source should not keep the decoder waiting for a full piece.
                    if filled >= PIECE / 4 {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let offset = self.size.saturating_add(filled as u64);
                    let blob = self.expect.name.clone();
                    return Err(BlobError::Read {
                        blob,
                        offset,
                        source: Arc::new(error),
                    });
                }
            }
        }
        self.size = self.size.saturating_add(filled as u64);
        Ok(filled)
    }

    fn check_size(&self) -> Result<(), BlobError> {
        let blob = || self.expect.name.clone();
        if let Some(expected) = self.expect.size
            && (self.size > expected || (self.ending == Ending::Reached && self.size < expected))
        {
            return Err(BlobError::Size {
                blob: blob(),
                expected,
                actual: self.size,
            });
        }
        if self.size > self.limits.content {
            return Err(BlobError::TooLarge {
                blob: blob(),
                limit: self.limits.content,
            });
        }
        Ok(())
    }
}

impl Input for Source {
    type Error = BlobError;

    fn bytes(&self) -> &[u8] {
        let buffer = self.current.as_ref().map_or(&[][..], Chunk::buffer);
        buffer.get(self.unused.0..self.unused.1).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        let count = count.min(self.unused.1.saturating_sub(self.unused.0));
        self.unused.0 = self.unused.0.saturating_add(count);
        self.consumed = self.consumed.saturating_add(count as u64);
    }

    fn more(&mut self) -> Result<Ending, BlobError> {
        if self.ending == Ending::Reached {
            return Ok(Ending::Reached);
        }
        self.check_time()?;
        let kept = self.bytes().len();
        let start = kept.max(ROOM);
        let mut buffer = self.pool.take();
        buffer.resize(start.saturating_add(PIECE), 0);
        let begin = start.saturating_sub(kept);
        if let Some(room) = buffer.get_mut(begin..start) {
            room.copy_from_slice(self.bytes());
        }
        let filled = self.read_piece(buffer.get_mut(start..).unwrap_or_default())?;
        let end = start.saturating_add(filled);
        let chunk = Chunk::new(buffer, start..end, &self.pool);
        if let Some(hashing) = &self.hashing {
            // A hasher that is gone has failed; the stream finds that out when it joins it.
            let _ = hashing.send(Work::Blob(chunk.clone()));
        }
        self.current = Some(chunk);
        self.unused = (begin, end);
        self.check_size()?;
        Ok(self.ending)
    }

    fn ending(&self) -> Ending {
        self.ending
    }
}
