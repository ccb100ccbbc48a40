//! Java programs that `GraalVM` compiled: the bill of materials that they carry.
//!
//! Source: "Software Bill of Materials (SBOM) in Native Image" of `GraalVM`'s documentation. The exported symbol
//! `sbom` is where a gzip stream begins, and at `sbom_length` stands its length, 64 bits; it is a document in
//! CycloneDX. The community edition writes none, and there one cannot know which libraries are inside.
//! `GraalVM` takes the names from the manifests of archives, so that some are titles with blanks (`Typelevel:Cats core`).
//! It lists itself too, without a package URL; that is the runtime in the program, and is called as `lang/jvm` calls it.

use std::io::{Read, Seek};

use flate2::read::GzDecoder;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect, purl};
use serde::Deserialize;

use super::is_word;
use super::sections::{ElfError, Tables, read_capped};

/// Libraries of native images.
#[derive(Debug)]
pub struct NativeImage;

static META: Meta = Meta {
    id: "binary/native-image",
    revision: 2,
    docs: "Reads the bill of materials in programs that GraalVM compiled from Java: every library that was built \
           into them.",
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

/// The section with the objects that were there when the program was built; only native images have it.
const HEAP: &str = ".svm_heap";
const SYMBOLS: [&str; 2] = ["sbom", "sbom_length"];
/// Group and name that Oracle's `GraalVM` has in its bills.
const RUNTIME: (&str, &str) = ("com.oracle", "Oracle GraalVM");
/// Largest document, in bytes, compressed or not; `GraalVM` speaks of a ten-thousandth of the program.
const MOST_BYTES: u64 = 32 << 20;

impl Analyzer for NativeImage {
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
        let compressed = match bill(&elf, &mut reader, size) {
            Ok(Some(compressed)) => compressed,
            Ok(None) => return,
            Err(error) => return sink.unreadable(error.to_string()),
        };
        match parse(&compressed) {
            Ok(document) => state(document.components, sink),
            Err(reason) => sink.unreadable(reason),
        }
    }
}

/// Whether `GraalVM` compiled the program, and left no bill of materials in it.
pub(super) fn is_undescribed<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> bool {
    elf.section(HEAP).is_some() && matches!(elf.symbols(reader, size, SYMBOLS), Ok([None, _]))
}

/// The compressed document.
fn bill<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> Result<Option<Vec<u8>>, ElfError> {
    const WHAT: &str = "bill of materials";
    let [Some(start), Some(length)] = elf.symbols(reader, size, SYMBOLS)? else {
        return Ok(None);
    };
    let offset = |address| elf.offset_of(address).ok_or(ElfError::Outside(WHAT));
    let number = read_capped(reader, size, (offset(length)?, 8), 8, WHAT)?;
    let length = elf.numbers(&number).u64(0).unwrap_or_default();
    let bytes = read_capped(reader, size, (offset(start)?, length), MOST_BYTES, WHAT)?;
    // Others may have symbols of these names.
    Ok(bytes.starts_with(&[0x1f, 0x8b]).then_some(bytes))
}

#[derive(Debug, Deserialize)]
struct Document {
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Debug, Deserialize)]
struct Component {
    #[serde(default)]
    group: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    purl: String,
    #[serde(default)]
    licenses: Vec<Licence>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Licence {
    license: Named,
    expression: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

fn parse(compressed: &[u8]) -> Result<Document, String> {
    let mut document = Vec::new();
    GzDecoder::new(compressed)
        .take(MOST_BYTES)
        .read_to_end(&mut document)
        .map_err(|error| format!("the bill of materials cannot be decompressed: {error}"))?;
    if document.len() as u64 == MOST_BYTES {
        return Err("the bill of materials is too large".to_owned());
    }
    serde_json::from_slice(&document)
        .map_err(|error| format!("the bill of materials is not valid: {error}"))
}

fn state(components: Vec<Component>, sink: &mut Sink<'_>) {
    let mut unknown = 0_usize;
    for component in components {
        let Some(mut fact) = package(&component) else {
            unknown = unknown.saturating_add(1);
            continue;
        };
        fact.evidence = EvidenceKind::Compiled;
        let licenses = component.licenses.into_iter();
        fact.licenses = licenses
            .filter_map(|one| one.expression.or(one.license.id).or(one.license.name))
            .filter(|text| !text.is_empty() && text.len() <= 256)
            .collect();
        sink.package(fact);
    }
    if unknown > 0 {
        sink.unreadable(format!(
            "{unknown} entries of the bill of materials have no valid name and version"
        ));
    }
}

/// The package by its package URL, or by its coordinates.
fn package(component: &Component) -> Option<PackageFact> {
    let from_purl = || purl::parse(&component.purl)?.package();
    let from_names = || {
        if (component.group.as_str(), component.name.as_str()) == RUNTIME {
            return PackageFact::new(Ecosystem::Generic, "graalvm", &component.version);
        }
        let name = if component.group.is_empty() {
            component.name.clone()
        } else {
            format!("{}:{}", component.group, component.name)
        };
        PackageFact::new(Ecosystem::Maven, name, &component.version)
    };
    let fact = from_purl().unwrap_or_else(from_names);
    (is_title(&fact.name) && is_word(&fact.version)).then_some(fact)
}

/// A name that may be several words.
fn is_title(text: &str) -> bool {
    text.len() <= 256 && text.split(' ').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ecosystem, name and version of an entry as the compiler writes it.
    fn said(entry: &str) -> Option<(Ecosystem, String, String)> {
        let fact = package(&serde_json::from_str(entry).unwrap())?;
        Some((fact.ecosystem, fact.name, fact.version))
    }

    #[test]
    fn the_compiler_lists_itself_as_the_runtime() {
        let version = "25.0.4.1+1-LTS";
        let own = format!(
            r#"{{"group": "com.oracle", "name": "Oracle GraalVM", "version": "{version}"}}"#
        );
        let graalvm = (Ecosystem::Generic, "graalvm".to_owned(), version.to_owned());
        assert_eq!(said(&own), Some(graalvm));
    }

    #[test]
    fn a_name_may_be_a_title() {
        let cats = r#"{"name": "?", "purl": "pkg:maven/Typelevel/Cats%20core@2.13.0"}"#;
        let title = ("Typelevel:Cats core".to_owned(), "2.13.0".to_owned());
        assert_eq!(said(cats), Some((Ecosystem::Maven, title.0, title.1)));
        for name in [" a", "a ", "a  b", "a\\nb", "", " "] {
            assert_eq!(
                said(&format!(r#"{{"name": "{name}", "version": "1"}}"#)),
                None
            );
        }
    }
}
