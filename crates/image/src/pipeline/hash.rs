//! Digests of streams.

use plimsoll_model::{Algorithm, Digest};
use sha2::digest::block_api::{
    Block, BlockSizeUser, Buffer, EagerHash, FixedOutputCore, UpdateCore,
};
use sha2::digest::{Digest as _, Output};

use super::Expect;
use super::fetch::Spent;

/// The blocks of SHA-256, without what gathers bytes to blocks.
type Core = <sha2::Sha256 as EagerHash>::Core;

/// The digests of a blob and of its content in the making.
pub(super) struct Proof {
    content: Hasher,
    /// `None` where nobody expects a digest.
    blob: Option<Hasher>,
}

impl Proof {
    pub(super) fn new(expect: &Expect) -> Self {
        Self {
            content: Hasher::new(expect.content_algorithm()),
            blob: expect
                .digest
                .as_ref()
                .map(|digest| Hasher::new(digest.algorithm())),
        }
    }

    /// Adds what follows of the content and of the blob.
    pub(super) fn add(&mut self, content: &[u8], spent: &[Spent]) {
        let mut content = content;
        if let Some(blob) = &mut self.blob {
            for spent in spent {
                let bytes = spent.bytes();
                let (beside, later) = content.split_at(bytes.len().min(content.len()));
                self.content.update_both(beside, blob, bytes);
                content = later;
            }
        }
        self.content.update(content);
    }

    /// The digest of the content, and of the blob as far as it was added.
    pub(super) fn finish(self) -> (Digest, Option<Digest>) {
        (self.content.finish(), self.blob.map(Hasher::finish))
    }
}

/// A digest in the making. `sha2` uses the SHA extensions of the processor where it has them.
enum Hasher {
    Sha256(Sha256),
    Sha512(Box<sha2::Sha512>),
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::default()),
            Algorithm::Sha512 => Self::Sha512(Box::new(sha2::Sha512::new())),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    /// [`Hasher::update`] of two streams, in less time than one after the other.
    fn update_both(&mut self, bytes: &[u8], other: &mut Self, others: &[u8]) {
        match (self, other) {
            (Self::Sha256(one), Self::Sha256(two)) => one.update_both(bytes, two, others),
            (one, two) => {
                one.update(bytes);
                two.update(others);
            }
        }
    }

    fn finish(self) -> Digest {
        match self {
            Self::Sha256(hash) => hash.finish(),
            Self::Sha512(hash) => Digest::sha512(hash.finalize().into()),
        }
    }
}

/// SHA-256 (FIPS 180-4, section 6.2) that can be made of two streams at once.
///
/// Each round waits for the one before it, so one stream leaves the processor half idle. Where the blocks of two
/// streams take turns, it works on both: the second costs less than two thirds.
#[derive(Default)]
struct Sha256 {
    blocks: Core,
    /// The beginning of a block.
    rest: Buffer<Core>,
}

impl Sha256 {
    fn update(&mut self, bytes: &[u8]) {
        let Self { blocks, rest } = self;
        rest.digest_blocks(bytes, |whole| blocks.update_blocks(whole));
    }

    fn update_both(&mut self, bytes: &[u8], other: &mut Self, others: &[u8]) {
        let (bytes, others) = (self.complete(bytes), other.complete(others));
        let (one, one_rest) = Block::<Core>::slice_as_chunks(bytes);
        let (two, two_rest) = Block::<Core>::slice_as_chunks(others);
        let both = one.len().min(two.len());
        let ((one, one_more), (two, two_more)) = (one.split_at(both), two.split_at(both));
        for (one, two) in one.iter().zip(two) {
            self.blocks.update_blocks(std::slice::from_ref(one));
            other.blocks.update_blocks(std::slice::from_ref(two));
        }
        self.blocks.update_blocks(one_more);
        other.blocks.update_blocks(two_more);
        self.update(one_rest);
        other.update(two_rest);
    }

    /// Completes the block that was begun, and gives what is left of `bytes`.
    fn complete<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let lacks = match self.rest.get_pos() {
            0 => 0,
            begun => Core::block_size().saturating_sub(begun),
        };
        let (first, left) = bytes.split_at(lacks.min(bytes.len()));
        self.update(first);
        left
    }

    fn finish(mut self) -> Digest {
        let mut digest = Output::<Core>::default();
        self.blocks.finalize_fixed_core(&mut self.rest, &mut digest);
        Digest::sha256(digest.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_streams_at_once_have_the_digests_of_each() {
        let bytes: Vec<u8> = (0..4_000_u32).map(|n| ((n * n) >> 5) as u8).collect();
        // Pieces that end within blocks, at their ends, and nowhere.
        let sizes = [0, 1, 63, 64, 65, 127, 128, 200, 640, 1_000, 3, 0, 61];
        for algorithms in [
            (Algorithm::Sha256, Algorithm::Sha256),
            (Algorithm::Sha256, Algorithm::Sha512),
        ] {
            for shift in 0..sizes.len() {
                let mut one = Hasher::new(algorithms.0);
                let mut two = Hasher::new(algorithms.1);
                let (mut at, mut other) = (0, 0);
                for (n, size) in sizes.iter().enumerate() {
                    let more = sizes[(n + shift) % sizes.len()];
                    one.update_both(&bytes[at..at + size], &mut two, &bytes[other..other + more]);
                    (at, other) = (at + size, other + more);
                }
                assert_eq!(at, other);
                assert_eq!(one.finish(), Digest::of(&bytes[..at]));
                let expected = match algorithms.1 {
                    Algorithm::Sha256 => Digest::of(&bytes[..at]),
                    Algorithm::Sha512 => Digest::sha512(sha2::Sha512::digest(&bytes[..at]).into()),
                };
                assert_eq!(two.finish(), expected);
            }
        }
    }
}
