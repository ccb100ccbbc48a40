//! C and C++ packages of vcpkg: `installed/vcpkg/status`, and the overrides of `vcpkg.json`.
//!
//! Source: vcpkg's documentation, "Installation tree layout" and "vcpkg.json reference". The status file has
//! stanzas as dpkg's has; `Port-Version` is the revision of the recipe and stands behind `#`, as vcpkg writes
//! versions. A later stanza of the same package replaces an earlier one; stanzas of features repeat the package.
//! A manifest names exact versions only in `overrides`; all others come from a baseline elsewhere.
//! `vcpkg-lock.json` names commits of registries and no package.

use std::collections::BTreeMap;

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Listing};

/// Packages of vcpkg.
#[derive(Debug)]
pub struct Vcpkg;

static META: Meta = Meta {
    id: "lang/vcpkg",
    revision: 1,
    docs: "Reads vcpkg's list of installed packages, and the overrides of `vcpkg.json`.",
    interest: Interest {
        paths: &[],
        names: &["vcpkg.json"],
        suffixes: &[],
        under: &[("", "/vcpkg/status")],
        executables: Executables::Ignored,
    },
    limit: HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Vcpkg {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if file.path.file_name() == "vcpkg.json" {
            let Some(manifest) = document::json::<Manifest>(file, sink) else {
                return;
            };
            let mut list = Listing::new(Ecosystem::Vcpkg, EvidenceKind::Locked);
            for pinned in manifest.overrides {
                let version = pinned.version();
                list.add(&pinned.name, &version);
            }
            return list.state(sink);
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Vcpkg, EvidenceKind::Installed);
        for (_, stanza) in installed(&text) {
            list.add_with(stanza.name, &stanza.version(), |package| {
                package.architecture = Some(stanza.architecture.to_owned());
                package.depends = stanza
                    .depends
                    .split(',')
                    .map(|name| name.split([':', '[']).next().unwrap_or_default())
                    .map(|name| name.trim().to_owned())
                    .collect();
            });
        }
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct Manifest {
    #[serde(default)]
    overrides: Vec<Override>,
}

#[derive(Debug, Deserialize)]
struct Override {
    #[serde(default)]
    name: String,
    #[serde(
        default,
        alias = "version-string",
        alias = "version-semver",
        alias = "version-date"
    )]
    version: String,
    #[serde(default, rename = "port-version")]
    port_version: u32,
}

impl Override {
    fn version(&self) -> String {
        match self.port_version {
            0 => self.version.clone(),
            port => format!("{}#{port}", self.version),
        }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Stanza<'a> {
    name: &'a str,
    version: &'a str,
    port_version: &'a str,
    architecture: &'a str,
    depends: &'a str,
    status: &'a str,
    feature: bool,
}

impl Stanza<'_> {
    fn version(&self) -> String {
        match self.port_version {
            "" | "0" => self.version.to_owned(),
            port => format!("{}#{port}", self.version),
        }
    }
}

/// The last word of the file about each package and architecture, if it is installed.
fn installed(text: &str) -> BTreeMap<(&str, &str), Stanza<'_>> {
    let mut packages = BTreeMap::new();
    let mut stanza = Stanza::default();
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            let done = std::mem::take(&mut stanza);
            if done.feature || (done.name.is_empty() && done.version.is_empty()) {
                continue;
            }
            let key = (done.name, done.architecture);
            if done.status == "install ok installed" {
                packages.insert(key, done);
            } else {
                packages.remove(&key);
            }
            continue;
        }
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        match key {
            "Package" => stanza.name = value,
            "Version" => stanza.version = value,
            "Port-Version" => stanza.port_version = value,
            "Architecture" => stanza.architecture = value,
            "Depends" => stanza.depends = value,
            "Status" => stanza.status = value,
            "Feature" => stanza.feature = true,
            _ => {}
        }
    }
    packages
}
