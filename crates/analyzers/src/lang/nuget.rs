//! What NuGet was told to restore: `packages.lock.json`, `packages.config` and `*Packages.props`.
//!
//! Source: NuGet's documentation, "Package references in project files" (lock file), "packages.config
//! reference" and "Central package management". Versions that are an expression of the build (`$(Version)`) or
//! a range cannot be known from the file and are left out.

use std::collections::BTreeMap;

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Keys, Listing};
use super::xml::{self, Event};

/// Packages that NuGet was told to restore.
#[derive(Debug)]
pub struct Nuget;

static META: Meta = Meta {
    id: "lang/nuget",
    revision: 1,
    docs: "Reads `packages.lock.json`, `packages.config` and `*Packages.props`: what NuGet was told to restore.",
    interest: Interest {
        paths: &[],
        names: &["packages.lock.json", "packages.config"],
        suffixes: &[],
        under: &[("", "Packages.props")],
        executables: Executables::Ignored,
    },
    limit: HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Nuget {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut list = Listing::new(Ecosystem::Nuget, EvidenceKind::Locked);
        match file.path.file_name() {
            "packages.lock.json" => {
                let Some(lock) = document::json::<Lock>(file, sink) else {
                    return;
                };
                lock.add_to(&mut list);
            }
            "packages.config" => {
                let Some(text) = document::text(file, sink) else {
                    return;
                };
                add_config(&text, &mut list, sink);
            }
            _ => {
                let Some(text) = document::text(file, sink) else {
                    return;
                };
                add_properties(&text, &mut list, sink);
            }
        }
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct Lock {
    /// By framework, then by name.
    dependencies: BTreeMap<String, BTreeMap<String, Dependency>>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    resolved: String,
    #[serde(default)]
    dependencies: Keys,
}

impl Lock {
    fn add_to(self, list: &mut Listing) {
        for (name, dependency) in self.dependencies.into_values().flatten() {
            // Projects of the same solution are built and have no version.
            if dependency.kind.eq_ignore_ascii_case("project") {
                continue;
            }
            list.add_with(&name, &dependency.resolved, |package| {
                package.depends = dependency.dependencies.0;
            });
        }
    }
}

fn add_config(text: &str, list: &mut Listing, sink: &mut Sink<'_>) {
    let mut reader = xml::Reader::new(text);
    for event in reader.by_ref() {
        let Event::Start {
            name: "package",
            attributes,
            ..
        } = event
        else {
            continue;
        };
        let value = |name| xml::attribute(attributes, name).unwrap_or_default();
        list.add_with(&value("id"), &value("version"), |package| {
            if value("developmentDependency").eq_ignore_ascii_case("true") {
                package.scope = Scope::Development;
            }
        });
    }
    say_if_cut_off(&reader, sink);
}

fn add_properties(text: &str, list: &mut Listing, sink: &mut Sink<'_>) {
    let mut reader = xml::Reader::new(text);
    for event in reader.by_ref() {
        let Event::Start {
            name, attributes, ..
        } = event
        else {
            continue;
        };
        if !matches!(
            name,
            "PackageVersion" | "PackageReference" | "GlobalPackageReference"
        ) {
            continue;
        }
        let value = |name| xml::attribute(attributes, name).map(|value| value.trim().to_owned());
        if let (Some(id), Some(version)) = (
            value("Include").or_else(|| value("Update")),
            value("Version"),
        ) && !version.contains(['$', '[', '(', ',', '*'])
        {
            list.add(&id, &version);
        }
    }
    say_if_cut_off(&reader, sink);
}

fn say_if_cut_off(reader: &xml::Reader<'_>, sink: &mut Sink<'_>) {
    if reader.is_cut_off() {
        sink.unreadable("the document is cut off");
    }
}
