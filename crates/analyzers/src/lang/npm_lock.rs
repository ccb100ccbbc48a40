//! Lock files of npm: `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! Versions 2 and 3 have `packages`, a table from the folder of each package to what it is; version 1, and 2
//! for older readers, has `dependencies`, a tree by name ("package-lock.json", npm's documentation). Where both
//! are, `packages` counts.
//!
//! `node_modules/.package-lock.json` says nothing that the `package.json` of each package there does not
//! say better, so it is not read. Packages of the project's own workspaces, links and folders are left out.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde_json::{Map, Value};

use super::document::{self, Listing};
use super::lock;
use super::npm::{add_licenses, clean_version, is_name, is_version};

/// Lock files of npm.
#[derive(Debug)]
pub struct NpmLock;

static META: Meta = Meta {
    id: "lang/npm-lock",
    revision: 1,
    docs: "Reads `package-lock.json` and `npm-shrinkwrap.json` of npm, versions 1 to 3, except those inside of a \
           package: names, versions, licences, what each needs, and which are only for development.",
    interest: Interest {
        paths: &[],
        names: &["package-lock.json", "npm-shrinkwrap.json"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for NpmLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(value) = document::json::<Value>(file, sink) else {
            return;
        };
        let mut listing = Listing::new(Ecosystem::Npm, EvidenceKind::Locked);
        if let Some(packages) = value.get("packages").and_then(Value::as_object) {
            for (folder, entry) in packages {
                add_by_folder(folder, entry, &mut listing);
            }
        } else if let Some(tree) = value.get("dependencies").and_then(Value::as_object) {
            add_tree(tree, &mut listing);
        } else if value.get("lockfileVersion").is_none() {
            return sink.unreadable("this is not a lock file of npm");
        }
        listing.state(sink);
    }
}

/// An entry of `packages`; its key is a folder such as `node_modules/a/node_modules/@s/b`.
fn add_by_folder(folder: &str, entry: &Value, listing: &mut Listing) {
    const MODULES: &str = "node_modules/";
    let flag = |key| entry.get(key) == Some(&Value::Bool(true));
    let Some(at) = folder.rfind(MODULES) else {
        return;
    };
    if flag("link") {
        return;
    }
    let by_place = folder.get(at.saturating_add(MODULES.len())..);
    // The name is given where the folder has another one: `npm:` aliases.
    let name = entry.get("name").and_then(Value::as_str).or(by_place);
    let version = entry.get("version").and_then(Value::as_str);
    let (Some(name), Some(version)) = (name, version) else {
        // npm keeps a bare entry for what it left out on this system.
        if !flag("optional") {
            listing.add_invalid();
        }
        return;
    };
    add(name, version, listing, |package| {
        set_scope(package, entry);
        add_licenses(
            entry.get("license").unwrap_or(&Value::Null),
            &mut package.licenses,
        );
        add_needs(package, entry, &["dependencies", "optionalDependencies"]);
    });
}

/// The tree of version 1. The depth of what is read bounds the depth of the tree.
fn add_tree(tree: &Map<String, Value>, listing: &mut Listing) {
    let mut open = vec![tree];
    while let Some(level) = open.pop() {
        for (name, entry) in level {
            add_by_name(name, entry, listing);
            open.extend(entry.get("dependencies").and_then(Value::as_object));
        }
    }
}

/// An entry of the tree; its version may be an alias, `npm:NAME@VERSION`, or an address.
fn add_by_name(name: &str, entry: &Value, listing: &mut Listing) {
    let Some(version) = entry.get("version").and_then(Value::as_str) else {
        return listing.add_invalid();
    };
    let alias = version.strip_prefix("npm:");
    // `git+ssh://…`, `file:…`, `https://….tgz`, `github:…`: no version is said.
    if alias.is_none() && version.contains(':') {
        return;
    }
    let (name, version) = alias
        .and_then(|alias| alias.rsplit_once('@'))
        .unwrap_or((name, version));
    add(name, version, listing, |package| {
        set_scope(package, entry);
        add_needs(package, entry, &["requires"]);
    });
}

/// Adds a package if name and version are ones of npm.
pub(super) fn add(
    name: &str,
    version: &str,
    listing: &mut Listing,
    describe: impl FnOnce(&mut PackageFact),
) {
    let version = clean_version(version);
    if is_name(name) && is_version(version) {
        listing.add_with(name, version, describe);
    } else {
        listing.add_invalid();
    }
}

fn set_scope(package: &mut PackageFact, entry: &Value) {
    if entry.get("dev") == Some(&Value::Bool(true)) {
        package.scope = Scope::Development;
    }
}

/// Adds the keys of tables as names that are needed.
pub(super) fn add_needs(package: &mut PackageFact, entry: &Value, tables: &[&str]) {
    for table in tables {
        let names = entry.get(*table).and_then(Value::as_object);
        let names = names.into_iter().flat_map(Map::keys);
        package.depends.extend(names.cloned());
    }
}
