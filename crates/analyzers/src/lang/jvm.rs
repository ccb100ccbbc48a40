//! Java runtimes: the file `release` at the root of each.
//!
//! Source: JEP 223 and the JDK's build (`release` file): lines `KEY="value"`. Any file may be called
//! `release`; this one has `JAVA_VERSION` and `IMPLEMENTOR`. A runtime has no package of an ecosystem: its
//! name is `openjdk`, or what its maker calls it where that is another product, and the version is the
//! full one (`17.0.9+9`), as peers write it.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::text;

/// Java runtimes.
#[derive(Debug)]
pub struct Jvm;

static META: Meta = Meta {
    id: "lang/jvm",
    revision: 2,
    docs: "Reads the `release` file of Java runtimes: version and maker.",
    interest: Interest {
        paths: &[],
        names: &["release"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Jvm {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(content) = document::text(file, sink) else {
            return;
        };
        let value = |wanted: &str| {
            content.lines().find_map(|line| {
                let (key, value) = line.split_once('=')?;
                let value = value.trim().trim_matches('"');
                (key.trim() == wanted && !value.is_empty()).then_some(value)
            })
        };
        let Some(version) = value("JAVA_VERSION") else {
            return;
        };
        let full = value("JAVA_RUNTIME_VERSION").unwrap_or(version);
        // Java 8 wrote `1.8.0_392` and kept its build elsewhere.
        let full = if full.starts_with(|c: char| c.is_ascii_digit()) {
            full
        } else {
            version
        };
        let maker = value("IMPLEMENTOR");
        let mut list = Listing::new(Ecosystem::Generic, EvidenceKind::Installed);
        let name = if value("GRAALVM_VERSION").is_some() {
            "graalvm"
        } else if value("BUILD_TYPE") == Some("commercial")
            && maker.is_none_or(|maker| maker.starts_with("Oracle"))
        {
            // That of Java 8 names no maker.
            "jdk"
        } else {
            "openjdk"
        };
        list.add_with(name, full, |package| {
            package.maker = maker.and_then(text::statement);
        });
        list.state(sink);
    }
}
