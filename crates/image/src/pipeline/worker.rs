//! The thread that unpacks, and who hashes what it makes.
//!
//! Inflating gzip takes longer than everything else together, so all other work stays out of its way: another thread
//! reads and hashes the blob, the caller's thread hashes the content before it looks at it, and two cores are busy.
//! Where unpacking is cheap (Zstandard, plain tar), the hash of the content is the longest, and has a thread of its
//! own.

use std::sync::mpsc::{Receiver, SyncSender};

use plimsoll_model::{Algorithm, Digest};

use super::BlobError;
use super::chunk::{Chunk, Pool};
use super::hash::Hasher;
use super::source::Source;
use crate::inflate::{Compression, Engine, Failure, Input, Progress, Window, unpacker};

/// Content in one chunk.
pub(super) const CHUNK: usize = 256 * 1024;

/// A piece of content on its way to the caller.
pub(super) struct Piece {
    pub(super) chunk: Chunk,
    pub(super) hashed_by: HashedBy,
}

/// Whose task it is to hash the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HashedBy {
    /// The thread that reads the stream.
    Caller,
    /// The thread that only hashes.
    Prover,
}

impl HashedBy {
    fn of(compression: Compression) -> Self {
        match compression {
            Compression::Gzip => Self::Caller,
            Compression::None | Compression::Zstd => Self::Prover,
        }
    }
}

/// Hashes the content that comes, until nobody sends any more.
pub(super) fn prove(content: &Receiver<Chunk>, algorithm: Algorithm) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    for chunk in content {
        hasher.update(chunk.bytes());
    }
    hasher.finish()
}

/// What the unpacking thread says in the end.
pub(super) struct Unpacked {
    pub(super) compression: Compression,
    pub(super) compressed: u64,
    pub(super) content: u64,
    /// The bytes are damaged, but were read to their end, so that the digest can say whether they are the
    /// right ones.
    pub(super) damage: Option<BlobError>,
}

/// Where chunks go.
pub(super) struct Outlets {
    pub(super) content: SyncSender<Piece>,
    pub(super) hashing: SyncSender<Chunk>,
}

/// Unpacks the blob, until it ends, breaks a limit, or nobody wants more of it.
pub(super) fn unpack(
    mut source: Source,
    engine: Engine,
    outlets: &Outlets,
) -> Result<Unpacked, BlobError> {
    source.want(8)?;
    let blob = source.expect.name.clone();
    let detected = Compression::detect(source.bytes());
    let mut unpacked = Unpacked {
        compression: Compression::None,
        compressed: 0,
        content: 0,
        damage: None,
    };
    let outcome = match detected {
        Err(format) => Err(Failure::Input(BlobError::Unsupported {
            blob: blob.clone(),
            format,
        })),
        Ok(compression) => {
            unpacked.compression = compression;
            unpack_all(
                &mut source,
                compression,
                engine,
                outlets,
                &mut unpacked.content,
            )
        }
    };
    match outcome {
        Ok(()) => {}
        Err(Failure::Corrupt(reason)) => {
            unpacked.damage = Some(BlobError::Corrupt {
                blob,
                offset: source.consumed,
                reason,
            });
            source.drain()?;
        }
        Err(Failure::Input(error @ BlobError::Unsupported { .. })) => {
            unpacked.damage = Some(error);
            source.drain()?;
        }
        Err(Failure::Input(error)) => return Err(error),
    }
    unpacked.compressed = source.size;
    Ok(unpacked)
}

fn unpack_all(
    source: &mut Source,
    compression: Compression,
    engine: Engine,
    outlets: &Outlets,
    total: &mut u64,
) -> Result<(), Failure<BlobError>> {
    let mut unpacker = unpacker::<Source>(compression, engine)?;
    let pool = Pool::new(
        Window::REACH
            .saturating_add(CHUNK)
            .saturating_add(Window::SLACK),
    );
    let mut buffer = pool.take();
    let mut history = Window::REACH;
    let hashed_by = HashedBy::of(compression);
    loop {
        let mut window = Window {
            bytes: &mut buffer,
            history,
            end: Window::REACH,
        };
        let progress = unpacker.fill(source, &mut window);
        let (end, first) = (window.end, window.history);
        *total = total.saturating_add(end.saturating_sub(Window::REACH) as u64);
        check(source, *total)?;
        // The last bytes are the history of the next chunk.
        let keep = end.saturating_sub(Window::REACH);
        let mut next = pool.take();
        if let (Some(to), Some(from)) = (next.get_mut(..Window::REACH), buffer.get(keep..end)) {
            to.copy_from_slice(from);
        }
        history = first.saturating_sub(keep);
        let chunk = Chunk::new(
            std::mem::replace(&mut buffer, next),
            Window::REACH..end,
            &pool,
        );
        let wanted = send(outlets, chunk, hashed_by);
        if progress? == Progress::Finished || wanted == Wanted::No {
            return Ok(());
        }
    }
}

/// Whether the caller still listens.
#[derive(PartialEq, Eq)]
enum Wanted {
    Yes,
    No,
}

fn send(outlets: &Outlets, chunk: Chunk, hashed_by: HashedBy) -> Wanted {
    if chunk.bytes().is_empty() {
        return Wanted::Yes;
    }
    if hashed_by == HashedBy::Prover {
        // The hasher listens as long as this thread speaks, unless it panicked, which joining it tells.
        let _ = outlets.hashing.send(chunk.clone());
    }
    match outlets.content.send(Piece { chunk, hashed_by }) {
        Ok(()) => Wanted::Yes,
        Err(_) => Wanted::No,
    }
}

/// Checks the limits that depend on how much content there is.
fn check(source: &Source, content: u64) -> Result<(), Failure<BlobError>> {
    source.check_time().map_err(Failure::Input)?;
    let limits = &source.limits;
    let blob = || source.expect.name.clone();
    if content > limits.content {
        return Err(Failure::Input(BlobError::TooLarge {
            blob: blob(),
            limit: limits.content,
        }));
    }
    let compressed = source.consumed.max(1);
    if content > limits.ratio_floor && content >= compressed.saturating_mul(limits.ratio) {
        let limit = limits.ratio;
        return Err(Failure::Input(BlobError::Ratio {
            blob: blob(),
            compressed,
            content,
            limit,
        }));
    }
    Ok(())
}
