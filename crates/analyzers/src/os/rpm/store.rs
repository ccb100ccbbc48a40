//! The bytes of a database, read in bounded pieces from wherever they are.

use std::io::{Read as _, Seek as _, SeekFrom};

use plimsoll_analyze::ReadSeek;

/// Why a part of a database cannot be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::os) enum Damage {
    /// The temporary file behind a large database failed.
    #[error("cannot be read at byte {at}: {source}")]
    Io {
        /// Offset in the file.
        at: u64,
        /// What the system says.
        source: std::io::Error,
    },
    /// A reference leads out of the file; most often the file is truncated.
    #[error("ends before byte {end}, which is part of its content")]
    Beyond {
        /// Offset of the first byte that is not needed.
        end: u64,
    },
    /// An honest database refers to every page once.
    #[error("refers to its own pages again and again")]
    Circular,
    /// Something is not what the format demands.
    #[error("is damaged at byte {at}: {what}")]
    Shape {
        /// What is wrong.
        what: &'static str,
        /// Offset in the file.
        at: u64,
    },
}

impl Damage {
    pub(in crate::os) fn shape(what: &'static str, at: u64) -> Self {
        Self::Shape { what, at }
    }
}

/// The bytes of a database, and how many of them may still be read.
///
/// Every byte of an honest database is read once as part of a page and used once as part of a record, so that
/// three times its size ends every cycle, and every page or record that is used a thousand times.
pub(in crate::os) struct Bytes<'r> {
    reader: Box<dyn ReadSeek + 'r>,
    size: u64,
    allowance: u64,
}

impl<'r> Bytes<'r> {
    pub(in crate::os) fn new(reader: Box<dyn ReadSeek + 'r>, size: u64) -> Self {
        Self {
            reader,
            size,
            allowance: size.saturating_mul(3).saturating_add(1 << 16),
        }
    }

    /// Size of the file.
    pub(in crate::os) fn size(&self) -> u64 {
        self.size
    }

    /// Counts bytes that are used once more without being read again.
    pub(in crate::os) fn charge(&mut self, length: usize) -> Result<(), Damage> {
        self.allowance = self
            .allowance
            .checked_sub(length as u64)
            .ok_or(Damage::Circular)?;
        Ok(())
    }

    /// Replaces the content of `into` by `length` bytes from `at`.
    pub(in crate::os) fn read(
        &mut self,
        at: u64,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        into.clear();
        self.append(at, length, into)
    }

    /// Appends `length` bytes from `at` to `into`.
    pub(in crate::os) fn append(
        &mut self,
        at: u64,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        let end = at.saturating_add(length as u64);
        if end > self.size {
            return Err(Damage::Beyond { end });
        }
        self.charge(length)?;
        let io = |source| Damage::Io { at, source };
        self.reader.seek(SeekFrom::Start(at)).map_err(io)?;
        let got = (&mut self.reader)
            .take(length as u64)
            .read_to_end(into)
            .map_err(io)?;
        if got < length {
            return Err(Damage::Beyond { end });
        }
        Ok(())
    }
}

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::os) enum Order {
    Little,
    Big,
}

impl Order {
    /// The 16-bit number at `at`, if it is there.
    pub(in crate::os) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let (number, _) = bytes.get(at..)?.split_first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(*number),
            Self::Big => u16::from_be_bytes(*number),
        })
    }

    /// The 32-bit number at `at`, if it is there.
    pub(in crate::os) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let (number, _) = bytes.get(at..)?.split_first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*number),
            Self::Big => u32::from_be_bytes(*number),
        })
    }
}
