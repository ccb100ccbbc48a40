//! Requirement files of pip, `*requirements.txt`: only what is pinned to one version.
//!
//! A line is a requirement (PEP 508) with options after it ("Requirements File Format", pip's documentation).
//! `name==1.2.3` says which version was meant; anything looser says nothing about this image. A comment begins
//! at the start of a line or after a space, and a line ending in a backslash goes on.
//! A marker that asks for another system than Linux takes the line out, except in images of Windows, whose files are
//! all below `Files`.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;
use super::python::leading_name;

/// Requirement files of pip.
#[derive(Debug)]
pub struct Requirements;

static META: Meta = Meta {
    id: "lang/requirements",
    revision: 2,
    docs: "Reads `*requirements.txt` of pip, except those inside of a package, and states what is pinned to one \
           version (`==` or `===`).",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("", "requirements.txt")],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Requirements {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut listing = Listing::new(Ecosystem::Pypi, EvidenceKind::Locked);
        let is_windows = file.path.as_str().starts_with("Files/");
        let mut goes_on = false;
        for line in text.lines() {
            let continued = goes_on;
            goes_on = line.ends_with('\\');
            if let Some((name, version)) = pinned(line).filter(|_| !continued)
                && (is_windows || !is_elsewhere(line))
            {
                listing.add(&name, version);
            }
        }
        listing.state(sink);
    }
}

/// Name and version of a line that pins one.
fn pinned(line: &str) -> Option<(String, &str)> {
    let line = line.split(" #").next()?.trim();
    let name = leading_name(line)?;
    let rest = line.get(name.len()..)?.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    let rest = rest
        .strip_prefix("===")
        .or_else(|| rest.strip_prefix("=="))?;
    let version = rest.trim_start();
    let end = version
        .find([' ', ';', '\t', '\\'])
        .unwrap_or(version.len());
    let version = version.get(..end)?;
    let is_one = !version.is_empty()
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!' | '-' | '_'));
    is_one.then_some((name, version))
}

/// Whether the marker of a line (PEP 508, "Environment Markers") holds on no Linux: one of its conditions, all of which
/// must hold, names another system.
fn is_elsewhere(line: &str) -> bool {
    let marker = line.split_once(';').map_or("", |(_, marker)| marker);
    if marker.contains(" or ") {
        return false;
    }
    marker.split(" and ").any(|condition| {
        let Some((asked, value)) = condition.split_once("==") else {
            return false;
        };
        let asked = asked.trim().trim_start_matches('(');
        let mut value = value.trim_start().split(['\'', '"']);
        matches!(asked, "sys_platform" | "platform_system" | "os_name")
            && value.next() == Some("")
            && value.next().is_some_and(|value| {
                let others = ["win32", "cygwin", "windows", "nt", "darwin"];
                others.iter().any(|other| value.eq_ignore_ascii_case(other))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_version_is_a_pin() {
        for (line, expected) in [
            ("requests==2.31.0", Some(("requests", "2.31.0"))),
            (
                "uvicorn[standard] == 0.20 ; python_version > '3'  # why",
                Some(("uvicorn", "0.20")),
            ),
            ("a===1.0+local \\", Some(("a", "1.0+local"))),
            ("a==1.0 --hash=sha256:00", Some(("a", "1.0"))),
            ("a==1.*", None),
            ("a==1.0,<2", None),
            ("a>=1.0", None),
            ("a", None),
            ("# a==1.0", None),
            ("-r other.txt", None),
            ("--hash=sha256:00", None),
            ("a @ https://example.org/a==1.0", None),
            ("a=={{ version }}", None),
            ("", None),
        ] {
            let got = pinned(line);
            let got = got
                .as_ref()
                .map(|(name, version)| (name.as_str(), *version));
            assert_eq!(got, expected, "{line}");
        }
    }

    #[test]
    fn markers_may_ask_for_another_system() {
        for (marker, expected) in [
            ("sys_platform == 'win32'", true),
            (
                "(platform_system == \"Windows\") and python_version > '3'",
                true,
            ),
            ("os_name=='nt' --hash=sha256:00", true),
            ("sys_platform == 'darwin'", true),
            ("sys_platform == 'linux'", false),
            ("sys_platform != 'win32'", false),
            ("sys_platform == 'win32' or python_version < '3'", false),
            ("extra == 'nt'", false),
            ("", false),
        ] {
            assert_eq!(
                is_elsewhere(&format!("a==1 ; {marker}")),
                expected,
                "{marker}"
            );
        }
    }
}
