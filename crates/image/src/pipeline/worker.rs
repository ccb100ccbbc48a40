//! The thread that unpacks, and who hashes what it makes.
//!
//! Inflating gzip takes about as long as everything else together, so all other work stays out of its way: the caller's
//! thread hashes the content before it looks at it, and two cores are busy. Where unpacking is cheap (Zstandard, plain
//! tar), the hash is the longest, and has a thread of its own. Who hashes the content also hashes the blob, because both
//! at once take less time than one after the other.

use std::sync::mpsc::{Receiver, SyncSender};

use super::BlobError;
use super::chunk::{Chunk, Pool};
use super::fetch::Spent;
use super::hash::Proof;
use super::source::Source;
use crate::inflate::{Compression, Ending, Engine, Failure, Input, Progress, Window, unpacker};

/// Content in one chunk. The caller sleeps until there is one, and whoever wakes it pays for that, mostly the thread
/// that unpacks; so chunks are large.
pub(super) const CHUNK: usize = 1024 * 1024;

/// A piece of content on its way to the caller.
pub(super) enum Piece {
    /// It is hashed elsewhere.
    Content(Chunk),
    /// The caller hashes it.
    ToHash(Unproved),
}

/// What is to be hashed.
pub(super) struct Unproved {
    /// The content that follows, if any.
    pub(super) content: Option<Chunk>,
    /// The pieces of the blob that were used up for it.
    pub(super) spent: Vec<Spent>,
}

impl Unproved {
    pub(super) fn add_to(&self, proof: &mut Proof) {
        let content = self.content.as_ref().map_or(&[][..], Chunk::bytes);
        proof.add(content, &self.spent);
    }
}

/// Whose task it is to hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HashedBy {
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

/// Hashes what comes, until nobody sends any more.
pub(super) fn prove(pieces: &Receiver<Unproved>, mut proof: Proof) -> Proof {
    for piece in pieces {
        piece.add_to(&mut proof);
    }
    proof
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
    pub(super) hashing: SyncSender<Unproved>,
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
    let compression = detected.unwrap_or(Compression::None);
    let outlets = Addressed {
        outlets,
        hashed_by: HashedBy::of(compression),
    };
    if source.expect.hashes_blob(compression) {
        source.keep_pieces();
    }
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
                &outlets,
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
            drain(&mut source, &outlets)?;
        }
        Err(Failure::Input(error @ BlobError::Unsupported { .. })) => {
            unpacked.damage = Some(error);
            drain(&mut source, &outlets)?;
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
    outlets: &Addressed<'_>,
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
        let wanted = outlets.send(Some(chunk), source.spent());
        if progress? == Progress::Finished || wanted == Wanted::No {
            return Ok(());
        }
    }
}

/// Takes the rest of a damaged blob, so that its digest and size can be judged.
fn drain(source: &mut Source, outlets: &Addressed<'_>) -> Result<(), BlobError> {
    loop {
        let ending = source.skip()?;
        if ending == Ending::Reached {
            source.consume(source.bytes().len());
        }
        // Even if the caller wants no more: the size is still to be judged.
        let _ = outlets.send(None, source.spent());
        if ending == Ending::Reached {
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

/// Where chunks go, and what they are told.
struct Addressed<'a> {
    outlets: &'a Outlets,
    hashed_by: HashedBy,
}

impl Addressed<'_> {
    fn send(&self, content: Option<Chunk>, spent: Vec<Spent>) -> Wanted {
        let content = content.filter(|chunk| !chunk.bytes().is_empty());
        if content.is_none() && spent.is_empty() {
            return Wanted::Yes;
        }
        let unproved = Unproved { content, spent };
        let piece = match self.hashed_by {
            HashedBy::Caller => Piece::ToHash(unproved),
            HashedBy::Prover => {
                let content = unproved.content.clone();
                // The hasher listens as long as this thread speaks, unless it panicked, which joining it tells.
                let _ = self.outlets.hashing.send(unproved);
                match content {
                    Some(content) => Piece::Content(content),
                    None => return Wanted::Yes,
                }
            }
        };
        match self.outlets.content.send(piece) {
            Ok(()) => Wanted::Yes,
            Err(_) => Wanted::No,
        }
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
