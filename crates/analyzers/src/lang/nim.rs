//! Nim packages that Nimble installed: `pkgs2/<name>-<version>-<checksum>/<name>.nimble`, and
//! `pkgs/<name>-<version>/` of its first versions.
//!
//! Source: Nimble's documentation, "Nimble's folder structure". Name and version are those of the folder,
//! since the version in the file may be an expression; the file gives the licence. A `.nimble` file elsewhere
//! is a source.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::text;

/// Nim packages.
#[derive(Debug)]
pub struct Nim;

static META: Meta = Meta {
    id: "lang/nim",
    revision: 1,
    docs: "Reads `*.nimble` of packages that Nimble installed: name, version, licence and author.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".nimble"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Nim {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some((name, version)) = installed(file.path.as_str()) else {
            return;
        };
        let Some(content) = document::text(file, sink) else {
            return;
        };
        let value = |wanted: &str| {
            content.lines().find_map(|line| {
                let (key, value) = line.split_once('=')?;
                (key.trim() == wanted)
                    .then(|| text::statement(value.trim().trim_matches('"')))
                    .flatten()
            })
        };
        let mut list = Listing::new(Ecosystem::Nimble, EvidenceKind::Installed);
        list.add_with(name, version, |package| {
            package.licenses.extend(value("license"));
            package.maker = value("author");
        });
        list.state(sink);
    }
}

/// Name and version as the folder has them.
fn installed(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.rsplit('/');
    let (_file, folder, packages) = (parts.next()?, parts.next()?, parts.next()?);
    let id = match packages {
        "pkgs" => folder,
        "pkgs2" => folder.rsplit_once('-')?.0,
        _ => return None,
    };
    id.rsplit_once('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_say_name_and_version() {
        assert_eq!(
            installed("root/.nimble/pkgs2/jester-0.6.0-2a7f/jester.nimble"),
            Some(("jester", "0.6.0"))
        );
        assert_eq!(
            installed("root/.nimble/pkgs/http-auth-0.1.3/http_auth.nimble"),
            Some(("http-auth", "0.1.3"))
        );
        assert_eq!(installed("src/app.nimble"), None);
    }
}
