//! Sparse files: which parts of a file are stored, the rest being zeros (GNU tar manual, "Storing Sparse
//! Files").

use std::io::BufRead;

use super::TarError;
use super::header::{Block, Format, Header, number};
use super::pax::{Pax, decimal};
use super::source::Source;

/// A file with holes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Map {
    /// The size with all holes.
    pub(super) size: u64,
    /// Offset and length of each stored segment, ascending, not empty, without overlap.
    pub(super) segments: Vec<(u64, u64)>,
}

/// Reads maps from the three places where they may be.
pub(super) struct Reader<'a, R> {
    pub(super) source: &'a mut Source<R>,
    /// Bytes that a map may take.
    pub(super) limit: u64,
}

impl<R: BufRead> Reader<'_, R> {
    /// The map of an entry, if it is sparse. `stored` is the size of what is stored; a map at its beginning
    /// (version 1.0) is read and taken off.
    pub(super) fn read(
        &mut self,
        block: &Block,
        header: &Header<'_>,
        pax: &Pax,
        stored: &mut u64,
    ) -> Result<Option<Map>, TarError> {
        let sparse = &pax.sparse;
        let map = if header.type_flag == b'S' {
            if header.format != Format::Gnu {
                return Err(self.bad("a sparse file has no GNU header"));
            }
            self.old(block)?
        } else if sparse.major == Some(1) && sparse.minor == Some(0) {
            let size = sparse
                .size
                .ok_or_else(|| self.bad("a sparse file has no real size"))?;
            Map {
                size,
                segments: self.version_1(stored)?,
            }
        } else if let Some(segments) = &sparse.map {
            let size = sparse
                .size
                .ok_or_else(|| self.bad("a sparse file has no real size"))?;
            Map {
                size,
                segments: segments.clone(),
            }
        } else {
            return Ok(None);
        };
        self.checked(map, *stored).map(Some)
    }

    fn bad(&self, reason: &'static str) -> TarError {
        self.source.bad_header(reason)
    }

    /// The old format: four segments in the header, 21 in each block that may follow.
    fn old(&mut self, block: &Block) -> Result<Map, TarError> {
        let invalid = "a sparse map is not made of numbers";
        let field = block.get(483..495).unwrap_or_default();
        let size = number(field).and_then(|size| u64::try_from(size).ok());
        let size = size.ok_or_else(|| self.bad(invalid))?;
        let mut segments = Vec::new();
        let first = block.get(386..482).unwrap_or_default();
        add_segments(first, &mut segments).ok_or_else(|| self.bad(invalid))?;
        let mut extended = block.get(482).is_some_and(|&flag| flag != 0);
        let mut read = 0u64;
        while extended {
            read = read.saturating_add(512);
            self.check_limit(read)?;
            let block = self
                .source
                .block()?
                .ok_or_else(|| self.source.truncated())?;
            add_segments(block.get(..504).unwrap_or_default(), &mut segments)
                .ok_or_else(|| self.bad(invalid))?;
            extended = block.get(504).is_some_and(|&flag| flag != 0);
        }
        Ok(Map { size, segments })
    }

    /// Version 1.0: decimal numbers, one a line, in blocks in front of the content.
    fn version_1(&mut self, stored: &mut u64) -> Result<Vec<(u64, u64)>, TarError> {
        let mut text = Vec::new();
        let mut numbers = Vec::new();
        let mut wanted = 1;
        while numbers.len() < wanted {
            self.check_limit(text.len() as u64)?;
            let left = stored.checked_sub(512);
            *stored = left.ok_or_else(|| self.bad("a sparse map is longer than its file"))?;
            let block = self
                .source
                .block()?
                .ok_or_else(|| self.source.truncated())?;
            text.extend_from_slice(&block);
            let mut start = 0;
            while numbers.len() < wanted
                && let Some(rest) = text.get(start..)
                && let Some(end) = rest.iter().position(|&byte| byte == b'\n')
            {
                let number = rest.get(..end).and_then(decimal);
                let number =
                    number.ok_or_else(|| self.bad("a sparse map is not made of numbers"))?;
                if numbers.is_empty() {
                    let count = usize::try_from(number)
                        .ok()
                        .and_then(|count| count.checked_mul(2));
                    wanted = count
                        .and_then(|count| count.checked_add(1))
                        .ok_or_else(|| self.bad("a sparse map is too long"))?;
                }
                numbers.push(number);
                start = start.saturating_add(end).saturating_add(1);
            }
            text.drain(..start);
            self.check_limit((numbers.len() as u64).saturating_mul(8))?;
        }
        let pairs = numbers.get(1..).unwrap_or_default().chunks_exact(2);
        Ok(pairs
            .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
            .collect())
    }

    fn check_limit(&self, size: u64) -> Result<(), TarError> {
        if size <= self.limit {
            return Ok(());
        }
        let (after, limit) = (self.source.last().to_owned(), self.limit);
        Err(TarError::Metadata { after, size, limit })
    }

    /// Holds the map against the size of what is stored, as Go's `archive/tar` does.
    fn checked(&self, mut map: Map, stored: u64) -> Result<Map, TarError> {
        let mut end = 0u64;
        let mut sum = 0u64;
        for &(offset, length) in &map.segments {
            let after = offset
                .checked_add(length)
                .filter(|&after| offset >= end && after <= map.size);
            end =
                after.ok_or_else(|| self.bad("a sparse map is out of order or beyond its file"))?;
            sum = sum.saturating_add(length);
        }
        if sum != stored {
            return Err(self.bad("a sparse map does not match what is stored"));
        }
        map.segments.retain(|&(_, length)| length > 0);
        Ok(map)
    }
}

/// Reads pairs of 12 bytes each; a pair that is empty ends them.
fn add_segments(fields: &[u8], segments: &mut Vec<(u64, u64)>) -> Option<()> {
    for pair in fields.chunks_exact(24) {
        let (offset, length) = pair.split_at(12);
        if offset.first() == Some(&0) || length.first() == Some(&0) {
            break;
        }
        segments.push((
            u64::try_from(number(offset)?).ok()?,
            u64::try_from(number(length)?).ok()?,
        ));
    }
    Some(())
}
