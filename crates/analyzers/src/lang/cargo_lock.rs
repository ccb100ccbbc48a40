//! What Cargo resolved: `Cargo.lock`.
//!
//! Source: the Cargo Book, "Cargo.toml vs Cargo.lock", and Cargo's encoder of resolves: `[[package]]` with
//! `name`, `version`, `source`, `dependencies`; the first format had the main package in `[root]`.
//! A registry's own `Cargo.lock` of a crate, below `registry/src`, is not what anybody built with,
//! nor is that of an extension in a gem.

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Listing};
use super::lock;

/// Crates that Cargo resolved.
#[derive(Debug)]
pub struct CargoLock;

static META: Meta = Meta {
    id: "lang/cargo-lock",
    revision: 1,
    docs: "Reads `Cargo.lock`: every crate that Cargo resolved for a program.",
    interest: Interest {
        paths: &[],
        names: &["Cargo.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for CargoLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if path.contains("/registry/src/") || lock::came_with_a_package(path) {
            return;
        }
        let Some(document) = document::toml::<Lock>(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Cargo, EvidenceKind::Locked);
        for package in document.root.into_iter().chain(document.package) {
            list.add_with(&package.name, &package.version, |fact| {
                // `name`, `name version` or `name version (source)`.
                let names = package.dependencies.iter();
                fact.depends = names
                    .filter_map(|text| text.split(' ').next())
                    .map(str::to_owned)
                    .collect();
            });
        }
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct Lock {
    root: Option<Package>,
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}
