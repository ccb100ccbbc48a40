//! OCaml packages of an opam switch.
//!
//! Source: opam manual, "Switches" and "File hierarchies". opam keeps the description of each installed
//! package in `.opam-switch/packages/<name>.<version>/opam`, and the list of all in
//! `.opam-switch/switch-state`. The list counts as a lock file, so that it only speaks where a description
//! is gone. Descriptions elsewhere are sources or the repository's offers.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::text;

/// OCaml packages.
#[derive(Debug)]
pub struct Opam;

static META: Meta = Meta {
    id: "lang/opam",
    revision: 1,
    docs: "Reads the state of opam switches: the OCaml packages that are installed, with licences.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[
            ("**/.opam-switch/", "/switch-state"),
            // The folder in between has any name.
            ("**/.opam-switch/packages/", "/opam"),
        ],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Opam {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        let state = path.ends_with("switch-state");
        let folder = folder(path);
        if !state && folder.is_none() {
            return;
        }
        let Some(content) = document::text(file, sink) else {
            return;
        };
        if let Some(folder) = folder {
            let mut list = Listing::new(Ecosystem::Opam, EvidenceKind::Installed);
            let (name, version) = folder.split_once('.').unwrap_or((folder, ""));
            list.add_with(name, version, |package| {
                for license in strings(&content, "license") {
                    text::add(&mut package.licenses, text::statement(license));
                }
                package.maker = strings(&content, "maintainer")
                    .into_iter()
                    .next()
                    .and_then(text::statement);
            });
            list.state(sink);
        } else {
            let mut list = Listing::new(Ecosystem::Opam, EvidenceKind::Locked);
            for id in strings(&content, "installed") {
                let (name, version) = id.split_once('.').unwrap_or((id, ""));
                list.add(name, version);
            }
            list.state(sink);
            let fields = content.trim_end();
            if !fields.is_empty() && !fields.ends_with([']', '"', '}']) {
                sink.unreadable("the file is cut off");
            }
        }
    }
}

/// `<name>.<version>` of `….opam-switch/packages/<name>.<version>/opam`.
fn folder(path: &str) -> Option<&str> {
    let (before, below) = path.rsplit_once(".opam-switch/packages/")?;
    if !(before.is_empty() || before.ends_with('/')) {
        return None;
    }
    let (folder, file) = below.split_once('/')?;
    (file == "opam").then_some(folder)
}

/// The strings of a field, `field: "a"` or `field: ["a" "b"]`, at the start of a line.
fn strings<'a>(content: &'a str, field: &str) -> Vec<&'a str> {
    let value = content.match_indices(field).find_map(|(at, _)| {
        let starts = at == 0 || content.as_bytes().get(at.saturating_sub(1)) == Some(&b'\n');
        let after = content.get(at.saturating_add(field.len())..)?;
        starts.then(|| after.trim_start().strip_prefix(':'))?
    });
    let Some(value) = value.map(str::trim_start) else {
        return Vec::new();
    };
    let list = value.strip_prefix('[');
    let mut found = Vec::new();
    let mut rest = list.unwrap_or(value);
    while let Some((between, after)) = rest.split_once('"') {
        if between.contains(']') || (list.is_none() && !between.trim().is_empty()) {
            break;
        }
        let Some((inside, more)) = after.split_once('"') else {
            break;
        };
        found.push(inside);
        rest = more;
        if list.is_none() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_strings_or_lists_of_them() {
        let text = "synopsis: \"x\"\nlicense: [\"MIT\" \"ISC\"]\nmaintainer: \"me\"\nopen: [\"a\n";
        assert_eq!(strings(text, "license"), ["MIT", "ISC"]);
        assert_eq!(strings(text, "maintainer"), ["me"]);
        assert!(strings(text, "open").is_empty());
        assert!(strings(text, "nopsis").is_empty());
        assert!(strings(text, "none").is_empty());
    }

    #[test]
    fn only_descriptions_in_a_switch_count() {
        assert_eq!(
            folder("root/.opam/default/.opam-switch/packages/fmt.0.9.0/opam"),
            Some("fmt.0.9.0")
        );
        assert_eq!(
            folder("root/.opam/repo/default/packages/fmt/fmt.0.9.0/opam"),
            None
        );
        assert_eq!(folder(".opam-switch/packages/a.1/files/opam"), None);
    }
}
