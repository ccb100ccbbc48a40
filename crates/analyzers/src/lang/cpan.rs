//! Installed distributions of CPAN: `.meta/<distribution>/install.json`.
//!
//! cpanm, Carton and cpm leave this file for each distribution that they install, below the folder of modules
//! for the machine (`App::cpanminus`, "install.json"). It is the only record with the distribution's own
//! name; the names of its modules are stated besides, since other records have those (`lang/perllocal`).

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{FactBody, PackageFact, Provided};
use plimsoll_model::{Ecosystem, Effect};
use serde_json::Value;

use super::{document, text};

/// Installed distributions of CPAN.
#[derive(Debug)]
pub struct Cpan;

static META: Meta = Meta {
    id: "lang/cpan",
    revision: 2,
    docs: "Reads `.meta/*/install.json`, which cpanm, Carton and cpm leave for each Perl distribution: name, \
           version and author's id.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/.meta/", "/install.json")],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Cpan {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(value) = document::json::<Value>(file, sink) else {
            return;
        };
        let field = |key| value.get(key).and_then(Value::as_str);
        let Some((name, version)) = field("dist").and_then(distribution) else {
            return sink.unreadable("the record says no distribution with name and version");
        };
        let mut package = PackageFact::new(Ecosystem::Cpan, name, version);
        package.maker = field("pathname").and_then(author).map(str::to_owned);
        let modules = value.get("provides").and_then(Value::as_object);
        let modules = modules.into_iter().flat_map(|modules| modules.keys());
        let mut names: Vec<String> = modules
            .map(String::as_str)
            .chain(field("name"))
            .map(|module| module.replace("::", "-"))
            .filter(|name| text::is_word(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            sink.fact(FactBody::Provides(Provided {
                ecosystem: Ecosystem::Cpan,
                package: package.name.clone(),
                names,
            }));
        }
        sink.package(package);
    }
}

/// `NAME-VERSION`; the version begins with a digit or `v` and a digit, and names have hyphens too.
fn distribution(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once('-')?;
    // Trial releases end in `-TRIAL`.
    let (name, version) = if version.starts_with("TRIAL") {
        let (name, _) = name.rsplit_once('-')?;
        (name, text.get(name.len().checked_add(1)?..)?)
    } else {
        (name, version)
    };
    let number = version.strip_prefix('v').unwrap_or(version);
    let valid = number.starts_with(|c: char| c.is_ascii_digit());
    (valid && !name.contains('/') && text::is_word(name) && text::is_word(version))
        .then_some((name, version))
}

/// The author's id in `E/ET/ETHER/Name-1.0.tar.gz`.
fn author(path: &str) -> Option<&str> {
    path.split('/').nth(2).filter(|id| text::is_word(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_have_name_and_version() {
        assert_eq!(
            distribution("HTTP-Tiny-0.088"),
            Some(("HTTP-Tiny", "0.088"))
        );
        assert_eq!(distribution("version-v1.2.3"), Some(("version", "v1.2.3")));
        assert_eq!(
            distribution("Moose-2.2200-TRIAL"),
            Some(("Moose", "2.2200-TRIAL"))
        );
        assert_eq!(distribution("Moose"), None);
        assert_eq!(distribution("a-b"), None);
    }
}
