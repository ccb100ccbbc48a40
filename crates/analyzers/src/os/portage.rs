//! Portage's database of installed packages: Gentoo and its derivatives.
//!
//! Each package has a folder `var/db/pkg/<category>/<name>-<version>/` (Package Manager Specification, 3.1 and
//! 3.2). Its file `CONTENTS` lists what the package owns, a line an entry: `dir PATH`, `obj PATH MD5 TIME`,
//! `sym PATH -> TARGET TIME`. It is there for every package, and empty for one that only depends on others,
//! so that it is the evidence for the package; name and version are those of the folder.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::{End, Extent, Ledger, Lines, Owned};

/// Reads Portage's database of installed packages.
#[derive(Debug)]
pub struct Portage;

const FOLDER: &str = "var/db/pkg/";

static META: Meta = Meta {
    id: "os/portage",
    revision: 1,
    docs: "Reads the packages that Portage installed, with their files, on Gentoo and its derivatives.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[(FOLDER, "/CONTENTS")],
        executables: Executables::Ignored,
    },
    limit: 64 << 20,
    loss: Effect::Blind,
};

impl Analyzer for Portage {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path;
        let mut ledger = Ledger::new(sink);
        match package(path.as_str()) {
            Some((name, version)) => {
                let owned = read_contents(file, &mut ledger);
                let (files, dropped) = owned.take();
                if dropped > 0 {
                    ledger.unreadable(Effect::Gap, || {
                        format!("has {dropped} paths that are too long")
                    });
                }
                ledger.package(PackageFact::new(Ecosystem::Portage, name, version), files);
            }
            None => ledger.unreadable(META.loss, || {
                "lies in a folder that names no package and version".to_owned()
            }),
        }
        ledger.close();
    }
}

/// `category/name` and version of the folder that the file lies in.
fn package(path: &str) -> Option<(String, String)> {
    let mut parts = path.strip_prefix(FOLDER)?.split('/');
    let (category, folder) = (parts.next()?, parts.next()?);
    if parts.next() != Some("CONTENTS") || parts.next().is_some() || category.is_empty() {
        return None;
    }
    let revision = |text: &str| {
        text.strip_prefix('r')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let base = match folder.rsplit_once('-') {
        Some((base, last)) if revision(last) => base,
        _ => folder,
    };
    let (name, version) = base.rsplit_once('-')?;
    if name.is_empty() || !version.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let version = folder.get(name.len().saturating_add(1)..)?;
    Some((format!("{category}/{name}"), version.to_owned()))
}

/// A package without its files is still known from its folder, so that a loss here is a gap.
fn read_contents(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) -> Owned {
    let mut owned = Owned::default();
    let mut lines = Lines::of(file);
    loop {
        match lines.next() {
            Ok(None) => break,
            Ok(Some(line)) => {
                let number = line.number;
                if line.end == End::EndOfFile {
                    ledger.unreadable(Effect::Gap, || {
                        format!("ends in the middle of line {number}")
                    });
                }
                owned.allow(line.bytes.len().saturating_add(1));
                match (line.extent, entry(line.bytes)) {
                    (Extent::Whole, Some(b"")) => {}
                    (Extent::Whole, Some(path)) => owned.add(b"", path),
                    _ => {
                        ledger.unreadable(Effect::Gap, || format!("line {number} is not an entry"));
                    }
                }
            }
            Err(error) => {
                ledger.unreadable(Effect::Gap, || format!("cannot be read: {error}"));
                break;
            }
        }
    }
    owned
}

/// The path of an entry, empty for a folder and for what else is no file.
fn entry(line: &[u8]) -> Option<&[u8]> {
    let space = line.iter().position(|&byte| byte == b' ')?;
    let (kind, rest) = line.split_at_checked(space)?;
    let rest = rest.get(1..)?;
    let path = match kind {
        b"dir" | b"fif" | b"dev" => return Some(b""),
        // Paths may have spaces, sums and times have none.
        b"obj" => {
            let mut parts = rest.rsplitn(3, |&byte| byte == b' ');
            parts.nth(1)?;
            parts.next()?
        }
        b"sym" => {
            let at = rest.windows(4).position(|window| window == b" -> ")?;
            rest.get(..at)?
        }
        _ => return None,
    };
    path.strip_prefix(b"/").filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn folders_name_packages() {
        for (folder, name, version) in [
            (
                "app-shells/bash-5.1_p16-r2",
                "app-shells/bash",
                "5.1_p16-r2",
            ),
            ("x11-libs/gtk+-3.24.41", "x11-libs/gtk+", "3.24.41"),
            ("dev-libs/libpcre2-10.42", "dev-libs/libpcre2", "10.42"),
            (
                "media-fonts/font-100-dpi-1.0",
                "media-fonts/font-100-dpi",
                "1.0",
            ),
            ("sec-policy/a-r2-9999", "sec-policy/a-r2", "9999"),
        ] {
            let path = format!("var/db/pkg/{folder}/CONTENTS");
            assert_eq!(package(&path), Some((name.into(), version.into())));
        }
        for path in [
            "a/b/CONTENTS",
            "a/b-c/CONTENTS",
            "a/-1/CONTENTS",
            "a/CONTENTS",
        ] {
            assert_eq!(package(&format!("var/db/pkg/{path}")), None, "{path}");
        }
    }
}
