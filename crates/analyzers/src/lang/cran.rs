//! Installed packages of R: `<library>/<name>/DESCRIPTION`.
//!
//! The file has fields as Debian's control files have them ("Writing R Extensions", 1.1.1). R adds `Built:` when
//! it installs a package; one without that field is the source of a package and no installed one.
//! Packages that are a part of R itself (`Priority: base`) have its version. One of them, `translations`, is
//! installed without `Built` and with `License: Part of R 4.5.0`.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::{document, text};

/// Installed packages of R.
#[derive(Debug)]
pub struct Cran;

static META: Meta = Meta {
    id: "lang/cran",
    revision: 2,
    docs: "Reads `DESCRIPTION` of each installed package of R: name, version, licence, maintainer and the names \
           of what it needs.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[
            ("**/library/", "/DESCRIPTION"),
            ("**/site-library/", "/DESCRIPTION"),
        ],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Cran {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let fields = fields(&text);
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.trim())
        };
        // Many other things are called `DESCRIPTION`.
        let installed = field("Built").is_some()
            || field("License").is_some_and(|license| license.starts_with("Part of R "));
        let Some(name) = field("Package").filter(|_| installed) else {
            if is_in_library(file.path.as_str()) {
                sink.unreadable("the description lacks `Package` or `Built`");
            }
            return;
        };
        let version = field("Version").unwrap_or_default();
        if !text::is_word(name) || !text::is_word(version) {
            return sink.unreadable("the description says no name and version");
        }
        let mut package = PackageFact::new(Ecosystem::Cran, name, version);
        text::add(
            &mut package.licenses,
            field("License").and_then(text::statement),
        );
        package.maker = field("Maintainer").and_then(text::statement);
        for needs in ["Depends", "Imports", "LinkingTo"] {
            package
                .depends
                .extend(names(field(needs).unwrap_or_default()));
        }
        package.depends.sort();
        package.depends.dedup();
        sink.package(package);
    }
}

/// `library/NAME/DESCRIPTION` or `site-library/NAME/DESCRIPTION`, where R and Debian install packages.
fn is_in_library(path: &str) -> bool {
    let folder = path.rsplit('/').nth(2);
    matches!(folder, Some("library" | "site-library"))
}

/// Fields and their values, lines that go on joined by spaces.
fn fields(text: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':') {
            fields.push((key, value.trim().to_owned()));
        }
    }
    fields
}

/// `R (>= 4.0), methods, Rcpp (>= 1.0)` without versions and without R itself.
fn names(list: &str) -> impl Iterator<Item = String> {
    list.split(',')
        .filter_map(|need| need.split(['(', ' ']).find(|part| !part.is_empty()))
        .filter(|name| *name != "R" && text::is_word(name))
        .map(str::to_owned)
}
