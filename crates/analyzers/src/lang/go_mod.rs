//! What a Go module requires: `go.mod`.
//!
//! Source: Go Modules Reference, "go.mod files". With pruned graphs (Go 1.17 and later) the file names every
//! module that is needed to build, so that it serves as a lock file. Replacements by another module take its
//! place; those by a folder have no version. Files of modules in the module cache or in `testdata` say what
//! their authors required and not what was selected.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;

/// Modules that a Go module requires.
#[derive(Debug)]
pub struct GoMod;

static META: Meta = Meta {
    id: "lang/go-mod",
    revision: 1,
    docs: "Reads `go.mod`: the modules that a Go module requires, with their replacements.",
    interest: Interest {
        paths: &[],
        names: &["go.mod"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for GoMod {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if path.contains("/pkg/mod/")
            || path.contains("/testdata/")
            || lock::came_with_a_package(path)
        {
            return;
        }
        if let Some(text) = document::text(file, sink) {
            let (list, cut_off) = read(&text);
            list.state(sink);
            if cut_off {
                sink.unreadable("the file ends within a block");
            }
        }
    }
}

/// Path and version of what replaces a module; `None` for a folder.
type Replacement<'a> = Option<(&'a str, &'a str)>;

/// The modules, and whether the file ends within a block.
fn read(text: &str) -> (Listing, bool) {
    let mut required: Vec<(String, &str)> = Vec::new();
    let mut replaced: BTreeMap<(String, String), Replacement<'_>> = BTreeMap::new();
    let mut block = "";
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line == ")" {
            block = "";
            continue;
        }
        if let Some(verb) = line.strip_suffix('(') {
            block = verb.trim();
            continue;
        }
        let (verb, rest) = if block.is_empty() {
            line.split_once([' ', '\t']).unwrap_or((line, ""))
        } else {
            (block, line)
        };
        let words: Vec<&str> = rest.split_whitespace().map(unquoted).collect();
        match (verb, words.as_slice()) {
            ("require", [path, version]) => required.push(((*path).to_owned(), version)),
            ("replace", [old, "=>", new @ ..]) => {
                replaced.insert(((*old).to_owned(), String::new()), replacement(new));
            }
            ("replace", [old, version, "=>", new @ ..]) => {
                replaced.insert(((*old).to_owned(), (*version).to_owned()), replacement(new));
            }
            _ => {}
        }
    }
    let mut list = Listing::new(Ecosystem::Go, EvidenceKind::Locked);
    for (path, version) in required {
        let exact = replaced.get(&(path.clone(), version.to_owned()));
        match exact.or_else(|| replaced.get(&(path.clone(), String::new()))) {
            Some(Some((path, version))) => list.add(path, version),
            Some(None) => {}
            // Versions are semantic ones with a `v`.
            None if version.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
                list.add(&path, version);
            }
            None => list.add_invalid(),
        }
    }
    (list, !block.is_empty())
}

fn replacement<'a>(words: &[&'a str]) -> Replacement<'a> {
    match words {
        [path, version] => Some((path, version)),
        _ => None,
    }
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '`'])
}
