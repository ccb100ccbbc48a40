//! What a feed is given, and where it puts what it reads.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Cursor, Read, Seek};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use jiff::Timestamp;
use plimsoll_model::lifecycle::Lifecycle;

use crate::FeedError;
use crate::advisory::{Advisory, Release};
use crate::key::EcosystemKey;

/// The most memory for a dictionary of xz, in KiB; `xz -9` needs a quarter of it.
const XZ_MEMORY: u32 = 256 << 10;

/// One published document.
#[derive(Debug)]
pub struct Document<'a> {
    path: &'a str,
    name: &'a str,
    content: Content<'a>,
}

#[derive(Debug)]
enum Content<'a> {
    File(&'a Path),
    Held(&'a [u8]),
}

/// Bytes that can be read from any place.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl<'a> Document<'a> {
    /// A file; `path` is its path in the mirror, for messages, and `name` what stands for `{}` there.
    #[must_use]
    pub fn file(path: &'a str, name: &'a str, file: &'a Path) -> Self {
        Self {
            path,
            name,
            content: Content::File(file),
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn held(path: &'a str, name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            path,
            name,
            content: Content::Held(bytes),
        }
    }

    /// What stands for `{}` in the template's path: a release, a repository, an ecosystem.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// The whole document, if it has at most `limit` bytes.
    pub fn bytes(&mut self, limit: u64) -> Result<Vec<u8>, FeedError> {
        let mut bytes = Vec::new();
        let mut reader = self.open()?.take(limit.saturating_add(1));
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| self.read(error))?;
        if bytes.len() as u64 > limit {
            return Err(FeedError::TooLarge {
                document: self.path.to_owned(),
                limit,
            });
        }
        Ok(bytes)
    }

    pub(super) fn open(&self) -> Result<Box<dyn ReadSeek + 'a>, FeedError> {
        Ok(match self.content {
            Content::File(file) => Box::new(BufReader::new(
                File::open(file).map_err(|error| self.read(error))?,
            )),
            Content::Held(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// The content as it was before it was compressed, whichever of gzip, bzip2, xz and Zstandard its first bytes
    /// tell; at most `limit` bytes of it, and an error of [`io::ErrorKind::FileTooLarge`] beyond.
    pub(super) fn unpacked(&self, limit: u64) -> Result<Box<dyn Read + 'a>, FeedError> {
        let mut raw = self.open()?;
        let mut head = Vec::new();
        raw.by_ref()
            .take(6)
            .read_to_end(&mut head)
            .map_err(|error| self.read(error))?;
        raw.rewind().map_err(|error| self.read(error))?;
        let plain: Box<dyn Read + 'a> = match head.as_slice() {
            [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(raw)),
            [b'B', b'Z', b'h', ..] => Box::new(bzip2::read::MultiBzDecoder::new(raw)),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => {
                Box::new(lzma_rust2::XzReader::new_mem_limit(raw, true, XZ_MEMORY))
            }
            [0x28, 0xb5, 0x2f, 0xfd, ..] => {
                Box::new(zstd::stream::read::Decoder::new(raw).map_err(|error| self.read(error))?)
            }
            _ => Box::new(raw),
        };
        Ok(Box::new(Capped { plain, left: limit }))
    }

    /// A document that lies in the same mirror at a path relative to this one's folder, `../repodata/x.xml.gz`;
    /// `None` where this one is no file. Paths that lead out of the mirror are refused.
    pub(super) fn beside(&self, relative: &str) -> Option<std::path::PathBuf> {
        let Content::File(file) = self.content else {
            return None;
        };
        let mut folder = file.parent()?.to_path_buf();
        let mut depth = self.path.matches('/').count();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    depth = depth.checked_sub(1)?;
                    folder = folder.parent()?.to_path_buf();
                }
                part if part.contains('\\') => return None,
                part => {
                    depth = depth.saturating_add(1);
                    folder.push(part);
                }
            }
        }
        Some(folder)
    }

    /// The path in the mirror, for messages.
    pub(super) fn path(&self) -> &'a str {
        self.path
    }

    /// Whether it begins with these bytes, at most a few.
    pub(super) fn begins_with(&self, magic: &[u8]) -> Result<bool, FeedError> {
        let mut head = Vec::new();
        let mut reader = self.open()?.take(magic.len() as u64);
        reader
            .read_to_end(&mut head)
            .map_err(|error| self.read(error))?;
        Ok(head == magic)
    }

    /// The document from its beginning, unpacked where it is gzip.
    pub(super) fn inflated(&self) -> Result<Box<dyn Read + 'a>, FeedError> {
        let mut reader = BufReader::new(self.open()?);
        let head = reader.fill_buf().map_err(|error| self.read(error))?;
        Ok(if head.starts_with(&[0x1f, 0x8b]) {
            Box::new(MultiGzDecoder::new(reader))
        } else {
            Box::new(reader)
        })
    }

    pub(super) fn read(&self, source: io::Error) -> FeedError {
        FeedError::Read {
            document: self.path.to_owned(),
            source,
        }
    }

    pub(super) fn json(&self, source: serde_json::Error) -> FeedError {
        FeedError::Json {
            document: self.path.to_owned(),
            source,
        }
    }

    pub(super) fn zip(&self, source: zip::result::ZipError) -> FeedError {
        FeedError::Zip {
            document: self.path.to_owned(),
            source,
        }
    }

    pub(super) fn xml(&self, reason: impl Into<String>) -> FeedError {
        FeedError::Xml {
            document: self.path.to_owned(),
            reason: reason.into(),
        }
    }

    pub(super) fn shape(&self, reason: impl Into<String>) -> FeedError {
        FeedError::Shape {
            document: self.path.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Reads until a limit, and fails beyond it.
struct Capped<'a> {
    plain: Box<dyn Read + 'a>,
    left: u64,
}

impl Read for Capped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.plain.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// Whether the receiver of advisories wants more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    GoOn,
    /// It does not; the rest may be left unread.
    Stop,
}

/// Takes what a feed reads from one document.
pub struct Sink<'a> {
    out: &'a mut dyn FnMut(Advisory) -> Flow,
    said: Said,
}

impl std::fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sink({:?})", self.said)
    }
}

/// What a document said beside its advisories.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Said {
    /// Ecosystems of which it speaks.
    pub covered: Vec<EcosystemKey>,
    /// The date that it bears.
    pub newest: Option<Timestamp>,
    /// Support dates of distributions.
    pub lifecycles: Vec<Lifecycle>,
    /// Repositories of Red Hat, each with the products that it has and of which advisories tell; with none, it has
    /// another product.
    pub repositories: Vec<(String, Vec<EcosystemKey>)>,
    /// Versions and when they could be installed.
    pub releases: Vec<Release>,
    /// Records that were left out or only taken in part, with the reason.
    pub problems: Vec<(String, String)>,
}

impl<'a> Sink<'a> {
    /// A sink that hands advisories on.
    pub fn new(out: &'a mut dyn FnMut(Advisory) -> Flow) -> Self {
        Self {
            out,
            said: Said::default(),
        }
    }

    /// Takes an advisory.
    pub fn advisory(&mut self, advisory: Advisory) -> Flow {
        (self.out)(advisory)
    }

    /// Notes that the document speaks of an ecosystem.
    pub fn covers(&mut self, key: EcosystemKey) {
        if !self.said.covered.contains(&key) {
            self.said.covered.push(key);
        }
    }

    /// Takes the support dates of a release.
    pub fn lifecycle(&mut self, lifecycle: Lifecycle) {
        self.said.lifecycles.push(lifecycle);
    }

    /// Takes a repository of Red Hat with the products that it has.
    pub fn repository(&mut self, id: String, products: Vec<EcosystemKey>) {
        self.said.repositories.push((id, products));
    }

    /// Notes when a version of a package could be installed.
    pub fn release(&mut self, release: Release) {
        self.said.releases.push(release);
    }

    /// Notes the date of the document.
    pub fn dated(&mut self, date: Timestamp) {
        self.said.newest = self.said.newest.max(Some(date));
    }

    /// Notes a record that was left out or only taken in part.
    pub fn problem(&mut self, record: impl Into<String>, reason: impl Into<String>) {
        self.said.problems.push((record.into(), reason.into()));
    }

    /// What was said beside the advisories.
    #[must_use]
    pub fn into_said(self) -> Said {
        self.said
    }
}
