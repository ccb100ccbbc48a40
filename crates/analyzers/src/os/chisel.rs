//! chisel's manifest: Ubuntu images that are cut from parts ("slices") of packages and have no dpkg.
//!
//! `manifest.wall` is a "jsonwall", JSON objects one a line, compressed with zstd (chisel source,
//! `public/manifest` and `public/jsonwall`). Objects of the kind `package` have name, version and architecture;
//! those of the kind `path` have a path and the slices, `<package>_<slice>`, that it came from; the first line has the
//! number of all lines. A release of slices says where the manifest goes (`generate: manifest`); those of Ubuntu say
//! `/var/lib/chisel`, and any other folder is as good.
//! The manifest does not name source packages, by which Ubuntu's advisories go. Most of those name the binary packages
//! too, and matching goes by that; that it may not find all is said.

use std::collections::BTreeMap;
use std::io::{BufReader, Read as _, Seek as _};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::{End, Extent, Ledger, Lines, Owned, Room};

/// Reads chisel's manifest.
#[derive(Debug)]
pub struct Chisel;

static META: Meta = Meta {
    id: "os/chisel",
    revision: 2,
    docs: "Reads the packages of which chisel put slices into the image, with their files, on chiselled Ubuntu.",
    interest: Interest {
        paths: &[],
        names: &["manifest.wall"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 16 << 20,
    loss: Effect::Blind,
};

/// Where Ubuntu's releases of slices put it. What is not compressed elsewhere, or begins as no jsonwall does, is another's
/// file of the same name.
const USUAL: &str = "var/lib/chisel/manifest.wall";

/// How a frame of zstd begins (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Manifests of real images inflate to a few megabytes.
const INFLATED_BYTES: u64 = 256 << 20;

/// Windows up to 128 MB, what `zstd` itself accepts without being asked for more.
const WINDOW_LOG: u32 = 27;

/// One line of the manifest, as far as it matters here.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    jsonwall: String,
    /// Of the first line: all lines, itself among them.
    #[serde(default)]
    count: Option<u64>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    arch: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    slices: Vec<String>,
}

impl Analyzer for Chisel {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        read(file, &mut ledger);
        ledger.close();
    }
}

fn read(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    let usual = file.path.as_str() == USUAL;
    let size = file.size;
    let mut magic = [0; ZSTD_MAGIC.len()];
    let mut reader = file.reader();
    let is_zstd = reader.read_exact(&mut magic).is_ok() && magic == ZSTD_MAGIC;
    if !usual && !is_zstd {
        return;
    }
    let inflated = reader.rewind().and_then(|()| {
        let mut decoder = zstd::stream::read::Decoder::new(reader)?;
        decoder.window_log_max(WINDOW_LOG)?;
        Ok(decoder)
    });
    let inflated = match inflated {
        Ok(inflated) if size > 0 => inflated.take(INFLATED_BYTES),
        Ok(_) => return ledger.unreadable(META.loss, || "is empty".to_owned()),
        Err(error) => {
            return ledger.unreadable(META.loss, || format!("cannot be inflated: {error}"));
        }
    };
    let mut found = Found::default();
    let mut lines = Lines::new(Box::new(BufReader::with_capacity(1 << 16, inflated)));
    // The lines that the header tells, and those that are there.
    let (mut told, mut there) = (None, 0);
    loop {
        match lines.next() {
            Ok(None) => break,
            Ok(Some(line)) => {
                let number = line.number;
                there = number;
                let entry = match line.extent {
                    Extent::Whole => serde_json::from_slice(line.bytes).ok(),
                    Extent::Cut => None,
                };
                let entry = entry.filter(|entry: &Entry| number > 1 || !entry.jsonwall.is_empty());
                if entry.is_none() && number == 1 && !usual {
                    return;
                }
                if line.end == End::EndOfFile {
                    ledger.unreadable(META.loss, || format!("ends in the middle of line {number}"));
                    told = None;
                }
                match entry {
                    Some(entry) => {
                        if number == 1 {
                            told = entry.count;
                        }
                        found.take(entry, number, line.bytes.len(), ledger);
                    }
                    None => ledger.unreadable(META.loss, || {
                        format!("line {number} is not what chisel writes")
                    }),
                }
            }
            Err(error) => {
                ledger.unreadable(META.loss, || format!("cannot be inflated: {error}"));
                told = None;
                break;
            }
        }
    }
    if let Some(told) = told.filter(|told| *told != there) {
        ledger.unreadable(META.loss, || {
            format!("has {there} of the {told} lines that its first one tells")
        });
    }
    found.close(ledger);
}

/// What the manifest says.
#[derive(Default)]
struct Found {
    packages: Vec<PackageFact>,
    files: BTreeMap<String, Owned>,
}

impl Found {
    fn take(&mut self, entry: Entry, number: u64, bytes: usize, ledger: &mut Ledger<'_, '_>) {
        match entry.kind.as_str() {
            "package" if entry.name.is_empty() || entry.version.is_empty() => {
                ledger.unreadable(META.loss, || {
                    format!("the package in line {number} has no name or no version")
                });
            }
            "package" => self.packages.push(PackageFact {
                architecture: Some(entry.arch).filter(|arch| !arch.is_empty()),
                ..PackageFact::new(Ecosystem::Deb, entry.name, entry.version)
            }),
            // Folders end with a slash.
            "path" if !entry.path.ends_with('/') => {
                let path = entry.path.trim_start_matches('/').as_bytes();
                // Names of packages have no underscore.
                for slice in &entry.slices {
                    let name = slice.split('_').next().unwrap_or_default();
                    let owned = self.files.entry(name.to_owned()).or_default();
                    owned.allow(bytes);
                    owned.add(b"", path);
                }
            }
            _ => {}
        }
    }

    fn close(mut self, ledger: &mut Ledger<'_, '_>) {
        if !self.packages.is_empty() {
            ledger.unreadable(Effect::Gap, || {
                "does not name source packages; what Ubuntu's advisories do not name by its binary package either is \
                 not seen"
                    .to_owned()
            });
        }
        for package in self.packages {
            let owned = self.files.remove(&package.name).unwrap_or_default();
            let (files, dropped) = owned.take();
            if dropped > 0 {
                let name = &package.name;
                ledger.unreadable(Effect::Gap, || {
                    format!("`{name}` has {dropped} paths that are too long")
                });
            }
            if ledger.package(package, files) == Room::Full {
                return;
            }
        }
    }
}
