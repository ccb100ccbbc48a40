//! What Stack and Cabal resolved: `stack.yaml.lock`, `stack.yaml` and `cabal.project.freeze`.
//!
//! Source: Stack, "Lock files" and "Pantry" (`hackage: name-version@sha256:…`), "Extra-deps"; Cabal,
//! "cabal freeze" (`any.name ==version`). Snapshots name thousands of packages that a lock file does not repeat;
//! what comes from them is not known.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;

/// Packages that Stack and Cabal resolved.
#[derive(Debug)]
pub struct Haskell;

static META: Meta = Meta {
    id: "lang/haskell",
    revision: 1,
    docs: "Reads `stack.yaml.lock`, `stack.yaml` and `cabal.project.freeze`: Haskell packages with exact versions.",
    interest: Interest {
        paths: &[],
        names: &["stack.yaml.lock", "stack.yaml", "cabal.project.freeze"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Haskell {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Hackage, EvidenceKind::Locked);
        match file.path.file_name() {
            "cabal.project.freeze" => add_freeze(&text, &mut list),
            "stack.yaml" => add_extra(&text, &mut list),
            _ => {
                for line in text.lines() {
                    let line = line.trim().trim_start_matches("- ");
                    if let Some(id) = line.strip_prefix("hackage:") {
                        add_id(id, &mut list);
                    }
                }
                if !text.lines().any(|line| line.starts_with("snapshots:")) {
                    sink.unreadable("the file is cut off");
                }
            }
        }
        list.state(sink);
    }
}

/// `constraints: any.name ==1.2, other +flag,`
fn add_freeze(text: &str, list: &mut Listing) {
    for part in text.split([',', '\n']) {
        let part = part.trim();
        let part = part.strip_prefix("constraints:").unwrap_or(part).trim();
        if part.starts_with("--") {
            continue;
        }
        if let Some((name, version)) = part.split_once("==") {
            let name = name.trim();
            list.add(name.strip_prefix("any.").unwrap_or(name), version.trim());
        }
    }
}

/// The plain entries of `extra-deps:`; others are maps of folders and repositories.
fn add_extra(text: &str, list: &mut Listing) {
    let entries = text
        .lines()
        .skip_while(|line| !line.starts_with("extra-deps:"))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '-', '#']));
    for line in entries {
        let Some(entry) = line.trim().strip_prefix("- ") else {
            continue;
        };
        let entry = entry.split(" #").next().unwrap_or_default();
        let entry = entry.trim().trim_matches(['"', '\'']);
        // Not a folder, an archive or a map.
        if !entry.contains(['/', ':']) || entry.contains('@') {
            add_id(entry, list);
        }
    }
}

/// `name-1.2.3@sha256:…,1234` or `name-1.2.3@rev:1`.
fn add_id(id: &str, list: &mut Listing) {
    let id = id.split('@').next().unwrap_or_default().trim();
    match id.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => {
            list.add(name, version);
        }
        // Without a version it is the newest, whichever that is.
        _ => list.add_invalid(),
    }
}
