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

use std::fmt;
use std::fs::File;
use std::path::Path;

use memmap2::Mmap;
use sha2::{Digest as _, Sha256};

use super::bytes::{u32_at, u64_at};
use super::map::map;
use crate::DatabaseError;

pub(super) const MAGIC: &[u8; 8] = b"PLIMSADV";
/// Raised with every change of the format; readers accept exactly one.
pub(super) const FORMAT: u32 = 5;
pub(super) const HEADER: usize = 64;
const BLOCK_HEAD: usize = 8;
/// Numbers in a page of a [`Table`].
const PAGE: usize = 512;

/// An opened file.
pub(super) struct Blocks {
    name: String,
    bytes: Bytes,
}

enum Bytes {
    Mapped(Mmap),
    Held(Vec<u8>),
}

impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blocks({}, {} bytes)", self.name, self.bytes().len())
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
        // An empty file cannot be mapped, and neither can a folder or a pipe.
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() || meta.len() < HEADER as u64 {
            return Err(DatabaseError::Magic { name });
        }
        let bytes = Bytes::Mapped(map(&file).map_err(failed)?);
        Self { name, bytes }.checked()
    }

    pub(super) fn held(name: &str, bytes: Vec<u8>) -> Result<Self, DatabaseError> {
        let name = name.to_owned();
        let bytes = Bytes::Held(bytes);
        Self { name, bytes }.checked()
    }

    fn checked(self) -> Result<Self, DatabaseError> {
        let bytes = self.bytes();
        let Some(header) = bytes.get(..HEADER).filter(|head| head.starts_with(MAGIC)) else {
            return Err(DatabaseError::Magic { name: self.name });
        };
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
        if u64_at(header, 48) != Some(bytes.len() as u64) {
            return Err(damaged("the file is not as long as its header says"));
        }
        Ok(self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(map) => map,
            Bytes::Held(bytes) => bytes,
        }
    }

    /// The digest that the header names.
    pub(super) fn digest(&self) -> [u8; 32] {
        let digest = self.bytes().get(16..48);
        digest
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or([0; 32])
    }

    /// Where the meta block is.
    pub(super) fn meta_offset(&self) -> u64 {
        u64_at(self.bytes(), 56).unwrap_or(0)
    }

    /// Hashes the whole file.
    pub(super) fn verify(&self) -> Result<(), DatabaseError> {
        let body = self.bytes().get(HEADER..).unwrap_or_default();
        if Sha256::digest(body).as_slice() == self.digest() {
            Ok(())
        } else {
            Err(self.damaged(
                HEADER as u64,
                "the content does not have the digest of the header",
            ))
        }
    }

    /// The payload of the block at an offset, after its checksum was proved.
    pub(super) fn block(&self, offset: u64) -> Result<&[u8], DatabaseError> {
        let damaged = |what| self.damaged(offset, what);
        let start = usize::try_from(offset).map_err(|_| damaged("offset out of range"))?;
        let rest = self
            .bytes()
            .get(start..)
            .ok_or_else(|| damaged("offset behind the end"))?;
        let head = u32_at(rest, 0).zip(u32_at(rest, 4));
        let (length, sum) = head.ok_or_else(|| damaged("the block is cut off"))?;
        let payload = usize::try_from(length)
            .ok()
            .and_then(|length| rest.get(BLOCK_HEAD..)?.get(..length))
            .ok_or_else(|| damaged("the block is cut off"))?;
        if start < HEADER || block_sum(offset, payload) != sum {
            return Err(damaged("wrong checksum of a block"));
        }
        Ok(payload)
    }

    /// One number of a table.
    pub(super) fn lookup(&self, table: Table, place: u64) -> Result<u64, DatabaseError> {
        let damaged = |what| self.damaged(table.offset, what);
        if place >= table.count {
            return Err(damaged("a place behind the end of a table"));
        }
        let (page, inside) = divide(place, PAGE as u64);
        let page = page
            .checked_mul((BLOCK_HEAD + PAGE * 8) as u64)
            .and_then(|bytes| table.offset.checked_add(bytes))
            .ok_or_else(|| damaged("offset out of range"))?;
        let payload = self.block(page)?;
        usize::try_from(inside)
            .ok()
            .and_then(|inside| inside.checked_mul(8))
            .and_then(|at| u64_at(payload, at))
            .ok_or_else(|| damaged("a short page of a table"))
    }

    pub(super) fn damaged(&self, offset: u64, what: &'static str) -> DatabaseError {
        DatabaseError::Damaged {
            name: self.name.clone(),
            offset,
            what,
        }
    }
}

/// A list of numbers in pages of 512, so that reading one checks four kilobytes and not all.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Table {
    /// Offset of the first page; the others follow without a gap.
    pub(super) offset: u64,
    /// How many numbers.
    pub(super) count: u64,
}

/// The group of a place and the place in it; groups are never empty.
pub(super) fn divide(place: u64, size: u64) -> (u64, u64) {
    (
        place.checked_div(size).unwrap_or(0),
        place.checked_rem(size).unwrap_or(0),
    )
}

fn header_sum(header: &[u8]) -> u32 {
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
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&FORMAT.to_le_bytes());
        header.extend_from_slice(&[0; 4]);
        header.extend_from_slice(digest.as_slice());
        header.extend_from_slice(&(out.len() as u64).to_le_bytes());
        header.extend_from_slice(&meta_offset.to_le_bytes());
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
