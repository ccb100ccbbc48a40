//! Installed npm packages: the `package.json` at the root of each.
//!
//! A package root is a folder directly below a modules folder, or below a scope (`@scope`) in one:
//! `node_modules/<name>/`, `node_modules/@scope/<name>/`. That covers nested packages, the stores of pnpm
//! (`node_modules/.pnpm/<id>/node_modules/<name>/`) and global ones. Debian keeps the same folders below
//! `usr/share/nodejs`, `usr/lib/nodejs` and `usr/lib/<machine>/nodejs`.
//! Any other `package.json` below a modules folder is a part of a package, often a test fixture with an
//! invented name, and is left out, except a copy that the package carries: in a folder with the copy's own name,
//! below one for copies (`next/dist/compiled/@babel/runtime/package.json`).
//!
//! A `package.json` that is in no modules folder belongs to the application or to something unpacked from an
//! archive (`opt/yarn-v1.22.19`). An application that was never published has a name that is free for
//! anybody to publish, and advisories for that name are not about it. So such a file counts only if it says
//! that it was made to be published: not `private`, and with `bin`, `files`, `publishConfig`, or the
//! `_id`/`_resolved` that older npm wrote on installation.
//! The peers (Syft, Trivy) report every `package.json` with a name and a version.
//!
//! Not here: lock files, which say what somebody meant to install.

use std::fmt;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::text;

/// Installed npm packages.
#[derive(Debug)]
pub struct Npm;

static META: Meta = Meta {
    id: "lang/npm",
    revision: 2,
    docs: "Reads `package.json` at the root of each installed npm package and of the copies in it: name, version, licences, author \
           and the names of its dependencies.",
    interest: Interest {
        paths: &[],
        names: &["package.json"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Npm {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let place = place(file.path.as_str());
        if place == Place::Inside {
            return;
        }
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("package.json is not in memory");
        };
        match parse(bytes) {
            Ok(manifest) => state(&manifest, place, file.path.as_str(), sink),
            // Outside of a modules folder the file may be a template or anything else.
            Err(error) if place == Place::Package => {
                sink.unreadable(format!("package.json cannot be read: {error}"));
            }
            Err(_) => {}
        }
    }
}

/// States the package whose `package.json` this is.
pub(super) fn state_installed(bytes: &[u8], sink: &mut Sink<'_>) {
    match parse(bytes) {
        Ok(manifest) => state(&manifest, Place::Package, "", sink),
        Err(error) => sink.unreadable(format!("package.json cannot be read: {error}")),
    }
}

/// Where a `package.json` lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the root of an installed package.
    Package,
    /// In an installed package, below a folder for copies of others.
    Copy,
    /// A part of an installed package or of its documentation.
    Inside,
    /// In no modules folder.
    Outside,
}

fn place(path: &str) -> Place {
    let Some(below) = below_modules(path) else {
        // Distributions put copies among the documentation, where nothing imports them.
        return if path.starts_with("usr/share/doc/") {
            Place::Inside
        } else {
            Place::Outside
        };
    };
    let mut parts = below.split('/');
    let mut name = parts.next().unwrap_or_default();
    if name.starts_with('@') {
        name = parts.next().unwrap_or_default();
    }
    let root = parts.next() == Some("package.json") && parts.next().is_none();
    if root && !name.is_empty() {
        return Place::Package;
    }
    let mut folders: Vec<&str> = below.split('/').skip(1).collect();
    // The file itself and the folder that has to have the package's name.
    folders.truncate(folders.len().saturating_sub(2));
    let test = |folder: &&str| matches!(*folder, "test" | "tests" | "__tests__" | "fixtures");
    if folders.iter().any(|folder| COPIES.contains(folder)) && !folders.iter().any(test) {
        Place::Copy
    } else {
        Place::Inside
    }
}

/// What packages call the folder in which they carry copies of others.
const COPIES: [&str; 6] = [
    "bundled",
    "compiled",
    "third_party",
    "vendor",
    "vendored",
    "vendors",
];

/// Whether the folder of a `package.json` has the name of the package.
fn is_folder_of(path: &str, name: &str) -> bool {
    path.strip_suffix("/package.json")
        .and_then(|folder| folder.strip_suffix(name))
        .is_some_and(|rest| rest.ends_with('/'))
}

/// What is below the innermost modules folder.
fn below_modules(path: &str) -> Option<&str> {
    const NODE: &str = "node_modules/";
    if let Some(at) = path.rfind(NODE)
        && (at == 0 || path.as_bytes().get(at.saturating_sub(1)) == Some(&b'/'))
    {
        return path.get(at.saturating_add(NODE.len())..);
    }
    if let Some(below) = path.strip_prefix("usr/share/nodejs/") {
        return Some(below);
    }
    let lib = path.strip_prefix("usr/lib/")?;
    lib.strip_prefix("nodejs/").or_else(|| {
        let (machine, below) = lib.split_once('/')?;
        below
            .strip_prefix("nodejs/")
            .filter(|_| machine.contains("-linux-"))
    })
}

/// The fields that matter; each as it stands, since authors write what they like.
#[derive(Debug, Default)]
struct Manifest {
    name: Value,
    version: Value,
    private: Value,
    license: Value,
    licenses: Value,
    author: Value,
    dependencies: Value,
    optional: Value,
    made_to_be_published: bool,
}

fn parse(bytes: &[u8]) -> Result<Manifest, serde_json::Error> {
    // npm and Node ignore a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut reader = serde_json::Deserializer::from_str(&text);
    let manifest = reader.deserialize_map(ManifestVisitor)?;
    reader.end()?;
    Ok(manifest)
}

/// Keeps the last of equal keys, as JavaScript does, and skips what nobody asked for without building it.
struct ManifestVisitor;

impl<'de> Visitor<'de> for ManifestVisitor {
    type Value = Manifest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Manifest, A::Error> {
        let mut manifest = Manifest::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let field = match key.as_ref() {
                "name" => &mut manifest.name,
                "version" => &mut manifest.version,
                "private" => &mut manifest.private,
                "license" => &mut manifest.license,
                "licenses" => &mut manifest.licenses,
                "author" => &mut manifest.author,
                "dependencies" => &mut manifest.dependencies,
                "optionalDependencies" => &mut manifest.optional,
                "bin" | "files" | "publishConfig" | "_id" | "_resolved" => {
                    manifest.made_to_be_published = true;
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = map.next_value()?;
        }
        Ok(manifest)
    }
}

fn state(manifest: &Manifest, place: Place, path: &str, sink: &mut Sink<'_>) {
    let (Some(name), Some(version)) = (manifest.name.as_str(), manifest.version.as_str()) else {
        // npm installs nothing without both; such files mark folders as modules or are fixtures.
        return;
    };
    let private =
        matches!(&manifest.private, Value::Bool(true)) || manifest.private.as_str() == Some("true");
    if place == Place::Outside && (private || !manifest.made_to_be_published) {
        return;
    }
    if place == Place::Copy && !is_folder_of(path, name) {
        return;
    }
    let version = clean_version(version);
    if !is_name(name) || !is_version(version) {
        if place == Place::Package {
            sink.unreadable(format!(
                "`{}` `{}` is not a name and a version of npm",
                text::statement(name).unwrap_or_default(),
                text::statement(version).unwrap_or_default()
            ));
        }
        return;
    }
    let mut package = PackageFact::new(Ecosystem::Npm, name, version);
    if place == Place::Copy {
        package.evidence = EvidenceKind::Vendored;
    }
    add_licenses(&manifest.license, &mut package.licenses);
    add_licenses(&manifest.licenses, &mut package.licenses);
    package.maker = person(&manifest.author);
    package.depends = [&manifest.dependencies, &manifest.optional]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(serde_json::Map::keys)
        .filter(|name| is_name(name))
        .cloned()
        .collect();
    package.depends.sort();
    package.depends.dedup();
    sink.package(package);
}

/// npm cleans versions before it compares them: space, `=` and `v` in front go (`semver.clean`).
pub(super) fn clean_version(version: &str) -> &str {
    version
        .trim()
        .trim_start_matches(|c: char| c == '=' || c == 'v' || c.is_whitespace())
}

/// Names as `validate-npm-package-name` accepts them for packages that exist, the old ones among them.
pub(super) fn is_name(name: &str) -> bool {
    let bare = match name.strip_prefix('@') {
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, bare)) if !scope.is_empty() => bare,
            _ => return false,
        },
        None => name,
    };
    text::is_word(name) && !bare.is_empty() && !bare.starts_with('.') && !bare.contains(['/', '\\'])
}

pub(super) fn is_version(version: &str) -> bool {
    text::is_word(version)
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
}

/// Licences as npm has known them: a text, `{type, url}`, or a list of either.
pub(super) fn add_licenses(value: &Value, licenses: &mut Vec<String>) {
    match value {
        Value::String(license) => text::add(licenses, text::statement(license)),
        Value::Object(fields) => {
            let name = fields.get("type").or_else(|| fields.get("name"));
            text::add(
                licenses,
                name.and_then(Value::as_str).and_then(text::statement),
            );
        }
        Value::Array(list) => {
            for value in list.iter().filter(|value| !value.is_array()).take(32) {
                add_licenses(value, licenses);
            }
        }
        _ => {}
    }
}

/// A person as npm writes one: `Name <address> (site)`, or an object with these parts.
fn person(value: &Value) -> Option<String> {
    match value {
        Value::String(person) => text::statement(person),
        Value::Object(fields) => {
            let part = |key| {
                fields
                    .get(key)
                    .and_then(Value::as_str)
                    .and_then(text::statement)
            };
            match (part("name"), part("email")) {
                (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
                (name, email) => name.or(email),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_roots_of_packages_are_packages() {
        for (path, expected) in [
            ("node_modules/a/package.json", Place::Package),
            ("app/node_modules/@s/a/package.json", Place::Package),
            (
                "app/node_modules/a/node_modules/b/package.json",
                Place::Package,
            ),
            (
                "app/node_modules/.pnpm/a@1/node_modules/a/package.json",
                Place::Package,
            ),
            (
                "usr/local/lib/node_modules/npm/package.json",
                Place::Package,
            ),
            ("usr/share/nodejs/@babel/core/package.json", Place::Package),
            (
                "usr/share/nodejs/a/node_modules/b/package.json",
                Place::Package,
            ),
            (
                "usr/lib/x86_64-linux-gnu/nodejs/a/package.json",
                Place::Package,
            ),
            ("usr/lib/nodejs/a/package.json", Place::Package),
            ("node_modules/a/test/package.json", Place::Inside),
            ("node_modules/a/dist/cjs/package.json", Place::Inside),
            ("node_modules/package.json", Place::Inside),
            ("node_modules/@s/package.json", Place::Inside),
            ("usr/share/nodejs/a/test/b/package.json", Place::Inside),
            ("usr/share/doc/node-a/package.json", Place::Inside),
            (
                "node_modules/next/dist/compiled/@s/a/package.json",
                Place::Copy,
            ),
            ("node_modules/a/vendor/b/package.json", Place::Copy),
            ("node_modules/a/vendor/package.json", Place::Inside),
            ("node_modules/a/test/vendor/b/package.json", Place::Inside),
            ("app/package.json", Place::Outside),
            ("old_node_modules/a/package.json", Place::Outside),
            ("package.json", Place::Outside),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
    }

    #[test]
    fn copies_lie_in_a_folder_of_their_own_name() {
        let path = "node_modules/next/dist/compiled/@babel/runtime/package.json";
        assert!(is_folder_of(path, "@babel/runtime"));
        assert!(is_folder_of(path, "runtime"));
        assert!(!is_folder_of(path, "time"));
        assert!(!is_folder_of(path, "other"));
        assert!(!is_folder_of("a/package.json", "a"));
    }

    #[test]
    fn last_of_equal_keys_wins_as_in_javascript() {
        let manifest = parse(br#"{"version":"1.0.0","version":"2.0.0"}"#).unwrap();
        assert_eq!(manifest.version, "2.0.0");
    }

    #[test]
    fn names_and_versions_are_those_of_npm() {
        for (name, valid) in [
            ("lodash", true),
            ("@types/node", true),
            ("JSONStream", true),
            ("a b", false),
            ("", false),
            ("@x", false),
            ("@/x", false),
            ("a/b", false),
            (".bin", false),
        ] {
            assert_eq!(is_name(name), valid, "{name}");
        }
        for (version, valid) in [
            ("1.2.3", true),
            ("1.2.3-beta.1+build", true),
            ("%VERSION%", false),
            ("workspace:*", false),
            ("", false),
        ] {
            assert_eq!(is_version(clean_version(version)), valid, "{version}");
        }
        assert_eq!(clean_version(" =v1.2.3"), "1.2.3");
    }
}
