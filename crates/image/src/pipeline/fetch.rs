//! The thread that reads the blob: it counts and limits its bytes, and passes them on.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use super::chunk::Pool;
use super::{BlobError, Expect, Limits};
use crate::inflate::Ending;

/// Bytes that are read at a time.
const PIECE: usize = 512 * 1024;
/// Room in front of a piece for what the decoder has not used of the piece before. Decoders that want more
/// than 1 KiB at once do not exist here; a piece that is not used at all is kept by a longer room.
pub(super) const ROOM: usize = 4 * 1024;

/// A piece of the blob: what stands in the buffer from [`ROOM`] on.
pub(super) struct Fetched {
    pub(super) buffer: Vec<u8>,
    /// Whether it is the last piece, which may be empty.
    pub(super) ending: Ending,
}

/// A piece of the blob that was unpacked, and is hashed before its buffer is used again.
pub(super) struct Spent {
    buffer: Vec<u8>,
    home: Pool,
}

impl Spent {
    pub(super) fn new(buffer: Vec<u8>, home: &Pool) -> Self {
        Self {
            buffer,
            home: home.clone(),
        }
    }

    /// The bytes of the blob.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(ROOM..).unwrap_or_default()
    }
}

impl Drop for Spent {
    fn drop(&mut self) {
        self.home.give(std::mem::take(&mut self.buffer));
    }
}

/// A blob that is being read.
pub(super) struct Fetch {
    reader: Box<dyn Read + Send>,
    pool: Pool,
    expect: Expect,
    limits: Limits,
    deadline: Option<Instant>,
    /// Bytes read so far.
    size: u64,
}

impl Fetch {
    pub(super) fn new(
        reader: Box<dyn Read + Send>,
        expect: Expect,
        limits: Limits,
        deadline: Option<Instant>,
        pool: Pool,
    ) -> Self {
        Self {
            reader,
            pool,
            expect,
            limits,
            deadline,
            size: 0,
        }
    }

    /// Buffers for pieces.
    pub(super) fn pool() -> Pool {
        Pool::new(ROOM.saturating_add(PIECE))
    }

    /// Reads until the blob ends, breaks a limit, or nobody wants more of it.
    pub(super) fn run(mut self, pieces: &SyncSender<Result<Fetched, BlobError>>) {
        loop {
            let piece = self.piece();
            let last = !matches!(&piece, Ok(piece) if piece.ending == Ending::Open);
            if pieces.send(piece).is_err() || last {
                return;
            }
        }
    }

    fn piece(&mut self) -> Result<Fetched, BlobError> {
        super::source::check_time(self.deadline, &self.expect, &self.limits)?;
        let mut buffer = self.pool.take();
        let (filled, ending) = self.fill(buffer.get_mut(ROOM..).unwrap_or_default())?;
        buffer.truncate(ROOM.saturating_add(filled));
        self.size = self.size.saturating_add(filled as u64);
        self.check_size(ending)?;
        Ok(Fetched { buffer, ending })
    }

    /// Fills `room` as far as the reader has bytes.
    fn fill(&mut self, room: &mut [u8]) -> Result<(usize, Ending), BlobError> {
        let mut filled = 0;
        while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.reader.read(rest) {
                Ok(0) => return Ok((filled, Ending::Reached)),
                Ok(count) => {
                    filled = filled.saturating_add(count);
                    // A slow source should not keep the decoder waiting for a full piece.
                    if filled >= PIECE / 8 {
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
        Ok((filled, Ending::Open))
    }

    fn check_size(&self, ending: Ending) -> Result<(), BlobError> {
        let blob = || self.expect.name.clone();
        if let Some(expected) = self.expect.size
            && (self.size > expected || (ending == Ending::Reached && self.size < expected))
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
