//! What the caller of the pipeline holds.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use plimsoll_model::{Algorithm, Digest, Problem, Stage};

use super::chunk::Chunk;
use super::fetch::Fetch;
use super::hash::Proof;
use super::source::Source;
use super::worker::{self, Outlets, Piece, Unpacked};
use super::{BlobError, Limits};
use crate::inflate::{Compression, Engine};

/// Chunks that wait for the caller: enough to get over what it ponders between two large files. The buffers
/// exist only when they are needed.
const WAITING_CONTENT: usize = 8;
/// Pieces of the content that wait to be hashed.
const WAITING_WORK: usize = 4;
/// Pieces of the blob that wait to be unpacked: reading is quick, or else waits for a network, which has buffers of
/// its own.
const WAITING_PIECES: usize = 2;

/// What a blob is expected to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// How errors call the blob: its digest, or its path in an archive.
    pub name: String,
    /// The digest of its bytes. `None` where nothing promises one, as in an old docker archive; then the bytes
    /// are not hashed.
    pub digest: Option<Digest>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// The digest of its content.
    pub diff_id: Option<Digest>,
    /// What its media type says about its compression.
    pub compression: Option<Compression>,
}

impl Expect {
    /// Expects nothing of a blob that is called `name`.
    #[must_use]
    pub fn nothing(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            digest: None,
            size: None,
            diff_id: None,
            compression: None,
        }
    }

    pub(super) fn content_algorithm(&self) -> Algorithm {
        self.diff_id
            .as_ref()
            .map_or(Algorithm::Sha256, Digest::algorithm)
    }

    /// Whether the blob's own bytes must be hashed: not where their digest is the content's.
    pub(super) fn hashes_blob(&self, compression: Compression) -> bool {
        self.digest.as_ref().is_some_and(|digest| {
            compression != Compression::None || digest.algorithm() != self.content_algorithm()
        })
    }
}

/// What a blob turned out to be; everything that was expected of it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobSummary {
    /// The digest of its bytes, where one was expected, or where they are the content.
    pub digest: Option<Digest>,
    /// The digest of its content.
    pub diff_id: Digest,
    /// Its size.
    pub compressed_size: u64,
    /// The size of its content.
    pub size: u64,
    /// How it is compressed.
    pub compression: Compression,
    /// What is odd about it.
    pub problems: Vec<Problem>,
}

/// The content of a blob, as it is being unpacked by other threads.
///
/// Reading it fails where the blob does; [`BlobStream::finish`] has the full error.
pub struct BlobStream {
    content: Option<Receiver<Piece>>,
    current: Option<Chunk>,
    at: usize,
    expect: Expect,
    deadline: Option<Instant>,
    seconds: u64,
    fetch: Option<JoinHandle<()>>,
    unpack: Option<JoinHandle<Result<Unpacked, BlobError>>>,
    unpacked: Option<Unpacked>,
    prove: Option<JoinHandle<Proof>>,
    /// What the caller's thread hashes, as soon as a piece asks for it.
    proof: Option<Proof>,
    failed: Option<BlobError>,
}

impl std::fmt::Debug for BlobStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobStream")
            .field("expect", &self.expect)
            .finish_non_exhaustive()
    }
}

/// Begins to read, unpack and hash the blob whose bytes `reader` gives, on threads of its own.
///
/// Dropping the stream early stops them as soon as `reader` gives back control.
#[must_use]
pub fn open_blob(reader: Box<dyn Read + Send>, expect: Expect, limits: Limits) -> BlobStream {
    open_blob_with(Engine::default(), reader, expect, limits)
}

/// [`open_blob`] with a choice of the DEFLATE decoder.
pub(crate) fn open_blob_with(
    engine: Engine,
    reader: Box<dyn Read + Send>,
    expect: Expect,
    limits: Limits,
) -> BlobStream {
    let (content_in, content) = sync_channel(WAITING_CONTENT);
    let (hashing, to_hash) = sync_channel(WAITING_WORK);
    let (fetched, pieces) = sync_channel(WAITING_PIECES);
    let outlets = Outlets {
        content: content_in,
        hashing,
    };
    let seconds = limits.time.as_secs();
    let deadline = Instant::now().checked_add(limits.time);
    let pool = Fetch::pool();
    let of_blob = (expect.clone(), limits.clone());
    let fetch = Fetch::new(reader, of_blob.0, of_blob.1, deadline, pool.clone());
    let source = Source::new(pieces, expect.clone(), limits, deadline, pool);
    let proof = Proof::new(&expect);
    let mut failed = None;
    let mut no_thread = |error: io::Error| {
        failed = Some(BlobError::Worker {
            blob: expect.name.clone(),
            reason: format!("the system gives no thread: {error}"),
        });
    };
    let fetch = std::thread::Builder::new()
        .name("fetch".into())
        .spawn(move || fetch.run(&fetched))
        .map_err(&mut no_thread)
        .ok();
    let prove = std::thread::Builder::new()
        .name("prove".into())
        .spawn(move || worker::prove(&to_hash, proof))
        .map_err(&mut no_thread)
        .ok();
    let unpack = std::thread::Builder::new()
        .name("unpack".into())
        .spawn(move || worker::unpack(source, engine, &outlets))
        .map_err(&mut no_thread)
        .ok();
    BlobStream {
        content: Some(content),
        current: None,
        at: 0,
        expect,
        deadline,
        seconds,
        fetch,
        unpack,
        unpacked: None,
        prove,
        proof: None,
        failed,
    }
}

impl BlobStream {
    /// Unpacks what was not read, and proves size, digest and diff id. What was read from the stream is valid
    /// only after this said so.
    pub fn finish(mut self) -> Result<BlobSummary, BlobError> {
        while self.advance()? {}
        let Some(unpacked) = self.unpacked.take() else {
            return Err(self.worker_panicked());
        };
        let Some(Ok(())) = self.fetch.take().map(JoinHandle::join) else {
            return Err(self.worker_panicked());
        };
        let Some(Ok(proof)) = self.prove.take().map(JoinHandle::join) else {
            return Err(self.worker_panicked());
        };
        let (content_digest, blob_digest) = self.proof.take().unwrap_or(proof).finish();
        let digest = if self.expect.hashes_blob(unpacked.compression) {
            blob_digest
        } else if unpacked.compression == Compression::None && unpacked.damage.is_none() {
            Some(content_digest.clone())
        } else {
            None
        };
        let blob = || self.expect.name.clone();
        if let (Some(expected), Some(actual)) = (&self.expect.digest, &digest)
            && expected != actual
        {
            let (expected, actual) = (expected.clone(), actual.clone());
            return Err(BlobError::Digest {
                blob: blob(),
                expected,
                actual,
            });
        }
        if let Some(damage) = unpacked.damage {
            return Err(damage);
        }
        if let Some(expected) = &self.expect.diff_id
            && *expected != content_digest
        {
            let expected = expected.clone();
            return Err(BlobError::DiffId {
                blob: blob(),
                expected,
                actual: content_digest,
            });
        }
        Ok(BlobSummary {
            digest,
            diff_id: content_digest,
            compressed_size: unpacked.compressed,
            size: unpacked.content,
            compression: unpacked.compression,
            problems: self.problems(unpacked.compression),
        })
    }

    fn problems(&self, actual: Compression) -> Vec<Problem> {
        match self.expect.compression {
            Some(said) if said != actual => {
                let reason = format!(
                    "its media type says {}, but its bytes are {}",
                    said.name(),
                    actual.name()
                );
                vec![Problem::note(
                    Stage::Layer,
                    self.expect.name.clone(),
                    reason,
                )]
            }
            _ => Vec::new(),
        }
    }

    /// Takes the next chunk. Answers whether there is one.
    fn advance(&mut self) -> Result<bool, BlobError> {
        self.current = None;
        self.at = 0;
        while let Some(piece) = self.receive()? {
            self.current = match piece {
                Piece::Content(chunk) => Some(chunk),
                Piece::ToHash(unproved) => {
                    let expect = &self.expect;
                    unproved.add_to(self.proof.get_or_insert_with(|| Proof::new(expect)));
                    unproved.content
                }
            };
            if self.current.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What comes next from the thread that unpacks, until it has ended.
    fn receive(&mut self) -> Result<Option<Piece>, BlobError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let Some(content) = &self.content else {
            return Ok(None);
        };
        let received = match self.deadline {
            Some(deadline) => {
                content.recv_timeout(deadline.saturating_duration_since(Instant::now()))
            }
            None => content.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(piece) => Ok(Some(piece)),
            Err(RecvTimeoutError::Disconnected) => {
                self.content = None;
                self.unpacked = Some(self.join_unpack()?);
                Ok(None)
            }
            // The thread may hang in a read that never ends; it is left behind.
            Err(RecvTimeoutError::Timeout) => {
                let error = BlobError::Time {
                    blob: self.expect.name.clone(),
                    seconds: self.seconds,
                };
                self.content = None;
                self.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    fn join_unpack(&mut self) -> Result<Unpacked, BlobError> {
        let outcome = match self.unpack.take().map(JoinHandle::join) {
            Some(Ok(outcome)) => outcome,
            _ => Err(self.worker_panicked()),
        };
        if let Err(error) = &outcome {
            self.failed = Some(error.clone());
        }
        outcome
    }

    fn worker_panicked(&self) -> BlobError {
        BlobError::Worker {
            blob: self.expect.name.clone(),
            reason: "a worker thread ended early; this is a bug".into(),
        }
    }
}

impl BufRead for BlobStream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self
            .current
            .as_ref()
            .map_or(0, |chunk| chunk.bytes().len().saturating_sub(self.at));
        if left == 0 {
            self.advance().map_err(io::Error::other)?;
            if let Some(damage) = self
                .unpacked
                .as_ref()
                .and_then(|unpacked| unpacked.damage.clone())
            {
                return Err(io::Error::other(damage));
            }
        }
        let bytes = self.current.as_ref().map_or(&[][..], Chunk::bytes);
        Ok(bytes.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }
}

impl Read for BlobStream {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}
