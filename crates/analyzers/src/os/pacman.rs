//! pacman's database of installed packages: Arch Linux and its derivatives.
//!
//! Each package has a folder `var/lib/pacman/local/<name>-<version>-<release>/` with a file `desc`, what the
//! package is, and a file `files`, what it owns (pacman source, `lib/libalpm/be_local.c`).
//! Both are sections: a line `%NAME%`, its values one a line, an empty line.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, Effect};

use super::{End, Extent, Ledger, Lines, Owned, text};

/// Reads pacman's database of installed packages.
#[derive(Debug)]
pub struct Pacman;

const FOLDER: &str = "var/lib/pacman/local/";

static META: Meta = Meta {
    id: "os/pacman",
    revision: 1,
    docs: "Reads the packages that pacman installed, with their bases, licences and files, on Arch Linux and \
           its derivatives.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[(FOLDER, "/desc"), (FOLDER, "/files")],
        executables: Executables::Ignored,
    },
    limit: 64 << 20,
    loss: Effect::Blind,
};

/// More values of one section than any real package has.
const VALUES: usize = 10_000;

impl Analyzer for Pacman {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let folder = file.path.as_str().strip_prefix(FOLDER).unwrap_or_default();
        let Some((folder, name)) = folder.split_once('/') else {
            return;
        };
        let (folder, is_desc) = (folder.to_owned(), name == "desc");
        let mut ledger = Ledger::new(sink);
        if is_desc {
            read_desc(file, &mut ledger);
        } else if name == "files" {
            read_files(&folder, file, &mut ledger);
        }
        ledger.close();
    }
}

/// Hands over each value with the name of its section; says what is odd with the effect `loss`.
fn read_sections(
    file: &mut File<'_>,
    ledger: &mut Ledger<'_, '_>,
    loss: Effect,
    mut each: impl FnMut(&str, &[u8]),
) {
    let mut lines = Lines::of(file);
    let mut section: Option<String> = None;
    loop {
        match lines.next() {
            Ok(None) => break,
            Ok(Some(line)) => {
                let number = line.number;
                if line.end == End::EndOfFile {
                    ledger.unreadable(loss, || format!("ends in the middle of line {number}"));
                }
                match (line.extent, line.bytes) {
                    (Extent::Cut, _) => {
                        ledger.unreadable(loss, || format!("line {number} is too long"));
                    }
                    (Extent::Whole, [] | b"\r") => section = None,
                    (Extent::Whole, bytes) => match (&section, bytes) {
                        (Some(section), value) => each(section, value),
                        (None, [b'%', name @ .., b'%']) => section = Some(text(name)),
                        (None, _) => ledger
                            .unreadable(loss, || format!("line {number} stands in no section")),
                    },
                }
            }
            Err(error) => {
                ledger.unreadable(loss, || format!("cannot be read: {error}"));
                break;
            }
        }
    }
    if lines.number == 0 {
        ledger.unreadable(loss, || "is empty".to_owned());
    }
}

fn read_desc(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    let mut package = PackageFact::new(Ecosystem::Alpm, "", "");
    let mut base = None;
    read_sections(file, ledger, META.loss, |section, value| {
        let value = text(value);
        match section {
            "NAME" => package.name = value,
            "VERSION" => package.version = value,
            "BASE" => base = Some(value),
            "ARCH" => package.architecture = Some(value),
            "PACKAGER" => package.maker = Some(value).filter(|maker| maker != "Unknown Packager"),
            "LICENSE" if package.licenses.len() < VALUES => package.licenses.push(value),
            "DEPENDS" if package.depends.len() < VALUES => {
                let name = value.split(['<', '>', '=']).next().unwrap_or_default();
                package.depends.push(name.to_owned());
            }
            _ => {}
        }
    });
    if package.name.is_empty() || package.version.is_empty() {
        ledger.unreadable(META.loss, || {
            "does not tell the name and the version of its package".to_owned()
        });
        return;
    }
    package.depends.sort_unstable();
    package.depends.dedup();
    package.source = Some(SourcePackage {
        name: base.unwrap_or_else(|| package.name.clone()),
        version: package.version.clone(),
    });
    ledger.package(package, Vec::new());
}

/// A package without its list is still known from its `desc`, so that a loss here is a gap.
fn read_files(folder: &str, file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    let Some(name) = name_of(folder) else {
        ledger.unreadable(Effect::Gap, || {
            "lies in a folder that names no package".to_owned()
        });
        return;
    };
    let mut owned = Owned::default();
    read_sections(file, ledger, Effect::Gap, |section, value| {
        owned.allow(value.len().saturating_add(1));
        // Folders end with a slash.
        if section == "FILES" && !value.ends_with(b"/") {
            owned.add(b"", value);
        }
    });
    let (keys, dropped) = owned.take();
    if dropped > 0 {
        ledger.unreadable(Effect::Gap, || {
            format!("has {dropped} paths that are too long")
        });
    }
    if !keys.is_empty() {
        ledger.owns(Ecosystem::Alpm, name.to_owned(), keys);
    }
}

/// `<name>-<version>-<release>`; only a name may have more hyphens.
fn name_of(folder: &str) -> Option<&str> {
    let mut parts = folder.rsplitn(3, '-');
    parts.nth(1)?;
    parts.next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn folders_name_packages() {
        assert_eq!(name_of("gcc-libs-14.2.1+r134-1"), Some("gcc-libs"));
        assert_eq!(name_of("pacman-1:6.0-2"), Some("pacman"));
        assert_eq!(name_of("ALPM_DB_VERSION"), None);
        assert_eq!(name_of("-1-1"), None);
    }
}
