//! Java archives: what they are, and what is inside them.
//!
//! An archive is identified by `identity.rs`; archives in it are opened in turn (`BOOT-INF/lib`, `WEB-INF/lib`,
//! bundles in bundles), to a depth and within a budget for the whole file. An archive that lies uncompressed
//! in another is read where it is; a compressed one is held in memory while it is small, else in an unnamed
//! temporary file.
//!
//! Libraries that were merged into an archive and that it no longer names are told by the paths of their classes
//! (`fingerprints/`).
//!
//! Only `META-INF/maven/<group>/<artifact>/pom.properties` at the root of an archive counts: such files
//! elsewhere are resources of tests.

use std::collections::BTreeSet;
use std::io::{Seek as _, SeekFrom};

use memchr::memmem;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, ReadSeek, Sink};
use plimsoll_model::fact::{EvidenceKind, FactBody, JavaArchive, PackageFact};
use plimsoll_model::{Ecosystem, Effect, Sha1};
use sha1::Digest as _;

mod fingerprints;
mod groups;
mod identity;

use crate::archive::{After, Directory, Entry, Scratch, Window, ZipError};
use crate::claim::sbom as claim;
use fingerprints::{Sighting, Sightings};
use identity::{Coordinates, Manifest};

/// Java archives.
#[derive(Debug)]
pub struct Jar;

static META: Meta = Meta {
    id: "lang/jar",
    revision: 4,
    docs: "Opens Java archives and the archives inside them, and identifies each by `pom.properties`, \
           manifest and file name, and well-known libraries that were merged into it by their classes. Bills of \
           materials in them are claims.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &SUFFIXES,
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 2 << 30,
    loss: Effect::Gap,
};

/// Ends of names of Java archives. The first six are used for nothing else.
const SUFFIXES: [&str; 10] = [
    ".jar", ".war", ".ear", ".jpi", ".hpi", ".lpkg", ".par", ".sar", ".nar", ".kar",
];
/// How many of [`SUFFIXES`] are used for nothing else.
const CERTAIN: usize = 6;

/// How deep archives are opened; the outermost has depth 1.
const DEEPEST: usize = 8;
/// Most archives in one file.
const MOST_ARCHIVES: u32 = 50_000;
/// Most packages from one file.
const MOST_PACKAGES: usize = 50_000;
/// Most bytes that are decompressed or read of lists for one file.
const MOST_BYTES: u64 = 1 << 30;
/// Most entries of interest in one archive.
const MOST_ENTRIES: usize = 20_000;
/// Largest archive of which the SHA-1 is taken; larger ones are programs and no artefacts of repositories.
const LARGEST_HASHED: u64 = 64 << 20;
/// Most bytes that are hashed for one file, as archives in archives are hashed once each.
const MOST_HASHED: u64 = 1 << 30;
/// Up to this size a compressed archive inside another is held in memory.
const HELD: usize = 8 << 20;
/// What is read of a manifest; signed archives have megabytes after the main section.
const MANIFEST_BYTES: u64 = 256 << 10;
/// What is read of a file that tells a library's version.
const TOLD_BYTES: u64 = 256 << 10;
/// Most bytes of bills of materials in one file, and most packages that they name.
const BILL_BYTES: u64 = 64 << 20;
const MOST_CLAIMS: usize = 50_000;
/// What is read of a `pom.properties`.
const POM_BYTES: u64 = 64 << 10;

impl Analyzer for Jar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let name = file.path.file_name().to_owned();
        let mut walk = Walk {
            sink,
            path: file.path.to_string(),
            inside: Vec::new(),
            archives: 0,
            bytes: 0,
            hashed: 0,
            bills: 0,
            claims: 0,
            said: BTreeSet::new(),
            full: false,
            scratch: Scratch::new(),
        };
        walk.archive(&mut *file.reader(), &name);
    }
}

/// The suffix of a Java archive, by its place in [`SUFFIXES`].
fn suffix(name: &[u8]) -> Option<usize> {
    SUFFIXES.iter().position(|suffix| {
        let at = name.len().checked_sub(suffix.len());
        at.and_then(|at| name.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()))
    })
}

/// The way through one file and what it may still cost.
struct Walk<'a, 'b> {
    sink: &'a mut Sink<'b>,
    /// Of the file.
    path: String,
    inside: Vec<String>,
    archives: u32,
    bytes: u64,
    /// How many bytes were hashed.
    hashed: u64,
    /// How many bytes of bills of materials were read, and how many packages they claim.
    bills: u64,
    claims: usize,
    /// Name, version and way of what was said, since archives repeat themselves.
    said: BTreeSet<(String, String, Vec<String>)>,
    /// Whether a limit for the whole file was met and said.
    full: bool,
    scratch: Scratch,
}

impl Walk<'_, '_> {
    /// Says why something inside the file cannot be read.
    fn lost(&mut self, what: &str, reason: impl std::fmt::Display) {
        let mut subject = self.inside.join("!");
        if !what.is_empty() {
            if !subject.is_empty() {
                subject.push('!');
            }
            subject.push_str(what);
        }
        if subject.is_empty() {
            self.sink.unreadable(reason.to_string());
        } else {
            self.sink.unreadable(format!("`{subject}`: {reason}"));
        }
    }

    /// Takes from the budget; says once when there is nothing left.
    fn pay(&mut self, bytes: u64) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES
            || self.archives > MOST_ARCHIVES
            || self.said.len() >= MOST_PACKAGES
        {
            if !self.full {
                self.full = true;
                self.lost("", "the archive has more inside than is looked at");
            }
            return false;
        }
        true
    }

    fn archive(&mut self, reader: &mut dyn ReadSeek, name: &str) {
        self.archives = self.archives.saturating_add(1);
        // The end of the archive has to be searched for its list.
        if !self.pay(64 << 10) {
            return;
        }
        let directory = match Directory::find(reader) {
            Ok(directory) => directory,
            // Other formats have some of these suffixes too.
            Err(ZipError::NoEnd)
                if suffix(name.as_bytes()).is_some_and(|place| place >= CERTAIN) =>
            {
                return;
            }
            Err(error) => return self.lost("", error),
        };
        if directory.after == After::Something {
            self.lost(
                "",
                "something follows the end of the archive, or it is cut off",
            );
        }
        if !self.pay(directory.length) {
            return;
        }
        let mut sightings = Sightings::default();
        let (entries, stopped) = directory.entries(reader, MOST_ENTRIES, |name| {
            sightings.see(name) || is_wanted(name)
        });
        if let Some(error) = stopped {
            self.lost("", error);
        }
        if sightings.full {
            self.lost(
                "",
                "it has too many folders with classes of well-known libraries",
            );
        }
        self.identify(reader, name, &entries, &sightings.found());
        for entry in entries
            .iter()
            .filter(|entry| is_bill(entry.name.as_bytes()))
        {
            self.bill(reader, entry);
        }
        for entry in &entries {
            if suffix(entry.name.as_bytes()).is_some() && !self.full {
                self.nested(reader, entry);
            }
        }
    }

    fn identify(
        &mut self,
        reader: &mut dyn ReadSeek,
        name: &str,
        entries: &[Entry],
        sightings: &[Sighting],
    ) {
        let mut manifest = Manifest::default();
        let mut poms: Vec<Coordinates> = Vec::new();
        for entry in entries {
            if is_manifest(entry.name.as_bytes()) {
                if let Some(bytes) = self.read(reader, entry, MANIFEST_BYTES) {
                    manifest = Manifest::parse(&bytes);
                }
            } else if is_pom(entry.name.as_bytes())
                && let Some(bytes) = self.read(reader, entry, POM_BYTES)
                && let Some(pom) = identity::pom(&entry.name, &bytes)
            {
                poms.push(pom);
            }
        }
        poms.sort();
        poms.dedup();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let filed = if self.inside.is_empty() {
            identity::repository(&self.path)
        } else {
            None
        };
        let mut found = identity::identify(stem, filed, &poms, &manifest);
        if let Some(own) = found.first_mut()
            && own.group.is_none()
        {
            complete(own, sightings);
        }
        let merged = self.merged(reader, entries, sightings, &found);
        if found.first().is_none_or(|own| own.group.is_none()) {
            // Programs of one's own often have no version, and nobody else knows them.
            let named = found.first();
            let archive = JavaArchive {
                inside: self.inside.clone(),
                sha1: self.sha1(reader),
                named: named.map(|own| (own.artifact.clone(), own.version.clone())),
            };
            self.sink.fact(FactBody::JavaArchive(archive));
        }
        for (place, coordinates) in found.into_iter().enumerate() {
            let manifest = (place == 0).then_some(&manifest);
            self.state(coordinates, EvidenceKind::Installed, manifest);
        }
        for coordinates in merged {
            self.state(coordinates, EvidenceKind::Fingerprint, None);
        }
    }

    /// States what a bill of materials in the archive claims.
    fn bill(&mut self, reader: &mut dyn ReadSeek, entry: &Entry) {
        let left = BILL_BYTES.saturating_sub(self.bills);
        let most = MOST_CLAIMS.saturating_sub(self.claims);
        if left == 0 || most == 0 {
            if self.claims < usize::MAX {
                self.claims = usize::MAX;
                let reason = "the archive has more bills of materials than are looked at";
                self.sink.problem(Effect::Note, reason);
            }
            return;
        }
        let Some(bytes) = self.read(reader, entry, left) else {
            return;
        };
        self.bills = self.bills.saturating_add(bytes.len() as u64);
        let mut way = self.inside.clone();
        way.push(entry.name.clone());
        let name = entry.name.rsplit('/').next().unwrap_or_default();
        let count = claim::state(&bytes, name, &way, most, self.sink);
        self.claims = self.claims.saturating_add(count);
    }

    /// The SHA-1 of an archive, by which repositories know their artefacts.
    fn sha1(&mut self, reader: &mut dyn ReadSeek) -> Option<Sha1> {
        let size = reader.seek(SeekFrom::End(0)).ok()?;
        self.hashed = self.hashed.saturating_add(size);
        if size > LARGEST_HASHED || self.hashed > MOST_HASHED {
            return None;
        }
        reader.seek(SeekFrom::Start(0)).ok()?;
        let mut sum = sha1::Sha1::new();
        let mut buffer = [0; 16 << 10];
        loop {
            let count = reader.read(&mut buffer).ok()?;
            match buffer.get(..count) {
                Some(piece) if !piece.is_empty() => sum.update(piece),
                _ => return Some(Sha1(sum.finalize().into())),
            }
        }
    }

    /// The libraries whose classes are there and that nothing else names.
    fn merged(
        &mut self,
        reader: &mut dyn ReadSeek,
        entries: &[Entry],
        sightings: &[Sighting],
        named: &[Coordinates],
    ) -> Vec<Coordinates> {
        let mut merged = Vec::new();
        for sighting in sightings {
            let library = sighting.library;
            if named.iter().any(|named| library.is_named(&named.artifact)) {
                continue;
            }
            let whole = named
                .iter()
                .find(|named| library.is_part_of(&named.artifact));
            let version = whole.map(|whole| whole.version.clone()).or_else(|| {
                entries.iter().find_map(|entry| {
                    let told = sighting.told_by(&entry.name)?;
                    told.version(&self.read(reader, entry, TOLD_BYTES)?)
                })
            });
            if version.is_none() {
                let mut note = sighting.note();
                if !self.inside.is_empty() {
                    note = format!("`{}`: {note}", self.inside.join("!"));
                }
                self.sink.problem(Effect::Note, note);
            }
            merged.push(library.at(&version.unwrap_or_default()));
        }
        merged
    }

    fn state(
        &mut self,
        coordinates: Coordinates,
        evidence: EvidenceKind,
        manifest: Option<&Manifest>,
    ) {
        let name = coordinates.name();
        let key = (
            name.clone(),
            coordinates.version.clone(),
            self.inside.clone(),
        );
        if !self.pay(512) || !self.said.insert(key) {
            return;
        }
        let mut package = PackageFact::new(Ecosystem::Maven, name, coordinates.version);
        package.evidence = evidence;
        package.inside.clone_from(&self.inside);
        if let Some(manifest) = manifest {
            package.licenses = manifest.licenses();
            package.maker = manifest.maker();
        }
        self.sink.package(package);
    }

    fn read(&mut self, reader: &mut dyn ReadSeek, entry: &Entry, most: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = entry.copy(reader, most, &mut self.scratch, &mut bytes);
        let paid = self.pay((bytes.len() as u64).saturating_add(512));
        match read {
            Ok(_) if paid => Some(bytes),
            Ok(_) => None,
            Err(error) => {
                self.lost(&entry.name, error);
                None
            }
        }
    }

    fn nested(&mut self, reader: &mut dyn ReadSeek, entry: &Entry) {
        if self.inside.len().saturating_add(1) >= DEEPEST {
            return self.lost(&entry.name, "nested too deep");
        }
        let name = entry.name.rsplit('/').next().unwrap_or_default().to_owned();
        match entry.window(reader) {
            Ok(Some(place)) => {
                self.inside.push(entry.name.clone());
                self.archive(&mut Window::new(reader, place), &name);
                self.inside.pop();
            }
            Ok(None) => self.nested_compressed(reader, entry, &name),
            Err(error) => self.lost(&entry.name, error),
        }
    }

    fn nested_compressed(&mut self, reader: &mut dyn ReadSeek, entry: &Entry, name: &str) {
        let mut content = tempfile::SpooledTempFile::new(HELD);
        let left = MOST_BYTES.saturating_sub(self.bytes).saturating_add(1);
        let copied = entry.copy(reader, left, &mut self.scratch, &mut content);
        let length = content.seek(SeekFrom::End(0)).unwrap_or_default();
        if !self.pay(length) {
            return;
        }
        // What could be decompressed before the damage has no list of entries, so there is nothing to keep.
        if let Err(error) = copied {
            return self.lost(&entry.name, error);
        }
        self.inside.push(entry.name.clone());
        self.archive(&mut content, name);
        self.inside.pop();
    }
}

/// Gives an archive that names itself without a group the coordinates of the library that it is, by its classes.
fn complete(own: &mut Coordinates, sightings: &[Sighting]) {
    let is_own =
        |sighting: &&Sighting| sighting.is_own_place() && sighting.library.is_named(&own.artifact);
    if let Some(sighting) = sightings.iter().find(is_own) {
        *own = sighting.library.at(&own.version);
    }
}

fn is_wanted(name: &[u8]) -> bool {
    is_manifest(name) || is_pom(name) || is_bill(name) || suffix(name).is_some()
}

/// `META-INF/sbom/application.cdx.json` of Spring Boot, `META-INF/sbom/dependency.cdx.json` of Quarkus.
fn is_bill(name: &[u8]) -> bool {
    let folder: &[u8] = b"META-INF/sbom/";
    let is_there = name.starts_with(folder) || memmem::find(name, b"/META-INF/sbom/").is_some();
    is_there && (name.ends_with(b".json") || name.ends_with(b".xml"))
}

fn is_manifest(name: &[u8]) -> bool {
    // Java finds it whatever its case (`java.util.jar.JarFile`).
    name.eq_ignore_ascii_case(b"META-INF/MANIFEST.MF")
}

fn is_pom(name: &[u8]) -> bool {
    name.strip_prefix(b"META-INF/maven/")
        .and_then(|rest| rest.strip_suffix(b"/pom.properties"))
        .is_some_and(|middle| middle.split(|&byte| byte == b'/').count() == 2)
}
