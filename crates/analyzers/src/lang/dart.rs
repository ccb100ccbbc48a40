//! What Dart's `pub` resolved: `pubspec.lock`.
//!
//! Source: Dart, "pubspec.lock" and `pub`'s `LockFile`. The document is written by a machine: below
//! `packages:` a name with two blanks before it, and its fields with four. Packages of the SDK (`source: sdk`)
//! have no version of their own, and `direct dev` says that a package is for development.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;

/// Packages that `pub` resolved.
#[derive(Debug)]
pub struct Dart;

static META: Meta = Meta {
    id: "lang/dart",
    revision: 1,
    docs: "Reads `pubspec.lock`: the Dart packages that were resolved.",
    interest: Interest {
        paths: &[],
        names: &["pubspec.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Dart {
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
        let mut list = Listing::new(Ecosystem::Pub, EvidenceKind::Locked);
        let lines = text
            .lines()
            .skip_while(|line| line.trim_end() != "packages:")
            .skip(1)
            .take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
        let mut open = Entry::default();
        for line in lines {
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let indent = key.len().saturating_sub(key.trim_start().len());
            match (indent, key.trim_start()) {
                (2, name) => {
                    std::mem::take(&mut open).add_to(&mut list);
                    open.name = scalar(name);
                }
                (4, "version") => open.version = scalar(value),
                (4, "source") => open.source = scalar(value),
                (4, "dependency") => open.dependency = scalar(value),
                _ => {}
            }
        }
        open.add_to(&mut list);
        list.state(sink);
        if !text.trim().is_empty() && !text.lines().any(|line| line.starts_with("sdks:")) {
            sink.unreadable("the file is cut off");
        }
    }
}

#[derive(Debug, Default)]
struct Entry<'a> {
    name: &'a str,
    version: &'a str,
    source: &'a str,
    dependency: &'a str,
}

impl Entry<'_> {
    fn add_to(self, list: &mut Listing) {
        if self.source == "sdk" || (self.name.is_empty() && self.version.is_empty()) {
            return;
        }
        list.add_with(self.name, self.version, |package| {
            if self.dependency == "direct dev" {
                package.scope = Scope::Development;
            }
        });
    }
}

fn scalar(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}
