//! Programs that say as which package of a distribution they were built.
//!
//! Source: "ELF Package Metadata" of the UAPI group. A note of the owner `FDO` and the type `0xcafe1a7e`, in the
//! section `.note.package`, holds a JSON object: type, name and version of the **source** package, architecture
//! and distribution. Fedora, Azure Linux and Ubuntu write it into everything.
//! Where the package manager knows the file, its word counts, and the engine drops what is said here.

use std::io::{Read, Seek};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{Distribution, EvidenceKind, PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::is_word;
use super::sections::{ElfError, PT_NOTE, Tables, read_capped};

/// Packages that programs say they were built as.
#[derive(Debug)]
pub struct Note;

static META: Meta = Meta {
    id: "binary/note",
    revision: 1,
    docs: "Reads the note `.note.package` of ELF programs and libraries: the package of a distribution that they \
           were built as.",
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

const SECTION: &str = ".note.package";
const OWNER: &[u8] = b"FDO\0";
const KIND: u32 = 0xcafe_1a7e;
/// Notes of a program have some hundred bytes.
const MOST_BYTES: u64 = 64 << 10;

impl Analyzer for Note {
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
        match document(&elf, &mut reader, size) {
            Ok(None) => {}
            Ok(Some(json)) => match parse(&json) {
                Ok(package) => sink.package(package),
                Err(reason) => sink.unreadable(format!("its package note is not valid: {reason}")),
            },
            Err(error) => sink.unreadable(error.to_string()),
        }
    }
}

/// The JSON of the note, from its section, or from the segments of notes where the sections are stripped.
fn document<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> Result<Option<Vec<u8>>, ElfError> {
    const WHAT: &str = "package note";
    let places: Vec<(u64, u64)> = if elf.has_sections() {
        let section = elf.section(SECTION).filter(|section| section.is_kept());
        let place = section.map(|section| (section.offset, section.size));
        place.into_iter().collect()
    } else {
        let notes = elf.segments.iter().filter(|one| one.kind == PT_NOTE);
        notes.map(|one| (one.offset, one.size)).take(16).collect()
    };
    for place in places {
        let bytes = read_capped(reader, size, place, MOST_BYTES, WHAT)?;
        if let Some(found) = find(elf, &bytes) {
            return Ok(Some(found.to_vec()));
        }
        if elf.has_sections() && !bytes.is_empty() {
            return Err(ElfError::Invalid(WHAT));
        }
    }
    Ok(None)
}

/// The description of the note that is looked for. A note is three numbers, its owner and its description, both
/// filled up to four bytes (System V ABI, chapter 5, "Note Section").
fn find<'a>(elf: &Tables, mut bytes: &'a [u8]) -> Option<&'a [u8]> {
    loop {
        let numbers = elf.numbers(bytes);
        let length = |at: usize| usize::try_from(numbers.u32(at)?).ok();
        let (owner, description, kind) = (length(0)?, length(4)?, numbers.u32(8)?);
        let rest = bytes.get(12..)?;
        let after = rest.get(owner.checked_next_multiple_of(4)?..)?;
        let found = after.get(..description)?;
        if kind == KIND && rest.get(..owner) == Some(OWNER) {
            return Some(found);
        }
        bytes = after.get(description.checked_next_multiple_of(4)?..)?;
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default, rename = "type")]
    kind: String,
    name: String,
    version: String,
    #[serde(default)]
    architecture: Option<String>,
    #[serde(default)]
    os: Option<String>,
    #[serde(default)]
    os_version: Option<String>,
    #[serde(default)]
    os_cpe: Option<String>,
}

fn parse(json: &[u8]) -> Result<PackageFact, String> {
    let end = json.iter().position(|byte| *byte == 0);
    let json = end.and_then(|end| json.get(..end)).unwrap_or(json);
    let document: Document = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    if !is_word(&document.name) || !is_word(&document.version) {
        return Err("it has no valid name and version".to_owned());
    }
    let ecosystem = ecosystem(&document.kind);
    let mut fact = PackageFact::new(ecosystem, &document.name, &document.version);
    fact.evidence = EvidenceKind::Compiled;
    fact.architecture = document.architecture.clone().filter(|text| is_word(text));
    if ecosystem.is_os() {
        fact.distribution = distribution(&document);
        fact.source = Some(SourcePackage {
            name: document.name,
            version: document.version,
        });
    }
    Ok(fact)
}

/// The kind of a package by the name that its tools have; others are programs without a package manager.
fn ecosystem(kind: &str) -> Ecosystem {
    match kind {
        "deb" => Ecosystem::Deb,
        "rpm" => Ecosystem::Rpm,
        "apk" => Ecosystem::Apk,
        "alpm" | "arch" | "pacman" => Ecosystem::Alpm,
        "opkg" | "ipk" => Ecosystem::Opkg,
        _ => Ecosystem::Generic,
    }
}

/// The distribution, by the words of os-release or by its CPE.
fn distribution(document: &Document) -> Option<Distribution> {
    let version = document.os_version.clone().unwrap_or_default();
    if let Some(id) = document.os.as_deref().filter(|id| is_word(id)) {
        return Some(Distribution {
            id: id.to_owned(),
            version,
        });
    }
    let mut parts = document.os_cpe.as_deref()?.split(':');
    // `cpe:/o:vendor:product:version`, or `cpe:2.3:o:…`.
    let start = parts.by_ref().find(|part| matches!(*part, "/o" | "o"));
    start?;
    let (vendor, product) = (parts.next()?, parts.next()?);
    let told = parts.next().unwrap_or_default();
    let id = match (vendor, product) {
        ("redhat", "enterprise_linux") => "rhel",
        ("opensuse", "leap") => "opensuse-leap",
        ("opensuse", "tumbleweed") => "opensuse-tumbleweed",
        ("oracle", "linux") => "ol",
        ("amazon", "amazon_linux") => "amzn",
        (_, product) => product,
    };
    (is_word(id)).then(|| Distribution {
        id: id.to_owned(),
        version: if version.is_empty() && is_word(told) && told != "*" {
            told.to_owned()
        } else {
            version
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_are_told_in_two_ways() {
        for (json, expected) in [
            (
                r#""os":"ubuntu","osVersion":"24.04""#,
                Some(("ubuntu", "24.04")),
            ),
            (r#""os":"arch""#, Some(("arch", ""))),
            (
                r#""osCpe":"cpe:/o:fedoraproject:fedora:40""#,
                Some(("fedora", "40")),
            ),
            (
                r#""osCpe":"cpe:2.3:o:redhat:enterprise_linux:10:*:*:*:*:*:*:*""#,
                Some(("rhel", "10")),
            ),
            (
                r#""osCpe":"cpe:/o:almalinux:almalinux:9::baseos""#,
                Some(("almalinux", "9")),
            ),
            (r#""osCpe":"nothing""#, None),
            (r#""os":"two words""#, None),
            (r#""other":1"#, None),
        ] {
            let json = format!(r#"{{"type":"rpm","name":"n","version":"1",{json}}}"#);
            let found = parse(json.as_bytes()).unwrap().distribution;
            let found = found
                .as_ref()
                .map(|is| (is.id.as_str(), is.version.as_str()));
            assert_eq!(found, expected, "{json}");
        }
    }
}
