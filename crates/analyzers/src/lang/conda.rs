//! Installed packages of conda: `conda-meta/NAME-VERSION-BUILD.json`.
//!
//! conda keeps a record of each package that it linked into an environment (`PrefixRecord` of conda). Packages
//! are of any language and named by their channel, so advisories for another ecosystem are not about these
//! names. A Python package of conda also has its `dist-info`, which states it as a Python package.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;
use serde_json::Value;

use super::{document, text};

/// Installed packages of conda.
#[derive(Debug)]
pub struct Conda;

static META: Meta = Meta {
    id: "lang/conda",
    revision: 1,
    docs: "Reads `conda-meta/*.json`, conda's record of each package in an environment: name, version, platform, \
           licence, channel, digest and what it needs.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/conda-meta/", ".json")],
        executables: Executables::Ignored,
    },
    // Some packages have very many files, all of which are listed.
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Conda {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let directly = file.path.parent();
        if directly.is_none_or(|folder| folder.file_name() != "conda-meta") {
            return;
        }
        let Some(record) = document::json::<Record>(file, sink) else {
            return;
        };
        match record.package() {
            Some(package) => sink.package(package),
            None => sink.unreadable("the record says no name and version"),
        }
    }
}

/// The fields that matter; each as it stands. The long list of files is skipped without being kept.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Record {
    name: Value,
    version: Value,
    subdir: Value,
    license: Value,
    depends: Value,
    sha256: Value,
}

impl Record {
    fn package(&self) -> Option<PackageFact> {
        let word = |value: &Value| {
            let word = value.as_str().filter(|word| text::is_word(word));
            word.map(str::to_owned)
        };
        let mut package =
            PackageFact::new(Ecosystem::Conda, word(&self.name)?, word(&self.version)?);
        // `linux-64`, or `noarch`.
        package.architecture = word(&self.subdir);
        text::add(
            &mut package.licenses,
            self.license.as_str().and_then(text::statement),
        );
        package.digest = word(&self.sha256).and_then(|hex| format!("sha256:{hex}").parse().ok());
        // `python >=3.11,<3.12.0a0`; names with two underscores in front stand for the system, `__glibc`.
        let needs = self.depends.as_array().into_iter().flatten();
        package.depends = needs
            .filter_map(|need| need.as_str()?.split_whitespace().next())
            .filter(|name| text::is_word(name) && !name.starts_with("__"))
            .map(str::to_owned)
            .collect();
        package.depends.sort();
        package.depends.dedup();
        Some(package)
    }
}
