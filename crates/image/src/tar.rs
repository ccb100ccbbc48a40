//! A tar archive as a stream of entries, read once, front to back, in bounded memory.
//!
//! Read are: V7, POSIX ustar and pax (IEEE Std 1003.1-2017, `pax`), GNU (long names, numbers in base 256, old
//! sparse files, pax sparse files 0.0, 0.1 and 1.0) and star. Where readers of tar disagree, this one sides
//! with Go's `archive/tar`, because containerd, Docker and Podman unpack layers with it, and a file that they
//! see and we do not is a hiding place:
//!
//! - A GNU long name wins over a pax path, which wins over the header.
//! - Links, directories, devices and pipes have no content, whatever their size field says.
//! - Global pax headers change nothing; the container runtimes skip them.
//! - The archive may end without its two zero blocks ([`Ending`] tells), even after one of them, or without the filling
//!   of the last block, but not inside a header or a content.
//!
//! Names are normalised and cannot leave the root, see [`ImagePath`]; [`Traversal`] tells where `..` was.
//! What an entry means (whiteouts, links, overwriting) is for the squash.
//!
//! [`ImagePath`]: plimsoll_model::ImagePath

mod content;
mod entry;
mod error;
mod header;
mod pax;
mod source;
mod sparse;

use std::io::BufRead;

pub use content::Content;
use content::Position;
pub use entry::{Entry, Kind, Traversal};
pub use error::TarError;
use header::{Block, Header};
use pax::Extensions;
use source::Source;
use sparse::Map;

/// Limits on an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkLimits {
    /// Entries. Default 5 million.
    pub entries: u64,
    /// Bytes of a path or link target. Default 4096, Linux' `PATH_MAX`: longer ones cannot be unpacked.
    pub path: usize,
    /// Bytes of one pax header, long name or sparse map. Default 1 MiB, as in Go's `archive/tar`.
    pub metadata: u64,
}

impl Default for WalkLimits {
    fn default() -> Self {
        Self {
            entries: 5_000_000,
            path: 4096,
            metadata: 1 << 20,
        }
    }
}

/// How an archive ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With two blocks of zeros, as it should.
    Marker,
    /// With the end of the bytes. Tolerated, as GNU tar and the container runtimes do.
    Missing,
}

/// A walk over an archive.
#[derive(Debug)]
pub struct Walk<R> {
    source: Source<R>,
    limits: WalkLimits,
    /// What is left of the present entry.
    position: Position,
    entries: u64,
    ending: Option<Ending>,
    /// Whether an error has ended the walk.
    failed: bool,
}

impl<R: BufRead> Walk<R> {
    /// Begins a walk at the first byte of an archive.
    pub fn new(reader: R, limits: WalkLimits) -> Self {
        Self {
            source: Source::new(reader),
            limits,
            position: Position::default(),
            entries: 0,
            ending: None,
            failed: false,
        }
    }

    /// The next entry; `None` at the end of the archive. Content of the entry before that was not read is
    /// skipped. After an error the walk is over.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, TarError> {
        if self.ending.is_some() {
            return Ok(None);
        }
        if self.failed {
            return Err(self.source.bad_header("the walk has failed before"));
        }
        self.failed = true;
        let entry = self.advance()?;
        self.failed = false;
        Ok(entry)
    }

    fn advance(&mut self) -> Result<Option<Entry>, TarError> {
        let position = std::mem::take(&mut self.position);
        self.source.skip(position.stored)?;
        if !self.source.skip_padding(position.padding)? {
            self.ending = Some(Ending::Missing);
            return Ok(None);
        }
        let mut extensions = Extensions::default();
        loop {
            self.source.begin_header();
            let Some(block) = self.next_block(&extensions)? else {
                return Ok(None);
            };
            let header = Header::parse(&block).map_err(|reason| self.source.bad_header(reason))?;
            match header.type_flag {
                b'x' => {
                    let records = self.read_metadata(&header)?;
                    extensions.pax =
                        pax::parse(&records).map_err(|reason| self.source.bad_header(reason))?;
                }
                b'g' => self.source.skip(padded(header.size))?,
                b'L' => extensions.long_name = Some(until_nul(self.read_metadata(&header)?)),
                b'K' => extensions.long_link = Some(until_nul(self.read_metadata(&header)?)),
                _ => return self.entry(&block, &header, extensions).map(Some),
            }
        }
    }

    /// The content of the entry that [`Walk::next_entry`] gave last, or what is left of it.
    pub fn content(&mut self) -> Content<'_, R> {
        Content::new(&mut self.source, &mut self.position)
    }

    /// Entries so far.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// How the archive ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Gives back the reader, behind what was read.
    pub fn into_inner(self) -> R {
        self.source.into_inner()
    }

    /// The next header block; `None` at the end of the archive.
    fn next_block(&mut self, extensions: &Extensions) -> Result<Option<Block>, TarError> {
        let Some(block) = self.source.block()? else {
            return self.end(Ending::Missing, extensions);
        };
        if block != [0; 512] {
            return Ok(Some(block));
        }
        match self.source.block()? {
            None => self.end(Ending::Missing, extensions),
            Some(second) if second == [0; 512] => self.end(Ending::Marker, extensions),
            Some(_) => Err(self.source.bad_header("something follows a block of zeros")),
        }
    }

    fn end(&mut self, ending: Ending, extensions: &Extensions) -> Result<Option<Block>, TarError> {
        if extensions.is_empty() {
            self.ending = Some(ending);
            Ok(None)
        } else {
            // A long name or pax header announces an entry that does not come.
            Err(self.source.truncated())
        }
    }

    /// Reads the content of a header that is about the next one.
    fn read_metadata(&mut self, header: &Header<'_>) -> Result<Vec<u8>, TarError> {
        if header.size > self.limits.metadata {
            return Err(TarError::Metadata {
                after: self.source.last().to_owned(),
                size: header.size,
                limit: self.limits.metadata,
            });
        }
        let bytes = self.source.take(header.size)?;
        self.source
            .skip(padded(header.size).saturating_sub(header.size))?;
        Ok(bytes)
    }

    fn entry(
        &mut self,
        block: &Block,
        header: &Header<'_>,
        extensions: Extensions,
    ) -> Result<Entry, TarError> {
        self.entries = self.entries.saturating_add(1);
        if self.entries > self.limits.entries {
            return Err(TarError::Entries {
                limit: self.limits.entries,
            });
        }
        let mut stored = extensions.pax.size.unwrap_or(header.size);
        let raw = entry::assemble(
            header,
            extensions.long_name,
            extensions.long_link,
            &extensions.pax,
        );
        for length in [raw.path.len(), raw.link.len()] {
            if length > self.limits.path {
                let (after, limit) = (self.source.last().to_owned(), self.limits.path);
                return Err(TarError::Path {
                    after,
                    length,
                    limit,
                });
            }
        }
        let mut entry = raw.finish();
        self.source.remember(&entry.path);
        if !entry.kind.has_content() {
            return Ok(entry);
        }
        let padding = padding(stored);
        let map = if entry.kind == Kind::File {
            sparse::Reader {
                source: &mut self.source,
                limit: self.limits.metadata,
            }
            .read(block, header, &extensions.pax, &mut stored)?
        } else {
            None
        };
        if let Some(Map { size, segments }) = map {
            entry.size = size;
            self.position = Position::sparse(stored, padding, size, segments);
        } else {
            entry.size = stored;
            self.position = Position::dense(stored, padding);
        }
        Ok(entry)
    }
}

/// `size` with what fills up its last block.
fn padded(size: u64) -> u64 {
    size.saturating_add(padding(size))
}

/// What fills up the last block of `size` bytes.
fn padding(size: u64) -> u64 {
    size.wrapping_neg() & 511
}

/// The bytes before the first NUL.
fn until_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(bytes.len());
    bytes.truncate(end);
    bytes
}

#[cfg(test)]
mod tests;
