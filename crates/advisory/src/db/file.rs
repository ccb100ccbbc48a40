//! The file of a database: header, checked blocks, tables of numbers.
//!
//! ```text
//! header, 64 bytes
//!   0  magic "PLIMSADV"
//!   8  format, u32
//!  12  CRC-32 of the header with these four bytes zero, u32
//!  16  SHA-256 of everything after the header
//!  48  length of the file, u64
//!  56  offset of the meta block, u64
//! blocks, each
//!   0  length of the payload, u32
//!   4  CRC-32 of the block's own offset (u64) and its payload, u32
//!   8  payload
//! ```
//! All numbers are little-endian. The offset is part of the checksum so that a block which is read from the
//! wrong place does not pass for the right one.

//!
//! Blocks are read when they are asked for and not mapped: a mapping would keep every page that was ever touched in
//! the memory of the process, and would end it where somebody cuts the file.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::bytes::{u32_at, u64_at};
use crate::DatabaseError;

pub(super) const MAGIC: &[u8; 8] = b"PLIMSADV";
/// Raised with every change of the format; readers accept exactly one.
pub(super) const FORMAT: u32 = 9;
pub(super) const HEADER: usize = 64;
const BLOCK_HEAD: usize = 8;
/// Numbers in a page of a [`Table`].
const PAGE: usize = 512;

/// Bytes that are read at first: most blocks are shorter.
const FIRST_READ: usize = 1024;
/// Bytes that are hashed at a time.
const HASHED: usize = 1 << 20;

/// An opened file.
pub(super) struct Blocks {
    name: String,
    bytes: Bytes,
    /// How many there are.
    length: u64,
    header: [u8; HEADER],
}

enum Bytes {
    OfFile(File),
    Held(Vec<u8>),
}

/// The payload of a block whose checksum was proved.
#[derive(Debug)]
pub(super) struct Block<'a> {
    bytes: Cow<'a, [u8]>,
    payload: std::ops::Range<usize>,
}

impl Deref for Block<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(self.payload.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blocks({}, {} bytes)", self.name, self.length)
    }
}

impl Blocks {
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let failed = |source| DatabaseError::Open {
            path: path.to_path_buf(),
            source,
        };
        let name = path.display().to_string();
        let file = File::open(path).map_err(failed)?;
        // Folders and pipes have no places to read from.
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() {
            return Err(DatabaseError::Magic { name });
        }
        Self::new(name, Bytes::OfFile(file), meta.len())
    }

    pub(super) fn held(name: &str, bytes: Vec<u8>) -> Result<Self, DatabaseError> {
        let length = bytes.len() as u64;
        Self::new(name.to_owned(), Bytes::Held(bytes), length)
    }

    fn new(name: String, bytes: Bytes, length: u64) -> Result<Self, DatabaseError> {
        if length < HEADER as u64 {
            return Err(DatabaseError::Magic { name });
        }
        let mut blocks = Self {
            name,
            bytes,
            length,
            header: [0; HEADER],
        };
        let header = blocks.read(0, HEADER)?.into_owned();
        blocks.header = header
            .try_into()
            .map_err(|_| blocks.damaged(0, "short header"))?;
        blocks.checked()
    }

    fn checked(self) -> Result<Self, DatabaseError> {
        let header = &self.header;
        if !header.starts_with(MAGIC) {
            return Err(DatabaseError::Magic { name: self.name });
        }
        let damaged = |what| self.damaged(0, what);
        let found = u32_at(header, 8).ok_or_else(|| damaged("short header"))?;
        if found != FORMAT {
            return Err(DatabaseError::Format {
                name: self.name,
                found,
                supported: FORMAT,
            });
        }
        if u32_at(header, 12) != Some(header_sum(header)) {
            return Err(damaged("wrong checksum of the header"));
        }
        if u64_at(header, 48) != Some(self.length) {
            return Err(damaged("the file is not as long as its header says"));
        }
        Ok(self)
    }

    /// How many bytes the file has.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// So many bytes from a place, which lie inside of the file.
    fn read(&self, offset: u64, length: usize) -> Result<Cow<'_, [u8]>, DatabaseError> {
        let end = offset.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(self.damaged(offset, "the block is cut off"));
        }
        match &self.bytes {
            Bytes::Held(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|at| bytes.get(at..));
                let found = rest.and_then(|rest| rest.get(..length));
                found
                    .map(Cow::Borrowed)
                    .ok_or_else(|| self.damaged(offset, "the block is cut off"))
            }
            Bytes::OfFile(file) => {
                let mut bytes = vec![0; length];
                read_at(file, &mut bytes, offset).map_err(|source| DatabaseError::Read {
                    name: self.name.clone(),
                    offset,
                    source,
                })?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// The digest that the header names.
    pub(super) fn digest(&self) -> [u8; 32] {
        let digest = self.header.get(16..48);
        digest
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or([0; 32])
    }

    /// Where the meta block is.
    pub(super) fn meta_offset(&self) -> u64 {
        u64_at(&self.header, 56).unwrap_or(0)
    }

    /// Hashes the whole file.
    pub(super) fn verify(&self) -> Result<(), DatabaseError> {
        let mut hasher = Sha256::new();
        let mut at = HEADER as u64;
        while let Some(rest) = self.length.checked_sub(at).filter(|rest| *rest > 0) {
            let length = usize::try_from(rest).map_or(HASHED, |rest| rest.min(HASHED));
            hasher.update(&self.read(at, length)?);
            at = at.saturating_add(length as u64);
        }
        if hasher.finalize().as_slice() == self.digest() {
            Ok(())
        } else {
            Err(self.damaged(
                HEADER as u64,
                "the content does not have the digest of the header",
            ))
        }
    }

    /// The payload of the block at an offset, after its checksum was proved.
    pub(super) fn block(&self, offset: u64) -> Result<Block<'_>, DatabaseError> {
        let damaged = |what| self.damaged(offset, what);
        let rest = self
            .length
            .checked_sub(offset)
            .filter(|_| offset >= HEADER as u64)
            .ok_or_else(|| damaged("offset out of range"))?;
        let first = usize::try_from(rest).map_or(FIRST_READ, |rest| rest.min(FIRST_READ));
        let mut bytes = self.read(offset, first)?;
        let head = u32_at(&bytes, 0).zip(u32_at(&bytes, 4));
        let (length, sum) = head.ok_or_else(|| damaged("the block is cut off"))?;
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| length.checked_add(BLOCK_HEAD))
            .ok_or_else(|| damaged("the block is cut off"))?;
        if end > bytes.len() {
            bytes = self.read(offset, end)?;
        }
        let payload = bytes.get(BLOCK_HEAD..end);
        if payload.is_none_or(|payload| block_sum(offset, payload) != sum) {
            return Err(damaged("wrong checksum of a block"));
        }
        Ok(Block {
            bytes,
            payload: BLOCK_HEAD..end,
        })
    }

    pub(super) fn damaged(&self, offset: u64, what: &'static str) -> DatabaseError {
        DatabaseError::Damaged {
            name: self.name.clone(),
            offset,
            what,
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.get_mut(count..).unwrap_or_default();
        offset = offset.saturating_add(count as u64);
    }
    Ok(())
}

/// A list of numbers in pages of 512, so that reading one checks four kilobytes and not all.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Table {
    /// Offset of the first page; the others follow without a gap.
    pub(super) offset: u64,
    /// How many numbers.
    pub(super) count: u64,
}

impl Table {
    /// The offset of the page that has the number of a place; none behind the end.
    pub(super) fn page(self, place: u64) -> Option<u64> {
        let (page, _) = divide(place, PAGE as u64);
        let before = page.checked_mul((BLOCK_HEAD + PAGE * 8) as u64)?;
        self.offset
            .checked_add(before)
            .filter(|_| place < self.count)
    }

    /// The number of a place in the page that has it.
    pub(super) fn number(place: u64, page: &[u8]) -> Option<u64> {
        let (_, inside) = divide(place, PAGE as u64);
        u64_at(page, usize::try_from(inside).ok()?.checked_mul(8)?)
    }
}

/// The group of a place and the place in it; groups are never empty.
pub(super) fn divide(place: u64, size: u64) -> (u64, u64) {
    (
        place.checked_div(size).unwrap_or(0),
        place.checked_rem(size).unwrap_or(0),
    )
}

fn header_sum(header: &[u8; HEADER]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(header.get(..12).unwrap_or_default());
    hasher.update(&[0; 4]);
    hasher.update(header.get(16..).unwrap_or_default());
    hasher.finalize()
}

fn block_sum(offset: u64, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&offset.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// Lays blocks one after another and seals the file.
#[derive(Debug)]
pub(super) struct BlockWriter {
    out: Vec<u8>,
}

impl BlockWriter {
    pub(super) fn new() -> Self {
        Self {
            out: vec![0; HEADER],
        }
    }

    /// Appends a block; `None` if it is too long for the format.
    pub(super) fn block(&mut self, payload: &[u8]) -> Option<u64> {
        let length = u32::try_from(payload.len()).ok()?;
        let offset = self.out.len() as u64;
        self.out.extend_from_slice(&length.to_le_bytes());
        self.out
            .extend_from_slice(&block_sum(offset, payload).to_le_bytes());
        self.out.extend_from_slice(payload);
        Some(offset)
    }

    pub(super) fn table(&mut self, numbers: &[u64]) -> Option<Table> {
        let offset = self.out.len() as u64;
        for page in numbers.chunks(PAGE) {
            let payload: Vec<u8> = page
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect();
            self.block(&payload)?;
        }
        Some(Table {
            offset,
            count: numbers.len() as u64,
        })
    }

    /// Writes the header and gives the whole file.
    pub(super) fn seal(self, meta_offset: u64) -> Vec<u8> {
        let mut out = self.out;
        let digest = Sha256::digest(out.get(HEADER..).unwrap_or_default());
        let mut header = [0; HEADER];
        let parts = [
            (0, MAGIC.as_slice()),
            (8, &FORMAT.to_le_bytes()),
            (16, digest.as_slice()),
            (48, &(out.len() as u64).to_le_bytes()),
            (56, &meta_offset.to_le_bytes()),
        ];
        for (at, part) in parts {
            for (place, byte) in header.iter_mut().skip(at).zip(part) {
                *place = *byte;
            }
        }
        let sum = header_sum(&header).to_le_bytes();
        for (place, byte) in header.iter_mut().skip(12).zip(sum) {
            *place = byte;
        }
        for (place, byte) in out.iter_mut().zip(header) {
            *place = byte;
        }
        out
    }
}
