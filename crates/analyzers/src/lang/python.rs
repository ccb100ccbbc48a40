//! Installed Python packages: `METADATA` and `PKG-INFO`.
//!
//! Both are RFC 822 headers with an optional body ("Core metadata specifications", Python Packaging User
//! Guide); only the headers are read. They lie in `*.dist-info/` ("Recording installed projects"), in
//! `*.egg-info/` or as a plain file `*.egg-info` (setuptools and distutils), and in `EGG-INFO/` of an
//! unpacked egg.
//! `pip/_vendor/vendor.txt` and metadata below a `_vendor` folder tell of copies that only their owner
//! imports; they are stated as vendored.
//!
//! Names are kept as written; PEP 503 is the ecosystem's matter. Not here: requirement and lock files.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::text;

/// Installed Python packages.
#[derive(Debug)]
pub struct Python;

static META: Meta = Meta {
    id: "lang/python",
    revision: 2,
    docs: "Reads the metadata of installed Python packages (`METADATA`, `PKG-INFO`): name, version, \
           licences, author and the names of its requirements; and the list of what pip has vendored.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".egg-info"],
        under: &[
            ("", ".dist-info/METADATA"),
            ("", ".DIST-INFO/METADATA"),
            ("", ".egg-info/PKG-INFO"),
            ("", "/EGG-INFO/PKG-INFO"),
            ("", "/pip/_vendor/vendor.txt"),
        ],
        executables: Executables::Ignored,
    },
    // Within what is handed over in memory.
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Python {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("metadata is not in memory");
        };
        let path = file.path.as_str();
        if path.ends_with("/vendor.txt") {
            return state_vendored(bytes, sink);
        }
        state_installed(path, bytes, sink);
    }
}

/// States the package whose metadata this is.
pub(super) fn state_installed(path: &str, bytes: &[u8], sink: &mut Sink<'_>) {
    let headers = Headers::parse(bytes);
    let Some(mut package) = package(path, &headers, sink) else {
        return;
    };
    if path.split('/').any(|part| part == "_vendor") {
        package.evidence = EvidenceKind::Vendored;
    }
    sink.package(package);
}

/// The headers that matter.
#[derive(Debug, Default)]
struct Headers {
    name: Option<String>,
    version: Option<String>,
    license: Option<String>,
    license_expression: Option<String>,
    classifiers: Vec<String>,
    author: Option<String>,
    author_email: Option<String>,
    requires: Vec<String>,
}

/// Longest value of a header that is looked at, in bytes; longer ones are licence texts.
const LONGEST_VALUE: usize = 4096;

/// Most values that are kept of a header that may be repeated.
const MOST_VALUES: usize = 4096;

impl Headers {
    fn parse(bytes: &[u8]) -> Self {
        let mut headers = Self::default();
        let mut open: Option<(&[u8], Vec<u8>)> = None;
        for line in bytes.split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = &mut open
                    && value.len() < LONGEST_VALUE
                {
                    value.push(b'\n');
                    value.extend_from_slice(line.trim_ascii());
                }
                continue;
            }
            if let Some((name, value)) = open.take() {
                headers.set(name, &value);
            }
            if let Some(colon) = line.iter().position(|&byte| byte == b':') {
                let (name, rest) = line.split_at(colon);
                let value = rest.get(1..).unwrap_or_default().trim_ascii();
                open = Some((name, value.to_vec()));
            }
        }
        if let Some((name, value)) = open {
            headers.set(name, &value);
        }
        headers
    }

    fn set(&mut self, name: &[u8], value: &[u8]) {
        let value = || String::from_utf8_lossy(value).into_owned();
        let name = name.to_ascii_lowercase();
        match name.as_slice() {
            b"name" => _ = self.name.get_or_insert_with(value),
            b"version" => _ = self.version.get_or_insert_with(value),
            b"license" => _ = self.license.get_or_insert_with(value),
            b"license-expression" => _ = self.license_expression.get_or_insert_with(value),
            b"author" => _ = self.author.get_or_insert_with(value),
            b"author-email" => _ = self.author_email.get_or_insert_with(value),
            b"classifier" if self.classifiers.len() < MOST_VALUES => self.classifiers.push(value()),
            b"requires-dist" if self.requires.len() < MOST_VALUES => self.requires.push(value()),
            _ => {}
        }
    }

    /// The expression if there is one, since it is exact; else the free text and the classifiers.
    fn licenses(&self) -> Vec<String> {
        let mut licenses = Vec::new();
        if let Some(expression) = self.license_expression.as_deref().and_then(text::statement) {
            licenses.push(expression);
            return licenses;
        }
        text::add(
            &mut licenses,
            self.license.as_deref().and_then(text::statement),
        );
        for classifier in &self.classifiers {
            // `License :: OSI Approved :: MIT License`; the middle alone says nothing.
            if let Some(license) = classifier.strip_prefix("License ::")
                && let Some(last) = license.rsplit("::").next().and_then(text::statement)
                && last != "OSI Approved"
            {
                text::add(&mut licenses, Some(last));
            }
        }
        licenses
    }

    fn maker(&self) -> Option<String> {
        let name = self.author.as_deref().and_then(text::statement);
        let address = self.author_email.as_deref().and_then(text::statement);
        match (name, address) {
            (Some(name), Some(address)) if !address.contains('<') => {
                Some(format!("{name} <{address}>"))
            }
            (name, address) => name.or(address),
        }
    }

    /// Names that are required without an extra being asked for (PEP 508).
    fn depends(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .requires
            .iter()
            .filter_map(|requirement| {
                let (what, marker) = requirement.split_once(';').unwrap_or((requirement, ""));
                if marker.contains("extra") {
                    return None;
                }
                leading_name(what)
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The name in front of extras, versions and spaces: letters, digits, `.`, `-`, `_` (PEP 508).
pub(super) fn leading_name(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
        .unwrap_or(text.len());
    text.get(..end)
        .filter(|name| text::is_word(name))
        .map(str::to_owned)
}

fn package(path: &str, headers: &Headers, sink: &mut Sink<'_>) -> Option<PackageFact> {
    let word = |value: &Option<String>| {
        value
            .as_deref()
            .map(str::trim)
            .filter(|value| text::is_word(value))
            .map(str::to_owned)
    };
    let (name, version) = match (word(&headers.name), word(&headers.version)) {
        (Some(name), Some(version)) => (name, version),
        (name, version) => {
            sink.unreadable("the metadata has no valid `Name` and `Version`");
            let (folder_name, folder_version) = from_folder(path);
            (name.or(folder_name)?, version.or(folder_version)?)
        }
    };
    let mut package = PackageFact::new(Ecosystem::Pypi, name, version);
    package.licenses = headers.licenses();
    package.maker = headers.maker();
    package.depends = headers.depends();
    Some(package)
}

/// Name and version as the folder or file says them, which is where pip looks:
/// `<name>-<version>.dist-info`, `<name>-<version>-py3.11.egg-info`, `<name>-<version>-py3.11.egg`.
fn from_folder(path: &str) -> (Option<String>, Option<String>) {
    let stem = path.rsplit('/').find_map(|part| {
        let (stem, end) = part.rsplit_once('.')?;
        (end.eq_ignore_ascii_case("dist-info") || matches!(end, "egg-info" | "egg")).then_some(stem)
    });
    let Some(stem) = stem else {
        return (None, None);
    };
    let mut parts = stem.split('-');
    let mut word = || {
        parts
            .next()
            .filter(|part| text::is_word(part))
            .map(str::to_owned)
    };
    (word(), word())
}

/// Lines such as `    urllib3==1.26.20  # comment`, written by the `vendoring` tool.
fn state_vendored(bytes: &[u8], sink: &mut Sink<'_>) {
    for line in String::from_utf8_lossy(bytes).lines().take(MOST_VALUES) {
        let line = line.split('#').next().unwrap_or_default();
        let line = line.split(';').next().unwrap_or_default();
        let Some((name, version)) = line.split_once("==") else {
            continue;
        };
        let version = version.trim();
        if let Some(name) = leading_name(name)
            && text::is_word(version)
        {
            let mut package = PackageFact::new(Ecosystem::Pypi, name, version);
            package.evidence = EvidenceKind::Vendored;
            sink.package(package);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_end_at_the_empty_line() {
        let headers = Headers::parse(b"Name: a\nVersion: 1\n\nVersion: 2\nLicense: no\n");
        assert_eq!(headers.version.as_deref(), Some("1"));
        assert_eq!(headers.license, None);
    }

    #[test]
    fn first_name_wins_and_case_does_not_matter() {
        let headers = Headers::parse(b"name: a\r\nNAME: b\r\n");
        assert_eq!(headers.name.as_deref(), Some("a"));
    }

    #[test]
    fn folded_licence_texts_give_their_first_line() {
        let headers = Headers::parse(
            b"License: MIT License\n        \n        Permission is hereby granted\nClassifier: License :: OSI Approved :: MIT License\n",
        );
        assert_eq!(headers.licenses(), ["MIT License"]);
    }

    #[test]
    fn requirements_of_extras_are_left_out() {
        let headers = Headers::parse(
            b"Requires-Dist: charset-normalizer<4,>=2\nRequires-Dist: PySocks!=1.5.7; extra == 'socks'\nRequires-Dist: zope.interface[test] (>=1) ; python_version < '3'\n",
        );
        assert_eq!(headers.depends(), ["charset-normalizer", "zope.interface"]);
    }

    #[test]
    fn folder_names_give_name_and_version() {
        let word = |text: &str| Some(text.to_owned());
        assert_eq!(
            from_folder("x/foo_bar-1.2.dist-info/METADATA"),
            (word("foo_bar"), word("1.2"))
        );
        assert_eq!(
            from_folder("x/foo-1.2-py3.9.egg-info"),
            (word("foo"), word("1.2"))
        );
        assert_eq!(
            from_folder("x/foo-1.2-py3.9.egg"),
            (word("foo"), word("1.2"))
        );
        assert_eq!(from_folder("x/foo.egg-info/PKG-INFO"), (word("foo"), None));
        assert_eq!(from_folder("EGG-INFO/PKG-INFO"), (None, None));
    }
}
