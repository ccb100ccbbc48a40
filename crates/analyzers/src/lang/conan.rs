//! C and C++ packages of Conan: `conan.lock`, `conanfile.txt` and `conaninfo.txt`.
//!
//! Source: Conan's documentation, "Lockfiles" (the first format has `graph_lock.nodes`, the second lists
//! `requires`, `build_requires` and `python_requires`), "conanfile.txt", and the package cache of Conan 1:
//! `data/<name>/<version>/<user>/<channel>/package/<id>/conaninfo.txt` with a section `[full_requires]`.
//! References are `name/version[@user/channel][#revision][%time]`; a range is no version.

use std::collections::BTreeMap;

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Listing};

/// Packages of Conan.
#[derive(Debug)]
pub struct Conan;

static META: Meta = Meta {
    id: "lang/conan",
    revision: 1,
    docs: "Reads `conan.lock`, `conanfile.txt` and `conaninfo.txt`: C and C++ packages of Conan.",
    interest: Interest {
        paths: &[],
        names: &["conan.lock", "conanfile.txt", "conaninfo.txt"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Conan {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if file.path.file_name() == "conan.lock" {
            let Some(lock) = document::json::<Lock>(file, sink) else {
                return;
            };
            let mut list = Listing::new(Ecosystem::Conan, EvidenceKind::Locked);
            lock.add_to(&mut list);
            return list.state(sink);
        }
        let path = file.path.as_str();
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let list = if path.ends_with("conanfile.txt") {
            let mut list = Listing::new(Ecosystem::Conan, EvidenceKind::Locked);
            for (section, line) in sections(&text) {
                match section {
                    "requires" => add(line, Scope::Runtime, &mut list),
                    "build_requires" | "tool_requires" | "test_requires" => {
                        add(line, Scope::Development, &mut list);
                    }
                    _ => {}
                }
            }
            list
        } else {
            let mut list = Listing::new(Ecosystem::Conan, EvidenceKind::Installed);
            if let Some((name, version)) = cached(path) {
                list.add(name, version);
            }
            for (section, line) in sections(&text) {
                if section == "full_requires" {
                    add(line, Scope::Runtime, &mut list);
                }
            }
            list
        };
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct Lock {
    #[serde(rename = "graph_lock")]
    graph: Option<GraphLock>,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    build_requires: Vec<String>,
    #[serde(default)]
    python_requires: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct GraphLock {
    #[serde(default)]
    nodes: BTreeMap<String, Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    #[serde(rename = "ref")]
    reference: Option<String>,
    /// Only the project itself has one.
    path: Option<String>,
    context: Option<String>,
}

impl Lock {
    fn add_to(self, list: &mut Listing) {
        for node in self.graph.into_iter().flat_map(|graph| graph.nodes) {
            let (_, node) = node;
            if let Some(reference) = node.reference.filter(|_| node.path.is_none()) {
                let scope = match node.context.as_deref() {
                    Some("build") => Scope::Development,
                    _ => Scope::Runtime,
                };
                add(&reference, scope, list);
            }
        }
        for reference in self.requires {
            add(&reference, Scope::Runtime, list);
        }
        for reference in self.build_requires.iter().chain(&self.python_requires) {
            add(reference, Scope::Development, list);
        }
    }
}

/// `name/1.2.3@user/channel:package#revision%time`.
fn add(reference: &str, scope: Scope, list: &mut Listing) {
    let reference = reference.trim();
    if reference.is_empty() {
        return;
    }
    let bare = reference.split(['@', '#', '%', ':']).next();
    let (name, version) = bare.and_then(|id| id.split_once('/')).unwrap_or_default();
    // `[>=1.0 <2.0]` was never resolved.
    if version.starts_with('[') {
        return;
    }
    list.add_with(name, version, |package| package.scope = scope);
}

/// Lines with the name of the section they are in.
fn sections(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    text.lines().filter_map(move |line| {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = name;
            return None;
        }
        (!line.is_empty() && !line.starts_with('#')).then_some((section, line))
    })
}

/// Name and version from the place in the cache.
fn cached(path: &str) -> Option<(&str, &str)> {
    let (_, below) = path.rsplit_once(".conan/data/")?;
    let mut parts = below.split('/');
    let (name, version) = (parts.next()?, parts.next()?);
    (parts.nth(2)? == "package").then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_cache_says_which_package_it_is() {
        assert_eq!(
            cached("root/.conan/data/zlib/1.2.11/_/_/package/1234/conaninfo.txt"),
            Some(("zlib", "1.2.11"))
        );
        assert_eq!(cached("root/.conan/data/zlib/1.2.11/conaninfo.txt"), None);
        assert_eq!(cached("build/conaninfo.txt"), None);
    }
}
