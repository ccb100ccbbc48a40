//! A reader of zip archives that holds no more than it must.
//!
//! Source: PKWARE's APPNOTE 6.3.10, sections 4.3 (records) and 4.5.3 (Zip64). The list of entries is read as a
//! stream and only entries that somebody asked for are kept, so that an archive with millions of entries
//! costs time in proportion to its bytes and no memory. Archives may begin with something else, as those do
//! that are also shell scripts.
//!
//! Methods other than "stored" and "deflated" do not occur in archives of packages and are refused by name.

use std::io::{BufReader, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use plimsoll_analyze::ReadSeek;

/// An end record without a comment.
const SHORTEST_END: u64 = 22;
/// Longest end record: 22 bytes and a comment of up to 65 535.
const LONGEST_END: u64 = 22 + 0xffff;

/// Why an archive or an entry cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ZipError {
    /// There is no end record.
    #[error("not a zip archive, or cut off")]
    NoEnd,
    /// A record is not what the specification says.
    #[error("the zip archive is damaged: {0}")]
    Damaged(&'static str),
    /// The entry needs a password.
    #[error("encrypted")]
    Encrypted,
    /// The entry is compressed in an unusual way.
    #[error("compressed with method {0}, which is not supported")]
    Method(u16),
    /// The bytes cannot be read or decompressed.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// One entry that somebody asked for.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its path as written.
    pub(crate) name: String,
    flags: u16,
    method: u16,
    crc: u32,
    stored: u64,
    /// Size when decompressed, as claimed.
    pub(crate) size: u64,
    header: u64,
}

/// Where the list of entries is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Directory {
    start: u64,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// Where the archive begins in the file.
    base: u64,
    /// What comes after the archive in the file.
    pub(crate) after: After,
}

/// What comes after an archive in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing, as it should be.
    Nothing,
    /// Something: the end that was found may be that of an archive inside one that is cut off.
    Something,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u64::from_le_bytes(*bytes))
}

impl Directory {
    /// Finds the list of entries from the end of the file.
    pub(crate) fn find(reader: &mut dyn ReadSeek) -> Result<Self, ZipError> {
        let size = reader.seek(SeekFrom::End(0))?;
        let tail_from = |reader: &mut dyn ReadSeek, start| {
            reader.seek(SeekFrom::Start(start))?;
            let mut tail = Vec::new();
            reader.take(LONGEST_END).read_to_end(&mut tail)?;
            Ok::<_, std::io::Error>(tail)
        };
        // Hardly any archive has a comment.
        let mut tail_start = size.saturating_sub(SHORTEST_END);
        let mut tail = tail_from(reader, tail_start)?;
        if find_end(&tail).is_none() {
            tail_start = size.saturating_sub(LONGEST_END);
            tail = tail_from(reader, tail_start)?;
        }
        let (at, after) = find_end(&tail).ok_or(ZipError::NoEnd)?;
        let end = tail.get(at..).unwrap_or_default();
        let record = tail_start.saturating_add(at as u64);
        let (Some(length), Some(offset)) = (u32_at(end, 12), u32_at(end, 16)) else {
            return Err(ZipError::NoEnd);
        };
        let wide = length == u32::MAX || offset == u32::MAX || u16_at(end, 10) == Some(u16::MAX);
        if wide && let Some(directory) = Self::find_wide(reader, record)? {
            return Ok(Self { after, ..directory });
        }
        let directory = Self::before(record, u64::from(length), u64::from(offset))?;
        Ok(Self { after, ..directory })
    }

    /// Zip64 has a second end record, which a locator in front of the first one points at.
    fn find_wide(reader: &mut dyn ReadSeek, record: u64) -> Result<Option<Self>, ZipError> {
        let Some(locator_at) = record.checked_sub(20) else {
            return Ok(None);
        };
        let mut locator = [0; 20];
        reader.seek(SeekFrom::Start(locator_at))?;
        reader.read_exact(&mut locator)?;
        if !locator.starts_with(b"PK\x06\x07") {
            return Ok(None);
        }
        // If something stands before the archive the pointer is too small; then the record is right before.
        let pointed = u64_at(&locator, 8).unwrap_or_default();
        for at in [pointed, locator_at.saturating_sub(56)] {
            let mut end = [0; 56];
            reader.seek(SeekFrom::Start(at))?;
            if reader.read_exact(&mut end).is_ok() && end.starts_with(b"PK\x06\x06") {
                let (length, offset) = (u64_at(&end, 40), u64_at(&end, 48));
                let (length, offset) = (length.unwrap_or_default(), offset.unwrap_or_default());
                return Self::before(at, length, offset).map(Some);
            }
        }
        Err(ZipError::Damaged("no Zip64 end record"))
    }

    /// The list lies right before its end record, wherever it claims to be.
    fn before(record: u64, length: u64, offset: u64) -> Result<Self, ZipError> {
        let start = record
            .checked_sub(length)
            .ok_or(ZipError::Damaged("the list of entries is too long"))?;
        let base = start
            .checked_sub(offset)
            .ok_or(ZipError::Damaged("the list of entries is elsewhere"))?;
        Ok(Self {
            start,
            length,
            base,
            after: After::Nothing,
        })
    }

    /// Goes through the list and keeps the entries that are wanted, at most `most`. Says why it stopped
    /// early, if it did.
    pub(crate) fn entries(
        self,
        reader: &mut dyn ReadSeek,
        most: usize,
        mut wanted: impl FnMut(&[u8]) -> bool,
    ) -> (Vec<Entry>, Option<ZipError>) {
        let mut kept = Vec::new();
        if let Err(error) = reader.seek(SeekFrom::Start(self.start)) {
            return (kept, Some(error.into()));
        }
        let room = usize::try_from(self.length.min(64 << 10)).unwrap_or_default();
        let mut list = BufReader::with_capacity(room, reader.take(self.length));
        let mut variable = Vec::new();
        loop {
            match next_entry(&mut list, &mut variable) {
                Ok(Some(mut entry)) => {
                    let name = variable.get(..entry.name_length).unwrap_or_default();
                    if !wanted(name) {
                        continue;
                    }
                    if kept.len() == most {
                        return (
                            kept,
                            Some(ZipError::Damaged("too many entries of interest")),
                        );
                    }
                    entry.widen(variable.get(entry.name_length..).unwrap_or_default());
                    entry.entry.name = String::from_utf8_lossy(name).into_owned();
                    entry.entry.header = entry.entry.header.saturating_add(self.base);
                    kept.push(entry.entry);
                }
                Ok(None) => return (kept, None),
                Err(error) => return (kept, Some(error)),
            }
        }
    }
}

/// The last end record whose comment reaches to the end of the file; else the last whose comment fits.
fn find_end(tail: &[u8]) -> Option<(usize, After)> {
    let ends = |exactly: bool| {
        (0..=tail.len().checked_sub(22)?).rev().find(|&at| {
            let end = tail.get(at..).unwrap_or_default();
            let room = end.len().saturating_sub(22);
            end.starts_with(b"PK\x05\x06")
                && u16_at(end, 20).map(usize::from).is_some_and(|comment| {
                    if exactly {
                        comment == room
                    } else {
                        comment <= room
                    }
                })
        })
    };
    let exact = ends(true).map(|at| (at, After::Nothing));
    exact.or_else(|| ends(false).map(|at| (at, After::Something)))
}

/// An entry of the list before it is known whether anybody wants it.
struct Listed {
    entry: Entry,
    name_length: usize,
    extra_length: usize,
}

fn next_entry(list: &mut impl Read, variable: &mut Vec<u8>) -> Result<Option<Listed>, ZipError> {
    const SHORT: ZipError = ZipError::Damaged("the list of entries is cut off");
    let mut fixed = [0; 46];
    let mut filled = 0;
    while let Some(room) = fixed.get_mut(filled..).filter(|room| !room.is_empty()) {
        match list.read(room)? {
            0 if filled == 0 => return Ok(None),
            0 => return Err(SHORT),
            count => filled = filled.saturating_add(count),
        }
    }
    if !fixed.starts_with(b"PK\x01\x02") {
        return Err(ZipError::Damaged(
            "the list of entries has something else in it",
        ));
    }
    let short = |at| u16_at(&fixed, at).unwrap_or_default();
    let long = |at| u32_at(&fixed, at).unwrap_or_default();
    let (name, extra, comment) = (short(28), short(30), short(32));
    variable.clear();
    let length = u64::from(name)
        .saturating_add(u64::from(extra))
        .saturating_add(u64::from(comment));
    if list.take(length).read_to_end(variable)? as u64 != length {
        return Err(SHORT);
    }
    Ok(Some(Listed {
        entry: Entry {
            name: String::new(),
            flags: short(8),
            method: short(10),
            crc: long(16),
            stored: u64::from(long(20)),
            size: u64::from(long(24)),
            header: u64::from(long(42)),
        },
        name_length: usize::from(name),
        extra_length: usize::from(extra),
    }))
}

impl Listed {
    /// Takes numbers that did not fit from the Zip64 field, which has only those, in this order.
    fn widen(&mut self, after_name: &[u8]) {
        let mut extra = after_name.get(..self.extra_length).unwrap_or_default();
        while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let end = usize::from(length).saturating_add(4);
            if id == 1 {
                let mut field = extra.get(4..end).unwrap_or_default();
                for number in [
                    &mut self.entry.size,
                    &mut self.entry.stored,
                    &mut self.entry.header,
                ] {
                    if *number == u64::from(u32::MAX)
                        && let Some(wide) = u64_at(field, 0)
                    {
                        *number = wide;
                        field = field.get(8..).unwrap_or_default();
                    }
                }
                return;
            }
            extra = extra.get(end..).unwrap_or_default();
        }
    }
}

impl Entry {
    /// Where the bytes of the entry begin: after a header of its own, whose lengths can differ from the list's.
    fn locate(&self, reader: &mut dyn ReadSeek) -> Result<u64, ZipError> {
        if self.flags & 1 != 0 {
            return Err(ZipError::Encrypted);
        }
        let mut header = [0; 30];
        reader.seek(SeekFrom::Start(self.header))?;
        reader.read_exact(&mut header)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(ZipError::Damaged("an entry is not where the list says"));
        }
        let lengths = [26, 28].map(|at| u64::from(u16_at(&header, at).unwrap_or_default()));
        let [name, extra] = lengths;
        Ok(self
            .header
            .saturating_add(30)
            .saturating_add(name)
            .saturating_add(extra))
    }

    /// The place of the bytes in the archive if they lie there as they are.
    pub(crate) fn window(&self, reader: &mut dyn ReadSeek) -> Result<Option<(u64, u64)>, ZipError> {
        if self.method != 0 {
            return Ok(None);
        }
        let start = self.locate(reader)?;
        Ok(Some((start, self.stored)))
    }

    /// Hands the decompressed bytes to `out`, at most `most` of them; says how many there were.
    /// When all were handed over, their checksum is proved.
    pub(crate) fn copy(
        &self,
        reader: &mut dyn ReadSeek,
        most: u64,
        scratch: &mut Scratch,
        out: &mut dyn std::io::Write,
    ) -> Result<u64, ZipError> {
        let start = self.locate(reader)?;
        reader.seek(SeekFrom::Start(start))?;
        let stored = reader.take(self.stored);
        let mut content: Box<dyn Read + '_> = match self.method {
            0 => Box::new(stored),
            8 => Box::new(scratch.inflate(stored)),
            other => return Err(ZipError::Method(other)),
        };
        let mut crc = Crc::new();
        let mut buffer = [0; 16 << 10];
        let mut total = 0_u64;
        while total < most {
            let room = usize::try_from(most.saturating_sub(total)).unwrap_or(usize::MAX);
            let room = room.min(buffer.len());
            let count = content.read(buffer.get_mut(..room).unwrap_or_default())?;
            let piece = buffer.get(..count).unwrap_or_default();
            if piece.is_empty() {
                if crc.sum() != self.crc {
                    return Err(ZipError::Damaged("the checksum of an entry is wrong"));
                }
                break;
            }
            crc.update(piece);
            out.write_all(piece)?;
            total = total.saturating_add(count as u64);
        }
        Ok(total)
    }
}

/// What decompressing needs, kept for the next entry: made anew for each of thousands of small entries, it would
/// leave holes of its size between what is kept, and these add up.
pub(crate) struct Scratch {
    state: Decompress,
    input: Vec<u8>,
}

impl Scratch {
    /// Nothing decompressed yet.
    pub(crate) fn new() -> Self {
        Self {
            state: Decompress::new(false),
            input: vec![0; 32 << 10],
        }
    }

    fn inflate<R: Read>(&mut self, source: R) -> Inflate<'_, R> {
        self.state.reset(false);
        Inflate {
            scratch: self,
            source,
            at: 0,
            filled: 0,
        }
    }
}

/// Decompresses while it is read.
struct Inflate<'a, R> {
    scratch: &'a mut Scratch,
    source: R,
    at: usize,
    filled: usize,
}

impl<R: Read> Read for Inflate<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Scratch { state, input } = &mut *self.scratch;
        loop {
            if self.at == self.filled {
                self.at = 0;
                self.filled = self.source.read(input)?;
            }
            let ended = self.filled == 0;
            let piece = input.get(self.at..self.filled).unwrap_or_default();
            let (before_in, before_out) = (state.total_in(), state.total_out());
            let flush = if ended {
                FlushDecompress::Finish
            } else {
                FlushDecompress::None
            };
            let status = state
                .decompress(piece, buffer, flush)
                .map_err(std::io::Error::other)?;
            let taken = state.total_in().saturating_sub(before_in);
            let given = state.total_out().saturating_sub(before_out);
            self.at = self
                .at
                .saturating_add(usize::try_from(taken).unwrap_or_default());
            if given > 0 || status == Status::StreamEnd || buffer.is_empty() {
                return Ok(usize::try_from(given).unwrap_or_default());
            }
            if ended || (taken == 0 && status == Status::BufError) {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// A part of a file as a file.
pub(crate) struct Window<'a> {
    inner: &'a mut dyn ReadSeek,
    start: u64,
    length: u64,
    at: u64,
}

impl<'a> Window<'a> {
    /// The part at `start` with `length` bytes.
    pub(crate) fn new(inner: &'a mut dyn ReadSeek, (start, length): (u64, u64)) -> Self {
        Self {
            inner,
            start,
            length,
            at: 0,
        }
    }
}

impl Read for Window<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        if room == 0 {
            return Ok(0);
        }
        self.inner
            .seek(SeekFrom::Start(self.start.saturating_add(self.at)))?;
        let count = self
            .inner
            .read(buffer.get_mut(..room).unwrap_or_default())?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// The decompressed bytes of the first entry that is wanted, at most `most` of them; `None` where there is no such
/// entry. For archives that are one package with one description of it.
pub(crate) fn first_file(
    reader: &mut dyn ReadSeek,
    most: u64,
    wanted: impl Fn(&[u8]) -> bool,
) -> Result<Option<(String, Vec<u8>)>, ZipError> {
    let mut taken = false;
    let directory = Directory::find(reader)?;
    let (entries, stopped) = directory.entries(reader, 1, |name| {
        let first = !taken && wanted(name);
        taken |= first;
        first
    });
    match (entries.into_iter().next(), stopped) {
        (Some(entry), _) => {
            let mut bytes = Vec::new();
            entry.copy(reader, most, &mut Scratch::new(), &mut bytes)?;
            Ok(Some((entry.name, bytes)))
        }
        (None, Some(error)) => Err(error),
        (None, None) => Ok(None),
    }
}
