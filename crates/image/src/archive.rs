//! An image archive as a table of its members: names, places and sizes, read once, then by range.
//!
//! This is for the tar around an image, a few members with known names, and not for layers: it needs a file
//! that can be read from any place, and it never looks at content. A compressed archive is unpacked into a
//! temporary file first.
//!
//! Formats: POSIX ustar and pax (IEEE 1003.1, `pax`), GNU tar with long names and base-256 numbers.

mod header;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use plimsoll_model::ImagePath;

use crate::error::ImageError;
use crate::inflate::Compression;
use crate::layout::Files;
use crate::pipeline::{Expect, Limits, open_blob};
use header::{BLOCK, Header, Kind};

/// Most members of an image archive. A root filesystem that is taken for an image has more.
const MAX_MEMBERS: usize = 100_000;
/// Longest name, and longest run of pax records, in bytes.
const MAX_EXTENSION: u64 = 64 << 10;
/// Most links from one member to the next.
const MAX_HOPS: usize = 16;

/// A member of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Member {
    /// A file, from this place, of this size.
    File { offset: u64, size: u64 },
    /// Another name, from the root of the archive.
    Link(String),
    /// Something without content.
    Other,
}

/// An archive with its table.
#[derive(Debug)]
pub(crate) struct Archive {
    name: String,
    file: Arc<File>,
    members: BTreeMap<String, Member>,
}

impl Archive {
    /// Reads the table of the archive at `path`.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, ImageError> {
        let name = path.display().to_string();
        let io = |error| ImageError::io(format!("`{name}`"), error);
        let metadata = std::fs::metadata(path).map_err(io)?;
        // Opening a pipe would wait for a writer that may never come.
        if !metadata.is_file() {
            return Err(ImageError::unsupported(
                format!("`{name}`"),
                "it is not a regular file",
            ));
        }
        let file = File::open(path).map_err(io)?;
        Self::of_file(file, name, limits)
    }

    /// Reads the table of an archive that is open already; `name` is what errors call it.
    pub(crate) fn of_file(file: File, name: String, limits: &Limits) -> Result<Self, ImageError> {
        let object = format!("`{name}`");
        let io = |error| ImageError::io(object.clone(), error);
        let mut first = Vec::new();
        Range::whole(Arc::new(file.try_clone().map_err(io)?), 512)
            .read_to_end(&mut first)
            .map_err(io)?;
        if first.is_empty() {
            return Err(ImageError::malformed(object, "it is empty"));
        }
        let file = match Compression::detect(&first) {
            Ok(Compression::None) => file,
            Ok(_) => unpack(file, &name, limits)?,
            Err(format) => {
                let reason = format!(
                    "it is {format}; an image archive is a tar, plain or with gzip or zstd"
                );
                return Err(ImageError::unsupported(object, reason));
            }
        };
        let length = file.metadata().map_err(io)?.len();
        let file = Arc::new(file);
        let members = Table::read(&file, length, &name)?;
        Ok(Self {
            name,
            file,
            members,
        })
    }

    /// Whether there is a member with this name, whatever it is.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Where the file with this name is; links are followed inside the archive.
    fn place(&self, name: &str) -> Result<(u64, u64), ImageError> {
        let mut at = ImagePath::new(name).as_str().to_owned();
        for hop in 0..MAX_HOPS {
            match self.members.get(&at) {
                Some(Member::File { offset, size }) => return Ok((*offset, *size)),
                Some(Member::Link(target)) => at.clone_from(target),
                Some(Member::Other) => {
                    return Err(ImageError::malformed(
                        self.describe(name),
                        "it is not a file",
                    ));
                }
                None if hop == 0 => {
                    return Err(ImageError::not_found(
                        self.describe(name),
                        "the archive has no such member",
                    ));
                }
                None => {
                    let reason = format!("it is a link to `{at}`, which the archive does not have");
                    return Err(ImageError::not_found(self.describe(name), reason));
                }
            }
        }
        Err(ImageError::malformed(
            self.describe(name),
            "its links form a circle",
        ))
    }

    /// The size of the file with this name; links are followed.
    pub(crate) fn size(&self, name: &str) -> Result<u64, ImageError> {
        self.place(name).map(|(_, size)| size)
    }
}

impl Files for Archive {
    fn open(&self, name: &str) -> Result<Box<dyn Read + Send>, ImageError> {
        let (offset, size) = self.place(name)?;
        Ok(Box::new(Range {
            file: Arc::clone(&self.file),
            at: offset,
            end: offset.saturating_add(size),
        }))
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// Unpacks a compressed archive into a temporary file, under the limits of a blob.
fn unpack(file: File, name: &str, limits: &Limits) -> Result<File, ImageError> {
    let object = format!("`{name}`");
    let mut spool = tempfile::tempfile()
        .map_err(|error| ImageError::io("a temporary file to unpack the archive", error))?;
    let reader = Box::new(Range::whole(Arc::new(file), u64::MAX));
    let mut stream = open_blob(reader, Expect::nothing(name), limits.clone());
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The stream itself knows best what was wrong.
            Err(error) => {
                return Err(match stream.finish() {
                    Err(error) => ImageError::of_blob(error, &object),
                    Ok(_) => ImageError::io(object, error),
                });
            }
        };
        spool
            .write_all(buffer.get(..count).unwrap_or_default())
            .map_err(|error| ImageError::io("a temporary file to unpack the archive", error))?;
    }
    stream
        .finish()
        .map_err(|error| ImageError::of_blob(error, &object))?;
    Ok(spool)
}

/// Part of a file; several can be read at the same time.
#[derive(Debug)]
struct Range {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Range {
    fn whole(file: Arc<File>, end: u64) -> Self {
        Self { file, at: 0, end }
    }
}

impl Read for Range {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = left.min(to.len());
        let count = read_at(
            &self.file,
            to.get_mut(..wanted).unwrap_or_default(),
            self.at,
        )?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

#[cfg(unix)]
fn read_at(file: &File, to: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, to, at)
}

#[cfg(windows)]
fn read_at(file: &File, to: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, to, at)
}

/// The table while it is read.
struct Table<'a> {
    file: &'a Arc<File>,
    length: u64,
    name: &'a str,
    at: u64,
    members: BTreeMap<String, Member>,
    /// What extension headers said about the member that follows them.
    said: header::Said,
}

impl<'a> Table<'a> {
    fn read(
        file: &'a Arc<File>,
        length: u64,
        name: &'a str,
    ) -> Result<BTreeMap<String, Member>, ImageError> {
        let mut table = Self {
            file,
            length,
            name,
            at: 0,
            members: BTreeMap::new(),
            said: header::Said::default(),
        };
        while table.next()? {}
        Ok(table.members)
    }

    /// Reads one header; answers whether another may follow.
    fn next(&mut self) -> Result<bool, ImageError> {
        let block = self.bytes(self.at, BLOCK)?;
        if block.is_empty() || block.iter().all(|byte| *byte == 0) {
            return Ok(false);
        }
        let header = Header::parse(&block).map_err(|reason| self.malformed(reason))?;
        let size = self.said.size.unwrap_or(header.size);
        let content = self.at.saturating_add(BLOCK);
        let end = content.saturating_add(header.size_of_content(size));
        if end > self.length {
            let reason = format!(
                "it is cut off: a member ends at byte {end}, the archive at {}",
                self.length
            );
            return Err(self.malformed(&reason));
        }
        match header.kind {
            Kind::LongName => self.said.name = Some(self.long_name(content, size)?),
            Kind::LongLink => self.said.link = Some(self.long_name(content, size)?),
            Kind::Pax => {
                let records = self.extension(content, size)?;
                self.said
                    .read_pax(&records)
                    .map_err(|reason| self.malformed(reason))?;
            }
            Kind::Ignored => {}
            _ => self.add(&header, content, size)?,
        }
        let blocks = end.div_ceil(BLOCK).saturating_mul(BLOCK);
        self.at = blocks;
        Ok(true)
    }

    fn add(&mut self, header: &Header, offset: u64, size: u64) -> Result<(), ImageError> {
        let said = std::mem::take(&mut self.said);
        let name = ImagePath::from_bytes(said.name.as_deref().unwrap_or(&header.name));
        let link = said.link.as_deref().unwrap_or(&header.link);
        let member = match header.kind {
            Kind::File => Member::File { offset, size },
            Kind::HardLink => Member::Link(ImagePath::from_bytes(link).as_str().to_owned()),
            Kind::Symlink => Member::Link(target(&name, link)),
            _ => Member::Other,
        };
        if self.members.len() >= MAX_MEMBERS {
            let reason =
                format!("it has more than {MAX_MEMBERS} members; an image archive has few");
            return Err(ImageError::over_limit(format!("`{}`", self.name), reason));
        }
        // A name that comes twice means the later one, as when the archive is extracted.
        self.members.insert(name.as_str().to_owned(), member);
        Ok(())
    }

    /// A long name of GNU tar, which ends with a zero byte.
    fn long_name(&self, offset: u64, size: u64) -> Result<Vec<u8>, ImageError> {
        let mut name = self.extension(offset, size)?;
        name.truncate(
            name.iter()
                .position(|byte| *byte == 0)
                .unwrap_or(name.len()),
        );
        Ok(name)
    }

    fn extension(&self, offset: u64, size: u64) -> Result<Vec<u8>, ImageError> {
        if size > MAX_EXTENSION {
            return Err(self.malformed("a name or its attributes are longer than 64 KiB"));
        }
        self.bytes(offset, size)
    }

    /// Bytes of the archive, fewer only at its end.
    fn bytes(&self, offset: u64, count: u64) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        Range {
            file: Arc::clone(self.file),
            at: offset,
            end: offset.saturating_add(count),
        }
        .read_to_end(&mut bytes)
        .map_err(|error| ImageError::io(format!("`{}`", self.name), error))?;
        Ok(bytes)
    }

    fn malformed(&self, reason: &str) -> ImageError {
        let object = format!("`{}`", self.name);
        if self.at == 0 {
            return ImageError::malformed(object, format!("it is no tar archive: {reason}"));
        }
        ImageError::malformed(object, format!("near byte {}: {reason}", self.at))
    }
}

/// Where a symbolic link leads; it never leads out of the archive.
fn target(from: &ImagePath, link: &[u8]) -> String {
    let link = String::from_utf8_lossy(link);
    let path = match from.parent() {
        Some(parent) if !link.starts_with('/') => parent.join(&link),
        _ => ImagePath::new(&link),
    };
    path.as_str().to_owned()
}

#[cfg(test)]
mod tests;
