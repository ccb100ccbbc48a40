//! Debian's database of installed packages.
//!
//! `status` has a stanza for every package that dpkg knows of (`deb822(5)`, `dpkg-query(1)`); distroless
//! images have a folder `status.d` with a file for each package instead, written without a dpkg.
//! Which files a package owns stands in `info/<package>.list`, and in distroless images in
//! `status.d/<package>.md5sums`. The `.md5sums` of `info` are not read: they are a part of the list beside
//! them. Licences are in neither; they stand in each package's copyright file.

pub(super) mod list;
pub(super) mod stanza;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, Effect, ImagePath};

use super::{End, Extent, Ledger, Lines, Room};
use stanza::Stanza;

/// Reads dpkg's database of installed packages.
#[derive(Debug)]
pub struct Dpkg;

const STATUS_FOLDER: &str = "var/lib/dpkg/status.d/";
const INFO_FOLDER: &str = "var/lib/dpkg/info/";

static META: Meta = Meta {
    id: "os/dpkg",
    revision: 3,
    docs: "Reads the packages that dpkg installed, with their source packages and their files, on Debian, \
           Ubuntu and their derivatives, and on distroless images.",
    interest: Interest {
        paths: &["var/lib/dpkg/status"],
        names: &[],
        suffixes: &[],
        under: &[(STATUS_FOLDER, ""), (INFO_FOLDER, ".list")],
        executables: Executables::Ignored,
    },
    limit: 64 << 20,
    loss: Effect::Blind,
};

/// The files of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// All packages, each with its state.
    Status,
    /// One package of a distroless image, or a few; what is listed is installed.
    StatusPart,
    /// Paths, one a line.
    List,
    /// MD5 sums and paths, one pair a line.
    Sums,
}

impl Kind {
    fn of(path: &ImagePath) -> Self {
        let text = path.as_str();
        let end = path.file_name().rsplit_once('.').map(|(_, end)| end);
        match end {
            _ if text.starts_with(INFO_FOLDER) => Self::List,
            _ if !text.starts_with(STATUS_FOLDER) => Self::Status,
            Some("md5sums") => Self::Sums,
            Some("list") => Self::List,
            _ => Self::StatusPart,
        }
    }
}

impl Analyzer for Dpkg {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let kind = Kind::of(file.path);
        let mut ledger = Ledger::new(sink);
        match kind {
            Kind::Status | Kind::StatusPart => read_status(kind, Ecosystem::Deb, file, &mut ledger),
            Kind::List | Kind::Sums => list::read(kind, Ecosystem::Deb, file, &mut ledger),
        }
        ledger.close();
    }
}

/// Reads stanzas; opkg writes the same.
pub(super) fn read_status(
    kind: Kind,
    ecosystem: Ecosystem,
    file: &mut File<'_>,
    ledger: &mut Ledger<'_, '_>,
) {
    let mut lines = Lines::of(file);
    let mut open = Stanza::default();
    loop {
        match lines.next() {
            Ok(None) => break,
            Ok(Some(line)) => {
                let number = line.number;
                // dpkg refuses such a status file too; the parts of distroless images are copies of control
                // files, which need no last line feed.
                if line.end == End::EndOfFile && kind == Kind::Status {
                    ledger.unreadable(META.loss, || format!("ends in the middle of line {number}"));
                }
                if line.bytes.is_empty() || line.bytes == b"\r" {
                    if close(&mut open, kind, ecosystem, ledger) == Room::Full {
                        return;
                    }
                    continue;
                }
                let odd = match line.extent {
                    Extent::Cut => Some("is too long"),
                    // Two stanzas without an empty line between them: the first is complete.
                    Extent::Whole if open.is_named() && stanza::names_a_package(line.bytes) => {
                        if close(&mut open, kind, ecosystem, ledger) == Room::Full {
                            return;
                        }
                        open.take(line.bytes, number);
                        Some("begins a package inside the stanza of another")
                    }
                    Extent::Whole => open.take(line.bytes, number),
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
    let empty = lines.number == 0;
    close(&mut open, kind, ecosystem, ledger);
    if empty {
        // Some distroless images have an empty status beside a full `status.d`.
        ledger.unreadable(Effect::Gap, || "is empty".to_owned());
    }
}

/// States the package of a stanza, if it is installed, and makes room for the next.
fn close(open: &mut Stanza, kind: Kind, ecosystem: Ecosystem, ledger: &mut Ledger<'_, '_>) -> Room {
    let stanza = std::mem::take(open);
    let line = stanza.line;
    if line == 0 {
        return Room::Left;
    }
    if stanza.package.is_empty() {
        ledger.unreadable(META.loss, || {
            format!("the stanza at line {line} has no name")
        });
        return Room::Left;
    }
    let name = stanza.package.clone();
    match presence(&stanza.status, kind) {
        Presence::Here if stanza.version.is_empty() => {
            ledger.unreadable(META.loss, || {
                format!("`{name}` at line {line} has no version")
            });
        }
        Presence::Here => {
            let provides = parse_depends(std::slice::from_ref(&stanza.provides));
            ledger.provides(ecosystem, &name, provides);
            return ledger.package(fact(stanza, ecosystem), Vec::new());
        }
        Presence::Gone => {}
        Presence::Partly => ledger.unreadable(Effect::Gap, || {
            format!("`{name}` at line {line} is half installed, some of its files may be there")
        }),
        Presence::Unsaid => ledger.unreadable(META.loss, || {
            format!("`{name}` at line {line} has no state that dpkg knows")
        }),
    }
    Room::Left
}

/// Whether the files of a package are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Here,
    Gone,
    Partly,
    Unsaid,
}

/// The third word of `Status` is the state, `dpkg-query(1)`, "Package status". The first is only what
/// somebody wants: `deinstall ok installed` is installed. From `unpacked` on, all files are in place, even
/// though a script has still to run.
fn presence(status: &str, kind: Kind) -> Presence {
    if status.is_empty() && kind == Kind::StatusPart {
        return Presence::Here;
    }
    match status.split_ascii_whitespace().nth(2).unwrap_or_default() {
        "installed" | "unpacked" | "half-configured" | "triggers-awaited" | "triggers-pending" => {
            Presence::Here
        }
        "not-installed" | "config-files" => Presence::Gone,
        "half-installed" => Presence::Partly,
        _ => Presence::Unsaid,
    }
}

/// What a stanza says of its package.
pub(super) fn fact(stanza: Stanza, ecosystem: Ecosystem) -> PackageFact {
    let source = source(&stanza);
    let filled = |value: String| Some(value).filter(|value| !value.is_empty());
    PackageFact {
        source: Some(source),
        architecture: filled(stanza.architecture),
        maker: filled(stanza.maintainer).or_else(|| filled(stanza.origin)),
        licenses: filled(stanza.license).into_iter().collect(),
        depends: parse_depends(&[stanza.pre_depends, stanza.depends]),
        ..PackageFact::new(ecosystem, stanza.package, stanza.version)
    }
}

/// `Source: name (version)`; each part only where it differs from the binary package (Debian Policy 5.6.1).
fn source(stanza: &Stanza) -> SourcePackage {
    let (name, version) = match stanza.source.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end().trim_end_matches(')').trim()),
        // OpenWrt writes the folder of the recipe there.
        None if stanza.source.contains('/') => (stanza.source_name.trim(), ""),
        None => (stanza.source.trim(), ""),
    };
    let or = |value: &str, other: &str| if value.is_empty() { other } else { value }.to_owned();
    SourcePackage {
        name: or(name, &stanza.package),
        version: or(version, &stanza.version),
    }
}

/// Names in relationship fields (Debian Policy 7.1), sorted: every alternative, without versions,
/// architectures and build profiles.
fn parse_depends(fields: &[String]) -> Vec<String> {
    let mut names: Vec<String> = fields
        .iter()
        .flat_map(|field| field.split([',', '|']))
        .filter_map(|entry| {
            entry
                .trim()
                .split(['(', ':', '[', '<', ' ', '\t', '\n'])
                .next()
        })
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
