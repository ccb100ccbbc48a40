//! Alpine's database of installed packages, also used by Wolfi and Chainguard.
//!
//! Records of lines `X:value`, separated by empty lines, as `apk-tools` writes them (`apk-package(5)`,
//! "installed database"). Newer images keep the file in `usr/lib`.
//! The letters that matter: `P` name, `V` version, `A` architecture, `o` origin, `m` maintainer, `L` licence,
//! `D` dependencies, `F` a folder and, below it, `R` its files.
//! What somebody asked for stands in `etc/apk/world` (`apk-world(5)`), where `name@tag` takes a package from a
//! repository of its own: the database does not tell.
//! `C` is a checksum of the package's control segment, not of an archive, and is left alone.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{FactBody, InstalledFrom, PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, Effect};

use super::{End, Extent, LINE_BYTES, Ledger, Lines, Owned, Room, text};

/// Reads apk's database of installed packages.
#[derive(Debug)]
pub struct Apk;

static META: Meta = Meta {
    id: "os/apk",
    revision: 2,
    docs: "Reads the packages that apk installed, with their origins and their files, on Alpine, Wolfi and \
           Chainguard.",
    interest: Interest {
        paths: &[WORLD, "lib/apk/db/installed", "usr/lib/apk/db/installed"],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 64 << 20,
    loss: Effect::Blind,
};

const WORLD: &str = "etc/apk/world";

impl Analyzer for Apk {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if file.path.as_str() == WORLD {
            read_world(file, sink);
            return;
        }
        let mut ledger = Ledger::new(sink);
        let mut lines = Lines::of(file);
        let mut record = Record::default();
        loop {
            match lines.next() {
                Ok(None) => break,
                Ok(Some(line)) => {
                    if line.end == End::EndOfFile {
                        let number = line.number;
                        ledger.unreadable(META.loss, || {
                            format!("ends in the middle of line {number}")
                        });
                    }
                    if line.bytes.trim_ascii().is_empty() {
                        if record.close(&mut ledger) == Room::Full {
                            return;
                        }
                        continue;
                    }
                    let number = line.number;
                    let odd = match (line.extent, line.bytes) {
                        (Extent::Cut, _) => Some("is too long"),
                        (Extent::Whole, [letter, b':', value @ ..]) => {
                            record.take(*letter, value, number)
                        }
                        (Extent::Whole, _) => Some("is not a letter and a value"),
                    };
                    if let Some(odd) = odd {
                        ledger.unreadable(META.loss, || format!("line {number} {odd}"));
                    }
                }
                Err(error) => {
                    ledger.unreadable(META.loss, || format!("cannot be read: {error}"));
                    break;
                }
            }
        }
        if lines.number == 0 {
            ledger.unreadable(META.loss, || "is empty".to_owned());
        }
        record.close(&mut ledger);
        ledger.close();
    }
}

/// Packages that somebody asked for from a tagged repository: `name@tag`, `name@tag>1.0`, `name=1.0@tag`.
fn read_world(file: &mut File<'_>, sink: &mut Sink<'_>) {
    let text = match file.bytes() {
        Some(bytes) if bytes.len() <= LINE_BYTES => String::from_utf8_lossy(bytes),
        _ => {
            sink.problem(Effect::Gap, "is too large for a list of wishes");
            return;
        }
    };
    for word in text.split_whitespace() {
        let Some((before, after)) = word.split_once('@') else {
            continue;
        };
        let of = |text: &'_ str| -> String {
            let end = text.find(['<', '>', '=', '~']).unwrap_or(text.len());
            text.get(..end).unwrap_or_default().to_owned()
        };
        let (package, repository) = (of(before), of(after));
        if !package.is_empty() && !repository.is_empty() {
            sink.fact(FactBody::InstalledFrom(InstalledFrom {
                ecosystem: Ecosystem::Apk,
                package,
                version: String::new(),
                architecture: String::new(),
                repository,
            }));
        }
    }
}

/// One package, as far as it has been read.
#[derive(Default)]
struct Record {
    /// Line at which it begins; 0 before any line is read.
    line: u64,
    name: String,
    version: String,
    architecture: Option<String>,
    origin: Option<String>,
    maintainer: Option<String>,
    licenses: Vec<String>,
    depends: Vec<String>,
    provides: Vec<String>,
    folder: Vec<u8>,
    files: Owned,
}

impl Record {
    /// Takes one line; says what is wrong with it, if anything is.
    fn take(&mut self, letter: u8, value: &[u8], line: u64) -> Option<&'static str> {
        if self.line == 0 {
            self.line = line;
        }
        self.files.allow(value.len().saturating_add(3));
        let filled = || Some(text(value)).filter(|value| !value.is_empty());
        match letter {
            b'P' if !self.name.is_empty() => return Some("names a second package in one record"),
            b'P' => self.name = text(value),
            b'V' => self.version = text(value),
            b'A' => self.architecture = filled(),
            b'o' => self.origin = filled(),
            b'm' => self.maintainer = filled(),
            b'L' => self.licenses = filled().into_iter().collect(),
            b'D' => self.depends = parse_depends(&text(value)),
            b'p' => self.provides = parse_depends(&text(value)),
            b'F' => {
                self.folder.clear();
                self.folder.extend_from_slice(value);
            }
            b'R' => self.files.add(&self.folder, value),
            _ => {}
        }
        None
    }

    /// States the package, if there is one, and makes room for the next.
    fn close(&mut self, ledger: &mut Ledger<'_, '_>) -> Room {
        let record = std::mem::take(self);
        if record.line == 0 {
            return Room::Left;
        }
        if record.name.is_empty() || record.version.is_empty() {
            let (line, name) = (record.line, &record.name);
            ledger.unreadable(META.loss, || match name.as_str() {
                "" => format!("the record at line {line} has no name"),
                name => format!("the record of `{name}` at line {line} has no version"),
            });
            return Room::Left;
        }
        let (files, dropped) = record.files.take();
        if dropped > 0 {
            let name = &record.name;
            ledger.unreadable(Effect::Gap, || {
                format!("`{name}` has {dropped} paths that are too long")
            });
        }
        let source = SourcePackage {
            name: record.origin.unwrap_or_else(|| record.name.clone()),
            version: record.version.clone(),
        };
        ledger.provides(Ecosystem::Apk, &record.name, record.provides);
        ledger.package(
            PackageFact {
                architecture: record.architecture,
                source: Some(source),
                maker: record.maintainer,
                licenses: record.licenses,
                depends: record.depends,
                ..PackageFact::new(Ecosystem::Apk, record.name, record.version)
            },
            files,
        )
    }
}

/// Names of dependencies, sorted: without versions, and without conflicts, which are written `!name`.
/// Names of shared libraries and commands keep their prefix, `so:libc.musl-x86_64.so.1`.
fn parse_depends(value: &str) -> Vec<String> {
    let mut names: Vec<String> = value
        .split_ascii_whitespace()
        .filter(|word| !word.starts_with('!'))
        .filter_map(|word| word.split(['<', '>', '=', '~', '@']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::parse_depends;

    #[test]
    fn dependencies_lose_versions_and_conflicts() {
        assert_eq!(
            parse_depends(
                "!uclibc-utils scanelf so:libc.musl-x86_64.so.1 a>=1.2 b=~3 c~4 d@edge a<2"
            ),
            ["a", "b", "c", "d", "scanelf", "so:libc.musl-x86_64.so.1"]
        );
    }
}
