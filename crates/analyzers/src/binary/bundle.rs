//! Programs of .NET that carry their assemblies in one file (`PublishSingleFile`).
//!
//! Source: "The Single-file Bundler" of the design documents of .NET, and the host's and the bundler's own description
//! of the format (`bundle_marker.cpp`, `header.h`, `Manifest.cs`, `FileEntry.cs`). A host, which is an ordinary ELF or
//! PE program, is followed by the embedded files and by a list of them. The host has a marker in its data: 64 bits
//! that say where the list begins, and a signature of 32 bytes behind them; a host without files has zeros there.
//! The list has a version, a count, the id of the bundle, from version 2 on the places of the two documents and flags,
//! and for each file its place, size, from version 6 on its compressed size, kind and path. .NET Core 3 writes version 1,
//! .NET 5 version 2, .NET 6 and later version 6; there are no others. Compressed files are bare deflate streams.
//!
//! The embedded `*.deps.json` tells the packages, as it does beside a program that is not bundled. Of assemblies that
//! it does not cover, their version resources are read. Kinds of files mean different things in different versions,
//! so names decide.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use memchr::memmem::Finder;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, ReadSeek, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Effect, ImagePath, PathKey};

use super::dotnet;
use super::pe::Pe;
use super::sections::{self, ElfError, read_capped};
use crate::archive::Window;
use crate::lang::dotnet_deps;

/// Single files of .NET.
#[derive(Debug)]
pub struct DotnetBundle;

static META: Meta = Meta {
    id: "binary/dotnet-bundle",
    revision: 1,
    docs: "Reads programs of .NET that were published as a single file: every library that the `.deps.json` inside \
           names, and the assemblies that it does not cover.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".exe"],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    loss: Effect::Gap,
};

/// The digest of `.net core bundle`.
const SIGNATURE: [u8; 32] = [
    0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
    0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
];
/// The number in front of the signature.
const NUMBER: usize = 8;
/// The largest host, with all of the runtime in it, has some 70 MB.
const MOST_HOST: u64 = 256 << 20;
/// The list has some ten bytes besides each path.
const MOST_LIST: u64 = 16 << 20;
/// A self-contained application has some hundred files.
const MOST_FILES: usize = 65_536;
/// Largest embedded document or assembly, in bytes.
const MOST_FILE: u64 = 64 << 20;
/// Most bytes of all embedded files that are looked at.
const MOST_BYTES: u64 = 1 << 30;

impl Analyzer for DotnetBundle {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let size = file.size;
        let mut reader = file.reader();
        // A file that is no valid program is the concern of others.
        let Ok(Some(host)) = host(&mut reader, size) else {
            return;
        };
        let list = match marker(&mut reader, host.min(size)) {
            Ok(Some(list)) => list,
            Ok(None) => return,
            Err(error) => return sink.unreadable(format!("the program cannot be read: {error}")),
        };
        let files = match files(&mut reader, size, list) {
            Ok(files) => files,
            Err(error) => {
                return sink.unreadable(format!("a single file of .NET that is damaged: {error}"));
            }
        };
        Bundle {
            reader: &mut *reader,
            size,
            left: MOST_BYTES,
            covered: BTreeSet::new(),
        }
        .state(&files, sink);
    }
}

/// Why the list of files cannot be read.
#[derive(Debug, thiserror::Error)]
enum BundleError {
    #[error(transparent)]
    Place(#[from] ElfError),
    #[error("its list of files is cut off")]
    Short,
    #[error("its list of files has the version {0}, which is not known")]
    Version(u32),
    #[error("its list has more than {MOST_FILES} files")]
    Many,
    #[error("it cannot be decompressed: {0}")]
    Compressed(std::io::Error),
    #[error("it has {0} bytes instead of {1}")]
    Size(u64, u64),
}

/// One embedded file.
#[derive(Debug)]
struct Embedded {
    path: String,
    offset: u64,
    size: u64,
    /// Zero where it lies there as it is.
    compressed: u64,
}

/// Where the program itself ends, if something follows it, as it does in every bundle and in few other programs.
fn host<R: Read + Seek + ?Sized>(reader: &mut R, size: u64) -> Result<Option<u64>, ElfError> {
    let magic = read_capped(reader, size, (0, size.min(4)), 4, "header")?;
    let end = if magic.starts_with(b"\x7fELF") {
        sections::end(reader, size)?
    } else {
        Pe::read(reader, size)?.map(|pe| pe.end())
    };
    Ok(end.filter(|end| *end < size))
}

/// Where the list of files begins, as the marker in the first bytes of the file says.
fn marker<R: Read + Seek + ?Sized>(reader: &mut R, end: u64) -> std::io::Result<Option<u64>> {
    const STEP: u64 = 1 << 20;
    let finder = Finder::new(&SIGNATURE);
    let mut piece = Vec::new();
    reader.seek(SeekFrom::Start(0))?;
    let mut host = reader.take(end.min(MOST_HOST));
    loop {
        // The number and the signature may lie across two pieces.
        let kept = piece.len().min(NUMBER.saturating_add(SIGNATURE.len()));
        piece.drain(..piece.len().saturating_sub(kept));
        if host.by_ref().take(STEP).read_to_end(&mut piece)? == 0 {
            return Ok(None);
        }
        let place = finder
            .find(&piece)
            .and_then(|at| at.checked_sub(NUMBER))
            .and_then(|at| piece.get(at..)?.first_chunk());
        if let Some(place) = place {
            let place = u64::from_le_bytes(*place);
            return Ok((place != 0).then_some(place));
        }
    }
}

/// Reads the list.
fn files<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
    list: u64,
) -> Result<Vec<Embedded>, BundleError> {
    const WHAT: &str = "list of files";
    let length = size.checked_sub(list).ok_or(ElfError::Outside(WHAT))?;
    // Signatures may follow it.
    let place = (list, length.min(MOST_LIST));
    let bytes = read_capped(reader, size, place, MOST_LIST, WHAT)?;
    parse(&mut List(&bytes))
}

fn parse(list: &mut List<'_>) -> Result<Vec<Embedded>, BundleError> {
    let version = list.u32().ok_or(BundleError::Short)?;
    if !matches!(version, 1 | 2 | 6) {
        return Err(BundleError::Version(version));
    }
    let count = list.head(version).ok_or(BundleError::Short)?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > MOST_FILES {
        return Err(BundleError::Many);
    }
    (0..count)
        .map(|_| list.entry(version).ok_or(BundleError::Short))
        .collect()
}

/// What is left of the list.
struct List<'a>(&'a [u8]);

impl<'a> List<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    fn u64(&mut self) -> Option<u64> {
        let bytes = self.take(8)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// Seven bits in each byte, the lowest first; the eighth says that more follow.
    fn text(&mut self) -> Option<String> {
        let mut length = 0_usize;
        for shift in [0, 7, 14] {
            let byte = *self.take(1)?.first()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                let text = self.take(length)?;
                return Some(String::from_utf8_lossy(text).into_owned());
            }
        }
        None
    }

    /// The rest of the header: how many files there are.
    fn head(&mut self, version: u32) -> Option<u32> {
        let _minor = self.u32()?;
        let count = self.u32()?;
        let _id = self.text()?;
        if version >= 2 {
            // Two documents with place and size, and flags.
            self.take(40)?;
        }
        Some(count)
    }

    fn entry(&mut self, version: u32) -> Option<Embedded> {
        let (offset, size) = (self.u64()?, self.u64()?);
        let compressed = if version >= 6 { self.u64()? } else { 0 };
        let _kind = self.take(1)?;
        Some(Embedded {
            path: self.text()?,
            offset,
            size,
            compressed,
        })
    }
}

impl Embedded {
    /// Whether the last part of the path ends like this.
    fn ends(&self, end: &str) -> bool {
        self.path.to_ascii_lowercase().ends_with(end)
    }

    fn is_assembly(&self) -> bool {
        (self.ends(".dll") || self.ends(".exe")) && !self.ends(".resources.dll")
    }
}

struct Bundle<'a> {
    reader: &'a mut dyn ReadSeek,
    size: u64,
    /// How many bytes of embedded files may still be looked at.
    left: u64,
    /// Assemblies that a document covers.
    covered: BTreeSet<PathKey>,
}

impl Bundle<'_> {
    fn state(mut self, files: &[Embedded], sink: &mut Sink<'_>) {
        let mut failed = Vec::new();
        for file in files.iter().filter(|file| file.ends(".deps.json")) {
            if let Err(reason) = self.document(file, sink) {
                failed.push((file, reason));
            }
        }
        for file in files.iter().filter(|file| file.is_assembly()) {
            if self.covered.contains(&ImagePath::new(&file.path).key()) {
                continue;
            }
            if self.left == 0 {
                sink.unreadable("there is more in the single file of .NET than is looked at");
                break;
            }
            match self.assembly(file) {
                Ok(package) => {
                    if let Some(package) = package {
                        sink.package(package);
                    }
                }
                Err(error) => failed.push((file, error.to_string())),
            }
        }
        let more = failed.len().saturating_sub(1);
        if let Some((file, reason)) = failed.first() {
            let others = match more {
                0 => String::new(),
                more => format!(", nor can {more} more of its files"),
            };
            sink.unreadable(format!(
                "`{}` in it cannot be read: {reason}{others}",
                file.path.escape_debug()
            ));
        }
    }

    /// States the packages that a document names, and remembers which assemblies are theirs.
    fn document(&mut self, file: &Embedded, sink: &mut Sink<'_>) -> Result<(), String> {
        let bytes = self.bytes(file).map_err(|error| error.to_string())?;
        let covered = dotnet_deps::state_embedded(&bytes, &file.path, sink)?;
        self.covered.extend(covered);
        Ok(())
    }

    /// The package that an assembly says that it is.
    fn assembly(&mut self, file: &Embedded) -> Result<Option<PackageFact>, BundleError> {
        if file.compressed > 0 {
            let bytes = self.bytes(file)?;
            let size = bytes.len() as u64;
            return described(&mut std::io::Cursor::new(bytes), size, &file.path);
        }
        self.charge(file)?;
        let mut window = Window::new(self.reader, (file.offset, file.size));
        described(&mut window, file.size, &file.path)
    }

    /// The bytes of a file as they were before it was embedded.
    fn bytes(&mut self, file: &Embedded) -> Result<Vec<u8>, BundleError> {
        self.charge(file)?;
        if file.size > MOST_FILE {
            return Err(ElfError::TooLarge(FILE).into());
        }
        if file.compressed == 0 {
            let place = (file.offset, file.size);
            return Ok(read_capped(self.reader, self.size, place, MOST_FILE, FILE)?);
        }
        let place = (file.offset, file.compressed);
        let mut bytes = Vec::new();
        DeflateDecoder::new(Window::new(self.reader, place))
            .take(file.size)
            .read_to_end(&mut bytes)
            .map_err(BundleError::Compressed)?;
        if bytes.len() as u64 != file.size {
            return Err(BundleError::Size(bytes.len() as u64, file.size));
        }
        Ok(bytes)
    }

    /// Takes a file from what may still be looked at, if it lies in the bundle.
    fn charge(&mut self, file: &Embedded) -> Result<(), ElfError> {
        let stored = if file.compressed == 0 {
            file.size
        } else {
            file.compressed
        };
        match file.offset.checked_add(stored) {
            Some(end) if end <= self.size => {
                self.left = self.left.saturating_sub(file.size.max(stored));
                Ok(())
            }
            _ => Err(ElfError::Outside(FILE)),
        }
    }
}

const FILE: &str = "embedded file";

fn described<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
    path: &str,
) -> Result<Option<PackageFact>, BundleError> {
    let Some(pe) = Pe::read(reader, size)?.filter(Pe::is_managed) else {
        return Ok(None);
    };
    let version = pe.version(reader, size)?.unwrap_or_default();
    let mut package = dotnet::package(&ImagePath::new(path), &version);
    if let Some(package) = &mut package {
        package.inside = vec![path.to_owned()];
    }
    Ok(package)
}
