//! The package ecosystems, one row each.

use plimsoll_version::Scheme;
use serde::{Deserialize, Serialize};

/// Where a package comes from.
///
/// A closed enumeration with one [`Row`] each, so that no writer or matcher has a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// Debian and its derivatives.
    Deb,
    /// Alpine, Wolfi, Chainguard.
    Apk,
    /// RHEL, Fedora, SUSE, Amazon, Azure Linux and their relatives.
    Rpm,
    /// JavaScript packages of npm.
    Npm,
    /// Python packages of `PyPI`.
    Pypi,
    /// Go modules.
    Go,
    /// Rust crates.
    Cargo,
    /// Java artefacts, named `group:artifact`.
    Maven,
    /// Ruby gems.
    Gem,
    /// PHP packages of Composer.
    Composer,
    /// .NET packages.
    Nuget,
}

/// What is true of a whole ecosystem.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// Package URL type (purl specification, `PURL-TYPES`).
    pub purl_type: &'static str,
    /// Name in OSV records; `None` where it depends on the distribution.
    pub osv_name: Option<&'static str>,
    /// How versions are ordered.
    pub scheme: Scheme,
    /// Name for people.
    pub display: &'static str,
    /// Whether these are packages of an operating system.
    pub kind: Kind,
}

/// Whether an ecosystem is that of an operating system or of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Packages of a distribution, judged by its own advisories.
    Os,
    /// Packages of a programming language, judged by that language's advisories.
    Language,
}

impl Ecosystem {
    /// Every ecosystem, in the order of the enumeration.
    pub const ALL: [Self; 11] = [
        Self::Deb,
        Self::Apk,
        Self::Rpm,
        Self::Npm,
        Self::Pypi,
        Self::Go,
        Self::Cargo,
        Self::Maven,
        Self::Gem,
        Self::Composer,
        Self::Nuget,
    ];

    /// The ecosystem's row.
    #[must_use]
    pub fn row(self) -> Row {
        let (purl_type, osv_name, scheme, display, kind) = match self {
            Self::Deb => ("deb", None, Scheme::Deb, "Debian package", Kind::Os),
            Self::Apk => ("apk", None, Scheme::Apk, "Alpine package", Kind::Os),
            Self::Rpm => ("rpm", None, Scheme::Rpm, "RPM package", Kind::Os),
            Self::Npm => (
                "npm",
                Some("npm"),
                Scheme::Npm,
                "npm package",
                Kind::Language,
            ),
            Self::Pypi => (
                "pypi",
                Some("PyPI"),
                Scheme::Pep440,
                "Python package",
                Kind::Language,
            ),
            Self::Go => (
                "golang",
                Some("Go"),
                Scheme::Go,
                "Go module",
                Kind::Language,
            ),
            Self::Cargo => (
                "cargo",
                Some("crates.io"),
                Scheme::Semver,
                "Rust crate",
                Kind::Language,
            ),
            Self::Maven => (
                "maven",
                Some("Maven"),
                Scheme::Maven,
                "Java artefact",
                Kind::Language,
            ),
            Self::Gem => (
                "gem",
                Some("RubyGems"),
                Scheme::Gem,
                "Ruby gem",
                Kind::Language,
            ),
            Self::Composer => (
                "composer",
                Some("Packagist"),
                Scheme::Composer,
                "PHP package",
                Kind::Language,
            ),
            Self::Nuget => (
                "nuget",
                Some("NuGet"),
                Scheme::Nuget,
                ".NET package",
                Kind::Language,
            ),
        };
        Row {
            ecosystem: self,
            purl_type,
            osv_name,
            scheme,
            display,
            kind,
        }
    }

    /// Whether these are packages of an operating system.
    #[must_use]
    pub fn is_os(self) -> bool {
        self.row().kind == Kind::Os
    }

    /// The name by which packages of this ecosystem are compared, where several spellings mean one package:
    /// PEP 503 for `PyPI`, lower case for NuGet and Composer.
    #[must_use]
    pub fn normal_name(self, name: &str) -> String {
        match self {
            Self::Pypi => {
                let mut out = String::with_capacity(name.len());
                for c in name.chars() {
                    if matches!(c, '-' | '_' | '.') {
                        if !out.ends_with('-') {
                            out.push('-');
                        }
                    } else {
                        out.extend(c.to_lowercase());
                    }
                }
                out
            }
            Self::Nuget | Self::Composer => name.to_lowercase(),
            _ => name.to_owned(),
        }
    }
}
