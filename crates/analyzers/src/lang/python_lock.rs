//! Lock files of Python: `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml` (PEP 751), `Pipfile.lock`.
//!
//! All but the last are TOML with a list of packages, `[[package]]` or `[[packages]]`. What is only for
//! development is told by `category` (Poetry up to 1.4), by `groups` (Poetry 2, PDM), or by the part of
//! `Pipfile.lock`. The project itself and what lies in folders beside it are left out.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};
use toml::{Table, Value};

use super::document::{self, Listing};
use super::lock;
use super::python::leading_name;

/// Lock files of Python.
#[derive(Debug)]
pub struct PythonLock;

static META: Meta = Meta {
    id: "lang/python-lock",
    revision: 1,
    docs: "Reads `poetry.lock`, `uv.lock` (and those of scripts, `*.py.lock`), `pdm.lock`, `pylock.toml` and \
           `Pipfile.lock`, except those inside of a package: names, versions, what each needs, and which are \
           only for development where the file says so.",
    interest: Interest {
        paths: &[],
        names: &[
            "poetry.lock",
            "uv.lock",
            "pdm.lock",
            "pylock.toml",
            "Pipfile.lock",
        ],
        suffixes: &[".py.lock"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for PythonLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        if file.path.file_name() == "Pipfile.lock" {
            if let Some(value) = document::json::<serde_json::Value>(file, sink) {
                state_pipfile(&value, sink);
            }
            return;
        }
        let Some(document) = document::toml::<Table>(file, sink) else {
            return;
        };
        let list = document.get("package").or_else(|| document.get("packages"));
        let packages = list.and_then(Value::as_array);
        if packages.is_none() && !document.keys().any(|key| is_of_a_lock(key)) {
            return sink.unreadable("this is not a lock file of Python");
        }
        let mut listing = Listing::new(Ecosystem::Pypi, EvidenceKind::Locked);
        for package in packages.into_iter().flatten() {
            add(package, &mut listing);
        }
        listing.state(sink);
    }
}

/// Keys that lock files without any package have.
fn is_of_a_lock(key: &str) -> bool {
    matches!(
        key,
        "metadata" | "version" | "lock-version" | "requires-python"
    )
}

fn add(package: &Value, listing: &mut Listing) {
    if is_own(package) {
        return;
    }
    let text = |key| package.get(key).and_then(Value::as_str);
    let (Some(name), Some(version)) = (text("name"), text("version")) else {
        // PEP 751 and uv leave out the version of what is built from sources.
        if text("name").is_none()
            || ["vcs", "archive", "source"]
                .iter()
                .all(|key| package.get(key).is_none())
        {
            listing.add_invalid();
        }
        return;
    };
    listing.add_with(name, version, |fact| {
        fact.scope = scope(package);
        fact.depends = needs(package);
    });
}

/// Whether this is the project itself or a folder beside it.
fn is_own(package: &Value) -> bool {
    let source = package.get("source");
    let in_source = ["editable", "virtual", "directory"]
        .iter()
        .any(|kind| source.is_some_and(|source| source.get(kind).is_some()));
    let typed = source.and_then(|source| source.get("type")?.as_str()) == Some("directory");
    // `directory` is PEP 751's; `path` PDM's, where a file has an end and a folder has none.
    in_source || typed || package.get("directory").is_some()
}

fn scope(package: &Value) -> Scope {
    let category = package.get("category").and_then(Value::as_str);
    let groups = package.get("groups").and_then(Value::as_array);
    let needed = groups.is_none_or(|groups| {
        groups.is_empty()
            || groups.iter().any(|group| {
                !matches!(
                    group.as_str(),
                    Some("dev" | "develop" | "test" | "tests" | "lint" | "docs")
                )
            })
    });
    if category == Some("dev") || !needed {
        Scope::Development
    } else {
        Scope::Runtime
    }
}

/// Names that are needed: the keys of a table (Poetry), `{name = …}` (uv, PEP 751) or requirements (PDM).
fn needs(package: &Value) -> Vec<String> {
    match package.get("dependencies") {
        Some(Value::Table(table)) => table.keys().cloned().collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|need| match need {
                Value::String(requirement) => leading_name(requirement),
                other => other.get("name")?.as_str().map(str::to_owned),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn state_pipfile(value: &serde_json::Value, sink: &mut Sink<'_>) {
    if value.get("_meta").is_none() {
        return sink.unreadable("this is not a lock file of Pipenv");
    }
    let mut listing = Listing::new(Ecosystem::Pypi, EvidenceKind::Locked);
    for (part, scope) in [("default", Scope::Runtime), ("develop", Scope::Development)] {
        let packages = value.get(part).and_then(serde_json::Value::as_object);
        for (name, entry) in packages.into_iter().flatten() {
            let version = entry.get("version").and_then(serde_json::Value::as_str);
            match version.and_then(|version| version.strip_prefix("==")) {
                Some(version) => listing.add_with(name, version, |fact| fact.scope = scope),
                // What comes from git or from a folder has no version here.
                None if ["git", "path", "file"]
                    .iter()
                    .any(|key| entry.get(key).is_some()) => {}
                None => listing.add_invalid(),
            }
        }
    }
    listing.state(sink);
}
