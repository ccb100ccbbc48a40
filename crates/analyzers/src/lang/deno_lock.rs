//! Lock files of Deno: `deno.lock`, versions 2 to 5.
//!
//! Packages of npm are below `npm` (4 and 5), `packages.npm` (3) or `npm.packages` (2), with keys such as
//! `@scope/name@1.2.3_peer@4.5.6`. Modules of JSR and remote modules have no advisories by name and no
//! package type of their own; they are left out.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde_json::{Map, Value};

use super::document::{self, Listing};
use super::lock;
use super::npm_lock::{add, add_needs};
use super::yarn_lock::split;

/// Lock files of Deno.
#[derive(Debug)]
pub struct DenoLock;

static META: Meta = Meta {
    id: "lang/deno-lock",
    revision: 1,
    docs: "Reads `deno.lock`, versions 2 to 5, except those inside of a package: names and versions of npm \
           packages and what each needs.",
    interest: Interest {
        paths: &[],
        names: &["deno.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for DenoLock {
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
        for (key, entry) in packages(&value).into_iter().flatten() {
            let Some((name, version)) = split(key) else {
                listing.add_invalid();
                continue;
            };
            // Peers follow an underscore, which no version of npm has.
            let version = version.split('_').next().unwrap_or_default();
            add(name, version, &mut listing, |package| {
                add_needs(package, entry, &["dependencies"]);
                let list = entry.get("dependencies").and_then(Value::as_array);
                let names = list.into_iter().flatten().filter_map(Value::as_str);
                package.depends.extend(
                    names.map(|need| split(need).map_or(need, |(name, _)| name).to_owned()),
                );
            });
        }
        listing.state(sink);
        if value.get("version").is_none() {
            sink.unreadable("this is not a lock file of Deno");
        }
    }
}

fn packages(value: &Value) -> Option<&Map<String, Value>> {
    if let Some(packages) = value.get("packages") {
        return packages.get("npm")?.as_object();
    }
    let npm = value.get("npm")?;
    npm.get("packages").unwrap_or(npm).as_object()
}
