//! Rust programs: the crates that they were built from, where the builder recorded them.
//!
//! `cargo auditable` (and Alpine's, Wolfi's and others' builds) write a section `.dep-v0`: a zlib stream with
//! a JSON document of packages and their edges (cargo-auditable, `PARSING.md`). Crates that only ran while
//! building are marked as development.
//! Of a Rust program without the section some crates are known from the paths in its messages (`crates.rs`);
//! that they are not all is said each time.

use std::io::{Read, Seek};

use flate2::read::ZlibDecoder;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::sections::{Tables, read_capped};
use super::{buildinfo, crates, is_word};

/// Crates of Rust programs.
#[derive(Debug)]
pub struct Rust;

static META: Meta = Meta {
    id: "binary/rust",
    revision: 2,
    docs: "Reads the audit data (`.dep-v0`) of Rust programs: every crate that was built into them; without it, \
           the crates whose paths are in messages of panics.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    loss: Effect::Gap,
};

/// Name of the section with the audit data.
pub(super) const SECTION: &str = ".dep-v0";
/// Largest document, in bytes; cargo-auditable's own reader takes 8 MB.
const MOST_BYTES: u64 = 8 << 20;

impl Analyzer for Rust {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let size = file.size;
        let mut reader = file.reader();
        // A file that is no valid ELF is the concern of `binary/elf`.
        let Ok(Some(elf)) = Tables::read(&mut reader, size) else {
            return;
        };
        let Some(section) = elf.section(SECTION).filter(|section| section.is_kept()) else {
            return state_recovered(&elf, &mut reader, size, sink);
        };
        let place = (section.offset, section.size);
        match read_capped(&mut reader, size, place, MOST_BYTES, "audit data") {
            Ok(bytes) => match parse(&bytes) {
                Ok(audit) => state(&audit, sink),
                Err(reason) => sink.unreadable(reason),
            },
            Err(error) => sink.unreadable(error.to_string()),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Audit {
    packages: Vec<Crate>,
}

#[derive(Debug, Deserialize)]
struct Crate {
    name: String,
    version: String,
    #[serde(default)]
    kind: Kind,
    /// Places in the list.
    #[serde(default)]
    dependencies: Vec<usize>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Part of the program; what the writer leaves out.
    #[default]
    Runtime,
    /// Ran while building.
    Build,
    /// What a newer writer may say; taken for a part of the program, to be on the safe side.
    #[serde(other)]
    Unknown,
}

fn parse(compressed: &[u8]) -> Result<Audit, String> {
    let mut document = Vec::new();
    ZlibDecoder::new(compressed)
        .take(MOST_BYTES)
        .read_to_end(&mut document)
        .map_err(|error| format!("the audit data cannot be decompressed: {error}"))?;
    if document.len() as u64 == MOST_BYTES {
        return Err("the audit data is too large".to_owned());
    }
    serde_json::from_slice(&document)
        .map_err(|error| format!("the audit data is not valid: {error}"))
}

fn state(audit: &Audit, sink: &mut Sink<'_>) {
    for (place, package) in audit.packages.iter().enumerate() {
        if !is_word(&package.name) || !is_word(&package.version) {
            sink.unreadable(format!(
                "crate {place} of the audit data has no valid name and version"
            ));
            continue;
        }
        let mut fact = PackageFact::new(Ecosystem::Cargo, &package.name, &package.version);
        fact.evidence = EvidenceKind::Compiled;
        fact.scope = match package.kind {
            Kind::Build => Scope::Development,
            Kind::Runtime | Kind::Unknown => Scope::Runtime,
        };
        fact.depends = package
            .dependencies
            .iter()
            .filter_map(|place| audit.packages.get(*place))
            .map(|dependency| dependency.name.clone())
            .collect();
        fact.depends.sort();
        fact.depends.dedup();
        sink.package(fact);
    }
}

/// States the crates of a program without audit data, as far as they show.
fn state_recovered<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
    sink: &mut Sink<'_>,
) {
    // Go's linker makes no Rust programs, and its constants are large.
    if buildinfo::is_go(elf) {
        return;
    }
    match crates::recover(elf, reader, size) {
        Ok(found) if found.is_empty() => {}
        Ok(found) => {
            sink.problem(
                Effect::Gap,
                format!(
                    "a Rust program without audit data: {} crates show in its messages, and there may be more",
                    found.len()
                ),
            );
            for (name, version) in found {
                let mut fact = PackageFact::new(Ecosystem::Cargo, name, version);
                fact.evidence = EvidenceKind::Compiled;
                sink.package(fact);
            }
        }
        Err(error) => sink.unreadable(error.to_string()),
    }
}
