//! Decompression of layer blobs: from compressed bytes to chunks of content, in bounded memory.
//!
//! A layer is gzip, zstd or plain tar (OCI image specification, `layer.md` and `media-types.md`).
//! [`Compression::detect`] asks the first bytes and not the media type, because the bytes decide what a
//! container runtime does with the blob, and the media type of many an image lies.
//!
//! Two engines stand behind one seam (`deflate::RawInflate`): our own, which is written for this pipeline
//! (see `decode.rs`), and zlib-rs as the reference that tests and the fuzz target compare it with. The gzip
//! container around them (`gzip.rs`) is the same for both.
//!
//! This module knows nothing of digests, threads or tar; see [`crate::pipeline`] for those.

mod bits;
mod block;
mod copy;
pub(crate) mod decode;
pub(crate) mod deflate;
mod fast;
pub(crate) mod gzip;
pub(crate) mod plain;
mod reader;
mod table;
pub(crate) mod zstandard;

pub use reader::GunzipReader;

/// How a blob is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952), one member or many; eStargz is gzip with a member for each file.
    Gzip,
    /// Zstandard (RFC 8878), one frame or many; zstd:chunked is Zstandard with skippable frames.
    Zstd,
}

impl Compression {
    /// What the first bytes of a blob say, or the name of a format that no layer may have.
    ///
    /// Bytes without a known magic number are taken as uncompressed; the tar walk then judges them.
    pub fn detect(first: &[u8]) -> Result<Self, &'static str> {
        match first {
            [0x1f, 0x8b, ..] => Ok(Self::Gzip),
            // A frame, or a skippable frame (RFC 8878, sections 3.1.1 and 3.1.2).
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Ok(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Err("bzip2"),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Err("xz"),
            [0x04, 0x22, 0x4d, 0x18, ..] => Err("lz4"),
            [b'P', b'K', 3, 4, ..] => Err("zip"),
            _ => Ok(Self::None),
        }
    }

    /// What a media type says, where it says anything.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        // What stands behind the last `+` or `.`: `…tar+gzip` of OCI, `…tar.gzip` of Docker.
        match essence.rsplit(['+', '.']).next()? {
            "gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            "tar" => Some(Self::None),
            _ => None,
        }
    }

    /// The name for messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Which implementation decodes DEFLATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The decoder of this crate.
    #[default]
    Native,
    /// zlib-rs, slower and independent: what the other one is proved against.
    ZlibRs,
}

/// Why compressed bytes cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Corrupt {
    /// The stream ends before its end marker.
    #[error("it is truncated")]
    Truncated,
    /// RFC 1951, section 3.2.3: block type 3 is reserved.
    #[error("a deflate block has the reserved type")]
    BlockType,
    /// RFC 1951, section 3.2.4: LEN and NLEN must be complements.
    #[error("the length of a stored deflate block contradicts its complement")]
    StoredLength,
    /// RFC 1951, section 3.2.7: the code lengths of a block make no usable code.
    #[error("a deflate block has an invalid set of codes")]
    CodeLengths,
    /// Bits that are no code, or a code without a meaning.
    #[error("a deflate block has an invalid code")]
    Code,
    /// A match that reaches back before the beginning.
    #[error("a deflate match reaches back before the beginning of the content")]
    Distance,
    /// The reference engine does not say more.
    #[error("its deflate data is invalid")]
    Deflate,
    /// RFC 1952, section 2.3: magic, method, reserved flags or header checksum are wrong.
    #[error("a gzip header is invalid: {0}")]
    GzipHeader(&'static str),
    /// RFC 1952, section 2.3.1: the CRC-32 of the content differs.
    #[error("the gzip checksum of the content does not match")]
    Checksum,
    /// RFC 1952, section 2.3.1: the content's size modulo 2^32 differs.
    #[error("the gzip size of the content does not match")]
    Length,
    /// After the last gzip member comes something other than another member or zero bytes.
    #[error("it has bytes after its end that belong to no gzip member")]
    TrailingGarbage,
    /// What libzstd says.
    #[error("its zstd data is invalid: {0}")]
    Zstd(&'static str),
}

/// Why the next chunk of content cannot be had.
#[derive(Debug)]
pub(crate) enum Failure<E> {
    /// The bytes are wrong.
    Corrupt(Corrupt),
    /// The bytes cannot be had.
    Input(E),
}

impl<E> From<Corrupt> for Failure<E> {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

/// Compressed bytes as a decoder wants to see them: a contiguous piece that can be made longer.
pub(crate) trait Input {
    /// Why there are no more bytes, other than that they are at their end.
    type Error;

    /// The bytes that are not consumed yet.
    fn bytes(&self) -> &[u8];

    /// Marks the first `count` bytes as consumed.
    fn consume(&mut self, count: usize);

    /// Makes [`Input::bytes`] longer, unless the input is at its end.
    fn more(&mut self) -> Result<Ending, Self::Error>;

    /// Whether [`Input::bytes`] is all that is left.
    fn ending(&self) -> Ending;

    /// Makes [`Input::bytes`] at least `count` long, or as long as the rest of the input.
    fn want(&mut self, count: usize) -> Result<(), Self::Error> {
        while self.bytes().len() < count && self.ending() == Ending::Open {
            self.more()?;
        }
        Ok(())
    }
}

/// Whether more input follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// More may follow.
    Open,
    /// This is all.
    Reached,
}

/// A buffer of content with the history that DEFLATE matches reach back to.
///
/// Content is written at `end`; `bytes[history..end]` may be reached by matches. A decoder stops at or a
/// little after [`Window::target`] and needs [`Window::SLACK`] bytes behind it, so that its inner loop has no
/// edge to look out for.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    /// The whole buffer.
    pub(crate) bytes: &'a mut [u8],
    /// The first byte that belongs to the present stream.
    pub(crate) history: usize,
    /// Where the next byte of content goes.
    pub(crate) end: usize,
}

impl Window<'_> {
    /// Bytes behind the target that a decoder may write to: the longest match (258), what a copy in words
    /// writes too much (31), and a few literals (4).
    pub(crate) const SLACK: usize = 320;
    /// How far matches reach back (RFC 1951, section 2).
    pub(crate) const REACH: usize = 32 * 1024;

    /// Where a decoder stops.
    pub(crate) fn target(&self) -> usize {
        self.bytes.len().saturating_sub(Self::SLACK)
    }

    /// Whether the decoder has to stop.
    pub(crate) fn is_full(&self) -> bool {
        self.end >= self.target()
    }
}

/// Whether a decoder has more content to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The window is full.
    Full,
    /// The input is at its end, and so is the content.
    Finished,
}

/// A decoder of a whole blob.
pub(crate) trait Unpack<I: Input>: Send {
    /// Writes content into `window` until it is full or the content ends.
    fn fill(
        &mut self,
        input: &mut I,
        window: &mut Window<'_>,
    ) -> Result<Progress, Failure<I::Error>>;
}

/// The decoder for a compression.
pub(crate) fn unpacker<I: Input + 'static>(
    compression: Compression,
    engine: Engine,
) -> Result<Box<dyn Unpack<I>>, Corrupt> {
    Ok(match (compression, engine) {
        (Compression::None, _) => Box::new(plain::Plain),
        (Compression::Gzip, Engine::Native) => Box::new(gzip::Gunzip::new(decode::Decoder::new())),
        (Compression::Gzip, Engine::ZlibRs) => Box::new(gzip::Gunzip::new(deflate::ZlibRs::new())),
        (Compression::Zstd, _) => Box::new(zstandard::Unzstd::new()?),
    })
}

#[cfg(test)]
mod tests;
