//! Manifests of Julia: `Manifest.toml`, `JuliaManifest.toml`.
//!
//! A manifest is the whole environment as Julia resolved it ("Manifest.toml", documentation of Pkg): below
//! `deps` in format 2.0, at the top in the older one, a list of entries by name. Parts of Julia itself have no
//! `version`, or none before Julia 1.10; what is developed in a folder has a `path`. Both are left out, as are
//! the manifests that packages in a depot bring with them.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use toml::{Table, Value};

use super::document::{self, Listing};

/// Manifests of Julia.
#[derive(Debug)]
pub struct Julia;

static META: Meta = Meta {
    id: "lang/julia",
    revision: 1,
    docs: "Reads `Manifest.toml` of Julia, except those inside of a package: names, versions and what each needs.",
    interest: Interest {
        paths: &[],
        names: &["Manifest.toml", "JuliaManifest.toml"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Julia {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut above = file.path.as_str().rsplit('/').skip(1);
        // `packages/NAME/SLUG/` of a depot; manifests of tests lie deeper.
        if above.any(|part| part == "packages") {
            return;
        }
        let Some(document) = document::toml::<Table>(file, sink) else {
            return;
        };
        let format = document.get("manifest_format").is_some();
        let deps = match document.get("deps") {
            Some(Value::Table(deps)) if format => deps,
            _ => &document,
        };
        let mut listing = Listing::new(Ecosystem::Julia, EvidenceKind::Locked);
        for (name, entries) in deps {
            for entry in entries.as_array().into_iter().flatten() {
                add(name, entry, &mut listing);
            }
        }
        listing.state(sink);
    }
}

fn add(name: &str, entry: &Value, listing: &mut Listing) {
    let text = |key| entry.get(key).and_then(Value::as_str);
    // Every entry has an identifier; other files of this name have none.
    if text("uuid").is_none() || text("path").is_some() {
        return;
    }
    let Some(version) = text("version") else {
        return;
    };
    listing.add_with(name, version, |package| {
        package.depends = match entry.get("deps") {
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            Some(Value::Table(names)) => names.keys().cloned().collect(),
            _ => Vec::new(),
        };
    });
}
