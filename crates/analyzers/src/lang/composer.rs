//! PHP packages of Composer: what it installed, and its lock file.
//!
//! Composer writes `vendor/composer/installed.json` beside what it installed: a list of packages
//! (version 1), or an object with `packages` and `dev-package-names` (version 2). `composer.lock` has
//! `packages` and `packages-dev` of the same form.
//! The application itself is in neither. Versions are kept as tagged, with the `v` in front if there is one.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde_json::Value;

use super::document::{self, Listing};
use super::{lock, text};

/// What Composer installed.
#[derive(Debug)]
pub struct Composer;

static META: Meta = Meta {
    id: "lang/composer",
    revision: 1,
    docs: "Reads `composer/installed.json`, Composer's record of the PHP packages that it installed, in both \
           versions: names, versions, licences, authors, what each needs, and which are only for development.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("", "/composer/installed.json")],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

/// Composer's lock file.
#[derive(Debug)]
pub struct ComposerLock;

static LOCK_META: Meta = Meta {
    id: "lang/composer-lock",
    revision: 1,
    docs: "Reads `composer.lock`, except those inside of an installed package.",
    interest: Interest {
        paths: &[],
        names: &["composer.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Composer {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(value) = document::json::<Value>(file, sink) else {
            return;
        };
        let (packages, dev) = match &value {
            Value::Array(_) => (Some(&value), None),
            _ => (value.get("packages"), value.get("dev-package-names")),
        };
        let Some(packages) = packages.and_then(Value::as_array) else {
            return sink.unreadable("this is not a list of installed packages");
        };
        let dev: std::collections::HashSet<&str> = dev
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let scope = |name: &str| {
            if dev.contains(name) {
                Scope::Development
            } else {
                Scope::Runtime
            }
        };
        let mut listing = Listing::new(Ecosystem::Composer, EvidenceKind::Installed);
        add(packages, scope, &mut listing);
        listing.state(sink);
    }
}

impl Analyzer for ComposerLock {
    fn meta(&self) -> &'static Meta {
        &LOCK_META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if lock::came_with_a_package(path) || is_vendored(path) {
            return;
        }
        let Some(value) = document::json::<Value>(file, sink) else {
            return;
        };
        if value.get("packages").is_none() {
            return sink.unreadable("this is not a lock file of Composer");
        }
        let mut listing = Listing::new(Ecosystem::Composer, EvidenceKind::Locked);
        for (list, scope) in [
            ("packages", Scope::Runtime),
            ("packages-dev", Scope::Development),
        ] {
            if let Some(packages) = value.get(list).and_then(Value::as_array) {
                add(packages, |_| scope, &mut listing);
            }
        }
        listing.state(sink);
    }
}

/// Whether a lock file came with a package, `vendor/MAKER/NAME/…`.
fn is_vendored(path: &str) -> bool {
    path.split('/').rev().skip(3).any(|part| part == "vendor")
}

/// Adds the packages of one list.
fn add(packages: &[Value], scope: impl Fn(&str) -> Scope, listing: &mut Listing) {
    for value in packages {
        let field = |key| value.get(key).and_then(Value::as_str);
        let name = field("name").filter(|name| is_name(name));
        let (Some(name), Some(version)) = (name, field("version")) else {
            listing.add_invalid();
            continue;
        };
        listing.add_with(name, version, |package| {
            package.scope = scope(name);
            describe(value, package);
        });
    }
}

fn describe(value: &Value, package: &mut PackageFact) {
    match value.get("license") {
        Some(Value::String(license)) => {
            text::add(&mut package.licenses, text::statement(license));
        }
        Some(Value::Array(licenses)) => {
            for license in licenses.iter().filter_map(Value::as_str).take(32) {
                text::add(&mut package.licenses, text::statement(license));
            }
        }
        _ => {}
    }
    package.maker = value
        .get("authors")
        .and_then(|authors| authors.get(0)?.get("name")?.as_str())
        .and_then(text::statement);
    // What has no maker in its name is the platform: `php`, `ext-json`, `lib-pcre`.
    let needs = value.get("require").and_then(Value::as_object);
    let names = needs.into_iter().flat_map(serde_json::Map::keys);
    package.depends = names.filter(|name| is_name(name)).cloned().collect();
}

/// `maker/name`, the characters as Composer's schema has them.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    text::is_word(name)
        && name
            .split_once('/')
            .is_some_and(|(maker, name)| part(maker) && part(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_below_vendor_came_with_packages() {
        assert!(is_vendored("app/vendor/acme/tool/composer.lock"));
        assert!(!is_vendored("app/vendor/composer.lock"));
        assert!(!is_vendored("opt/vendor/app/composer.lock"));
    }

    #[test]
    fn names_have_a_maker() {
        assert!(is_name("symfony/http-kernel"));
        assert!(!is_name("php"));
        assert!(!is_name("ext-json"));
        assert!(!is_name("a/b/c"));
        assert!(!is_name("/b"));
    }
}
