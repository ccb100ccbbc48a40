//! The archive's bytes, counted.

use std::io::{self, BufRead};

use plimsoll_model::ImagePath;

use super::TarError;
use super::header::Block;

/// A reader with what is needed to name the place of an error.
#[derive(Debug)]
pub(super) struct Source<R> {
    reader: R,
    offset: u64,
    /// Where the present header began.
    header: u64,
    last: String,
}

impl<R: BufRead> Source<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            offset: 0,
            header: 0,
            last: String::new(),
        }
    }

    pub(super) fn into_inner(self) -> R {
        self.reader
    }

    /// The path of the last entry.
    pub(super) fn last(&self) -> &str {
        &self.last
    }

    pub(super) fn remember(&mut self, path: &ImagePath) {
        self.last.clear();
        self.last.push_str(path.as_str());
    }

    pub(super) fn begin_header(&mut self) {
        self.header = self.offset;
    }

    pub(super) fn bad_header(&self, reason: &'static str) -> TarError {
        TarError::Header {
            after: self.last.clone(),
            offset: self.header,
            reason,
        }
    }

    pub(super) fn truncated(&self) -> TarError {
        TarError::Truncated {
            after: self.last.clone(),
            offset: self.offset,
        }
    }

    /// What can be had without copying; empty at the end of the archive.
    pub(super) fn fill(&mut self) -> Result<&[u8], TarError> {
        loop {
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    let (after, offset) = (self.last.clone(), self.offset);
                    return Err(TarError::Read {
                        after,
                        offset,
                        source,
                    });
                }
            }
        }
        // The buffer is filled, hence this asks nothing of the source; the first answer cannot be kept, because
        // an error would want the name of the last entry at the same time.
        self.reader.fill_buf().map_err(|source| TarError::Read {
            after: self.last.clone(),
            offset: self.offset,
            source,
        })
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.reader.consume(count);
        self.offset = self.offset.saturating_add(count as u64);
    }

    /// The next block; `None` at the end of the archive.
    pub(super) fn block(&mut self) -> Result<Option<Block>, TarError> {
        let bytes = self.fill()?;
        if let Some(&block) = bytes.first_chunk::<512>() {
            self.consume(512);
            return Ok(Some(block));
        }
        let mut block = [0; 512];
        match self.fill_slice(&mut block)? {
            512 => Ok(Some(block)),
            0 => Ok(None),
            _ => Err(self.truncated()),
        }
    }

    /// Fills `to` as far as there are bytes.
    fn fill_slice(&mut self, to: &mut [u8]) -> Result<usize, TarError> {
        let mut filled = 0;
        while let Some(rest) = to.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let bytes = self.fill()?;
            let count = bytes.len().min(rest.len());
            if count == 0 {
                break;
            }
            if let (Some(rest), Some(bytes)) = (rest.get_mut(..count), bytes.get(..count)) {
                rest.copy_from_slice(bytes);
            }
            self.consume(count);
            filled = filled.saturating_add(count);
        }
        Ok(filled)
    }

    /// The next `count` bytes, which the caller has limited.
    pub(super) fn take(&mut self, count: u64) -> Result<Vec<u8>, TarError> {
        let mut bytes = vec![0; usize::try_from(count).map_err(|_| self.truncated())?];
        if self.fill_slice(&mut bytes)? < bytes.len() {
            return Err(self.truncated());
        }
        Ok(bytes)
    }

    pub(super) fn skip(&mut self, mut count: u64) -> Result<(), TarError> {
        while count > 0 {
            let available = self.fill()?.len();
            if available == 0 {
                return Err(self.truncated());
            }
            let step = usize::try_from(count).unwrap_or(usize::MAX).min(available);
            self.consume(step);
            count = count.saturating_sub(step as u64);
        }
        Ok(())
    }

    /// Skips what fills up a block. Answers whether it was there.
    pub(super) fn skip_padding(&mut self, count: u64) -> Result<bool, TarError> {
        match self.skip(count) {
            Ok(()) => Ok(true),
            Err(TarError::Truncated { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
