//! Operating systems: which distribution, which packages, which accounts.
//!
//! What the readers of package databases share stands here: lines under a cap, a ledger that bounds what one
//! file may say, and the making of path keys.

use std::io::{self, BufRead, BufReader};

use plimsoll_analyze::{Analyzer, File, Sink};
use plimsoll_model::fact::{FactBody, Ownership, PackageFact, Provided};
use plimsoll_model::{Ecosystem, Effect, PathKey};

pub mod apk;
pub mod bottlerocket;
pub mod brew;
pub mod buildinfo;
pub mod chisel;
pub mod copyright;
pub mod deb_archive;
pub mod dnf;
pub mod dpkg;
pub mod leftover;
pub mod nix;
pub mod opkg;
pub mod pacman;
pub mod passwd;
pub mod portage;
pub mod release;
pub mod repositories;
pub mod rpm;
pub mod rpm_archive;
pub mod snap;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[
    &apk::Apk,
    &bottlerocket::Bottlerocket,
    &brew::Brew,
    &buildinfo::Buildinfo,
    &chisel::Chisel,
    &copyright::Copyright,
    &deb_archive::DebArchive,
    &dnf::Dnf,
    &dpkg::Dpkg,
    &leftover::Leftover,
    &nix::Nix,
    &opkg::Opkg,
    &pacman::Pacman,
    &passwd::Passwd,
    &portage::Portage,
    &release::Release,
    &repositories::Repositories,
    &rpm::Rpm,
    &rpm_archive::RpmArchive,
    &snap::Snap,
];

/// More packages than all of Debian has; a database that claims more is not one.
const PACKAGES_PER_FILE: usize = 100_000;

/// How many problems of one file are told one by one.
const PROBLEMS_PER_FILE: usize = 16;

/// Longest line that is kept whole; the longest dependency lists of real packages have some ten kilobytes.
const LINE_BYTES: usize = 1 << 20;

/// Longest path that a Linux system call takes (`PATH_MAX`, `limits.h`).
const PATH_BYTES: usize = 4096;

/// What a key costs beside the bytes of its path, see [`Owned`].
const KEY_COST: usize = 32;

/// What one file says, bounded: a hostile database must not fill the memory with facts or problems.
struct Ledger<'s, 'a> {
    sink: &'s mut Sink<'a>,
    packages: usize,
    told: usize,
    untold: Option<(Effect, usize)>,
}

/// Whether a file may say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Left,
    Full,
}

impl<'s, 'a> Ledger<'s, 'a> {
    fn new(sink: &'s mut Sink<'a>) -> Self {
        Self {
            sink,
            packages: 0,
            told: 0,
            untold: None,
        }
    }

    /// States a package and its files; `Full` when the file has said enough, which is a problem of its own.
    fn package(&mut self, package: PackageFact, files: Vec<PathKey>) -> Room {
        if self.packages >= PACKAGES_PER_FILE {
            self.sink.unreadable(format!(
                "has more than {PACKAGES_PER_FILE} packages, the rest is not read"
            ));
            return Room::Full;
        }
        self.packages = self.packages.saturating_add(1);
        if !files.is_empty() {
            self.owns(package.ecosystem, package.name.clone(), files);
        }
        self.sink.package(package);
        Room::Left
    }

    /// States the other names of a package, if it has any.
    fn provides(&mut self, ecosystem: Ecosystem, package: &str, mut names: Vec<String>) {
        names.retain(|name| name != package);
        if !names.is_empty() {
            self.sink.fact(FactBody::Provides(Provided {
                ecosystem,
                package: package.to_owned(),
                names,
            }));
        }
    }

    fn owns(&mut self, ecosystem: Ecosystem, package: String, files: Vec<PathKey>) {
        self.sink.fact(FactBody::Owns(Ownership {
            ecosystem,
            package,
            files,
        }));
    }

    /// Says that a part cannot be read, with the analyzer's own loss.
    fn unreadable(&mut self, loss: Effect, reason: impl FnOnce() -> String) {
        if self.told < PROBLEMS_PER_FILE {
            self.told = self.told.saturating_add(1);
            self.sink.problem(loss, reason());
        } else {
            let (effect, more) = self.untold.unwrap_or((loss, 0));
            self.untold = Some((effect.max(loss), more.saturating_add(1)));
        }
    }

    /// Tells how many problems were not told one by one.
    fn close(self) {
        if let Some((effect, more)) = self.untold {
            self.sink
                .problem(effect, format!("has {more} more problems of this kind"));
        }
    }
}

/// The keys of the files of one package.
///
/// A record can name a long folder once and ten thousand short names below it, so that the paths together
/// are far longer than the record. The allowance bounds that work; honest records, which spend more bytes
/// on a file's digest and mode than on its name, stay far below it.
struct Owned {
    keys: Vec<PathKey>,
    allowance: usize,
    dropped: usize,
    path: Vec<u8>,
}

impl Default for Owned {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            allowance: 1 << 16,
            dropped: 0,
            path: Vec::new(),
        }
    }
}

impl Owned {
    /// More bytes of the record were read.
    fn allow(&mut self, record_bytes: usize) {
        self.allowance = self
            .allowance
            .saturating_add(record_bytes.saturating_mul(4));
    }

    /// So many files come at most.
    fn expect(&mut self, files: usize) {
        self.keys.reserve_exact(files);
    }

    /// Adds the file `name` of the folder `folder`.
    fn add(&mut self, folder: &[u8], name: &[u8]) {
        let length = folder.len().saturating_add(name.len()).saturating_add(1);
        let cost = length.saturating_add(KEY_COST);
        if length > PATH_BYTES || cost > self.allowance {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        self.allowance = self.allowance.saturating_sub(cost);
        let path = if folder.is_empty() {
            name
        } else {
            self.path.clear();
            self.path.extend_from_slice(folder);
            self.path.push(b'/');
            self.path.extend_from_slice(name);
            &self.path
        };
        self.keys.push(PathKey::of_bytes(path));
    }

    /// The keys, and how many paths were too long to be kept.
    fn take(self) -> (Vec<PathKey>, usize) {
        (self.keys, self.dropped)
    }
}

/// One line of a file, without its end.
struct Line<'l> {
    /// From 1.
    number: u64,
    bytes: &'l [u8],
    /// Whether all of it is in `bytes`, or it was longer than [`LINE_BYTES`].
    extent: Extent,
    /// Whether a line feed ended it, or the file did.
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    LineFeed,
    EndOfFile,
}

/// The lines of a file, one at a time, wherever the file's bytes are.
struct Lines<'f> {
    source: Source<'f>,
    number: u64,
}

/// Where the bytes of a file are.
enum Source<'f> {
    /// In memory: what is left of them.
    Held(&'f [u8]),
    /// Elsewhere; a line is put together in the buffer.
    Read {
        reader: Box<dyn BufRead + 'f>,
        buffer: Vec<u8>,
    },
}

impl<'f> Lines<'f> {
    fn of(file: &'f mut File<'_>) -> Self {
        match file.bytes() {
            Some(bytes) => Self {
                source: Source::Held(bytes),
                number: 0,
            },
            None => Self::new(Box::new(BufReader::with_capacity(1 << 16, file.reader()))),
        }
    }

    fn new(reader: Box<dyn BufRead + 'f>) -> Self {
        Self {
            source: Source::Read {
                reader,
                buffer: Vec::new(),
            },
            number: 0,
        }
    }

    /// The next line, `None` at the end of the file.
    fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let (bytes, extent, end) = match &mut self.source {
            Source::Held(rest) => {
                if rest.is_empty() {
                    return Ok(None);
                }
                let (line, end) = first_line(rest);
                *rest = rest.get(line.len().saturating_add(1)..).unwrap_or_default();
                let kept = line.get(..LINE_BYTES).unwrap_or(line);
                let extent = if kept.len() < line.len() {
                    Extent::Cut
                } else {
                    Extent::Whole
                };
                (kept, extent, end)
            }
            Source::Read { reader, buffer } => {
                let Some((extent, end)) = gather(reader, buffer)? else {
                    return Ok(None);
                };
                (buffer.as_slice(), extent, end)
            }
        };
        self.number = self.number.saturating_add(1);
        Ok(Some(Line {
            number: self.number,
            bytes,
            extent,
            end,
        }))
    }
}

/// What stands before the first line feed, or all, and whether there is one.
fn first_line(bytes: &[u8]) -> (&[u8], End) {
    match memchr::memchr(b'\n', bytes) {
        Some(at) => (bytes.get(..at).unwrap_or_default(), End::LineFeed),
        None => (bytes, End::EndOfFile),
    }
}

/// Puts the next line into the buffer. `None` at the end of the file.
fn gather(reader: &mut dyn BufRead, buffer: &mut Vec<u8>) -> io::Result<Option<(Extent, End)>> {
    buffer.clear();
    let mut extent = Extent::Whole;
    let mut seen = false;
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(seen.then_some((extent, End::EndOfFile)));
        }
        seen = true;
        let (part, end) = first_line(chunk);
        let room = LINE_BYTES.saturating_sub(buffer.len());
        if part.len() > room {
            extent = Extent::Cut;
        }
        buffer.extend_from_slice(part.get(..room).unwrap_or(part));
        let used = part.len().saturating_add(usize::from(end == End::LineFeed));
        reader.consume(used);
        if end == End::LineFeed {
            return Ok(Some((extent, end)));
        }
    }
}

/// Text of a database, with replacement characters where it is not UTF-8.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
