//! The gzip container (RFC 1952): members with header, DEFLATE stream, checksum and size, one after another.
//!
//! All header options are read, CRC-16 of the header included. Zero bytes after the last member are accepted
//! as `gzip` accepts them (tapes are padded so); anything else there is an error, because a tool that stops at
//! the end of the first member would see another content than one that does not.

use super::deflate::{LOOKAHEAD, RawInflate, Stop};
use super::{Corrupt, Ending, Failure, Input, Progress, Unpack, Window};

/// `FHCRC` of RFC 1952, section 2.3.1: the header ends with a CRC-16 of itself.
const HEADER_CRC: u8 = 1 << 1;
/// `FEXTRA`: an extra field.
const EXTRA: u8 = 1 << 2;
/// `FNAME`: the original file name, zero-terminated.
const NAME: u8 = 1 << 3;
/// `FCOMMENT`: a comment, zero-terminated.
const COMMENT: u8 = 1 << 4;
/// Bits that must be zero.
const RESERVED: u8 = 0xe0;

/// A decoder of gzip blobs.
pub(crate) struct Gunzip<D> {
    inflater: D,
    place: Place,
    crc: crc32fast::Hasher,
    /// The size of the member's content so far, modulo 2^32.
    size: u32,
    members: u64,
}

/// What comes next in the input.
enum Place {
    Header,
    Stream,
    Trailer,
    Padding,
}

impl<D: RawInflate> Gunzip<D> {
    pub(crate) fn new(inflater: D) -> Self {
        Self {
            inflater,
            place: Place::Header,
            crc: crc32fast::Hasher::new(),
            size: 0,
            members: 0,
        }
    }

    /// Inflates until the stream ends or the window is full.
    fn inflate<I: Input>(
        &mut self,
        input: &mut I,
        window: &mut Window<'_>,
    ) -> Result<Stop, Failure<I::Error>> {
        let start = window.end;
        let stop = loop {
            let mut at = 0;
            let stop = self
                .inflater
                .run(input.bytes(), &mut at, input.ending(), window);
            input.consume(at);
            match stop? {
                Stop::Starved => {
                    let wanted = input.bytes().len().saturating_add(1).max(LOOKAHEAD);
                    input.want(wanted).map_err(Failure::Input)?;
                }
                other => break other,
            }
        };
        let content = window.bytes.get(start..window.end).unwrap_or_default();
        self.crc.update(content);
        // The size field is modulo 2^32 by definition.
        self.size = self
            .size
            .wrapping_add(u32::try_from(content.len()).unwrap_or(u32::MAX));
        Ok(stop)
    }

    /// Checks CRC-32 and size (RFC 1952, section 2.3.1).
    fn trailer<I: Input>(&mut self, input: &mut I) -> Result<(), Failure<I::Error>> {
        input.want(8).map_err(Failure::Input)?;
        let Some((crc, rest)) = input.bytes().split_first_chunk::<4>() else {
            return Err(Corrupt::Truncated.into());
        };
        let Some(size) = rest.first_chunk::<4>() else {
            return Err(Corrupt::Truncated.into());
        };
        let actual = std::mem::take(&mut self.crc).finalize();
        if u32::from_le_bytes(*crc) != actual {
            return Err(Corrupt::Checksum.into());
        }
        if u32::from_le_bytes(*size) != std::mem::take(&mut self.size) {
            return Err(Corrupt::Length.into());
        }
        input.consume(8);
        Ok(())
    }
}

impl<D: RawInflate, I: Input> Unpack<I> for Gunzip<D> {
    fn fill(
        &mut self,
        input: &mut I,
        window: &mut Window<'_>,
    ) -> Result<Progress, Failure<I::Error>> {
        loop {
            match self.place {
                Place::Header => {
                    input.want(1).map_err(Failure::Input)?;
                    match input.bytes().first() {
                        None if self.members > 0 => return Ok(Progress::Finished),
                        Some(0) if self.members > 0 => self.place = Place::Padding,
                        Some(byte) if self.members > 0 && *byte != 0x1f => {
                            return Err(Corrupt::TrailingGarbage.into());
                        }
                        _ => {
                            read_header(input)?;
                            self.inflater.reset();
                            // Matches never reach into the member before.
                            window.history = window.end;
                            self.members = self.members.saturating_add(1);
                            self.place = Place::Stream;
                        }
                    }
                }
                Place::Stream => match self.inflate(input, window)? {
                    Stop::Full => return Ok(Progress::Full),
                    _ => self.place = Place::Trailer,
                },
                Place::Trailer => {
                    self.trailer(input)?;
                    self.place = Place::Header;
                }
                Place::Padding => {
                    if input.bytes().iter().any(|&byte| byte != 0) {
                        return Err(Corrupt::TrailingGarbage.into());
                    }
                    input.consume(input.bytes().len());
                    if input.more().map_err(Failure::Input)? == Ending::Reached
                        && input.bytes().is_empty()
                    {
                        return Ok(Progress::Finished);
                    }
                }
            }
        }
    }
}

/// Reads a member's header (RFC 1952, section 2.3) and leaves the input at its DEFLATE stream.
fn read_header<I: Input>(input: &mut I) -> Result<(), Failure<I::Error>> {
    let mut header = Header {
        input,
        crc: crc32fast::Hasher::new(),
    };
    let [magic1, magic2, method, flags, ..] = header.take::<10>()?;
    if [magic1, magic2] != [0x1f, 0x8b] {
        return Err(Corrupt::GzipHeader("the magic number is wrong").into());
    }
    if method != 8 {
        return Err(Corrupt::GzipHeader("the compression method is not deflate").into());
    }
    if flags & RESERVED != 0 {
        return Err(Corrupt::GzipHeader("a reserved flag is set").into());
    }
    if flags & EXTRA != 0 {
        let length = u16::from_le_bytes(header.take()?);
        header.skip(usize::from(length))?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            header.skip_text()?;
        }
    }
    if flags & HEADER_CRC != 0 {
        // The CRC-16 is the lower half of the CRC-32 of all bytes before it.
        let [low, high, ..] = header.crc.clone().finalize().to_le_bytes();
        if header.take::<2>()? != [low, high] {
            return Err(Corrupt::GzipHeader("its checksum does not match").into());
        }
    }
    Ok(())
}

/// A header being read, with the checksum of what was read.
struct Header<'a, I> {
    input: &'a mut I,
    crc: crc32fast::Hasher,
}

impl<I: Input> Header<'_, I> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Failure<I::Error>> {
        self.input.want(N).map_err(Failure::Input)?;
        let Some(&bytes) = self.input.bytes().first_chunk::<N>() else {
            return Err(Corrupt::Truncated.into());
        };
        self.crc.update(&bytes);
        self.input.consume(N);
        Ok(bytes)
    }

    fn skip(&mut self, mut count: usize) -> Result<(), Failure<I::Error>> {
        while count > 0 {
            self.input.want(1).map_err(Failure::Input)?;
            let bytes = self.input.bytes();
            let bytes = bytes.get(..count).unwrap_or(bytes);
            if bytes.is_empty() {
                return Err(Corrupt::Truncated.into());
            }
            self.crc.update(bytes);
            let taken = bytes.len();
            self.input.consume(taken);
            count = count.saturating_sub(taken);
        }
        Ok(())
    }

    /// A text up to and with its zero byte. It may be of any length; nothing of it is kept.
    fn skip_text(&mut self) -> Result<(), Failure<I::Error>> {
        loop {
            self.input.want(1).map_err(Failure::Input)?;
            let bytes = self.input.bytes();
            if bytes.is_empty() {
                return Err(Corrupt::Truncated.into());
            }
            if let Some(end) = bytes.iter().position(|&byte| byte == 0) {
                return self.skip(end.saturating_add(1));
            }
            let all = bytes.len();
            self.skip(all)?;
        }
    }
}
