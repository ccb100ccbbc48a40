//! The package ecosystems, one row each.

use plimsoll_version::Scheme;
use serde::{Deserialize, Serialize};

/// Whether an ecosystem is that of an operating system or of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Packages of a distribution, judged by its own advisories.
    Os,
    /// Packages of a programming language, judged by that language's advisories.
    Language,
    /// Packages for which nobody publishes advisories by name; that they were not judged is said.
    Artefact,
}

/// What is true of a whole ecosystem.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// Package URL type (purl specification, `PURL-TYPES`; where it has none, the one that SBOM writers use).
    pub purl_type: &'static str,
    /// Name in OSV records; `None` where it depends on the distribution, or where there are none.
    pub osv_name: Option<&'static str>,
    /// How versions are ordered.
    pub scheme: Scheme,
    /// Name for people.
    pub display: &'static str,
    /// Whether these are packages of an operating system.
    pub kind: Kind,
}

/// One row an ecosystem: variant, purl type, OSV name, scheme, name for people, kind, and what it is.
macro_rules! ecosystems {
    ($($variant:ident, $purl:literal, $osv:expr, $scheme:ident, $display:literal, $kind:ident, $about:literal;)+) => {
        /// Where a package comes from.
        ///
        /// A closed enumeration with one [`Row`] each, so that no writer or matcher has a list of its own.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum Ecosystem {
            $(#[doc = $about] $variant,)+
        }

        impl Ecosystem {
            /// Every ecosystem, in the order of the enumeration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The ecosystem's row.
            #[must_use]
            pub fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        ecosystem: self,
                        purl_type: $purl,
                        osv_name: $osv,
                        scheme: Scheme::$scheme,
                        display: $display,
                        kind: Kind::$kind,
                    },)+
                }
            }
        }
    };
}

ecosystems! {
    Deb, "deb", None, Deb, "Debian package", Os, "Debian and its derivatives.";
    Apk, "apk", None, Apk, "Alpine package", Os, "Alpine, Wolfi, Chainguard.";
    Rpm, "rpm", None, Rpm, "RPM package", Os, "RHEL, Fedora, SUSE, Amazon, Azure Linux and their relatives.";
    Npm, "npm", Some("npm"), Npm, "npm package", Language, "JavaScript packages of npm.";
    Pypi, "pypi", Some("PyPI"), Pep440, "Python package", Language, "Python packages of `PyPI`.";
    Go, "golang", Some("Go"), Go, "Go module", Language, "Go modules.";
    Cargo, "cargo", Some("crates.io"), Semver, "Rust crate", Language, "Rust crates.";
    Maven, "maven", Some("Maven"), Maven, "Java artefact", Language, "Java artefacts, named `group:artifact`.";
    Gem, "gem", Some("RubyGems"), Gem, "Ruby gem", Language, "Ruby gems.";
    Composer, "composer", Some("Packagist"), Composer, "PHP package", Language, "PHP packages of Composer.";
    Nuget, "nuget", Some("NuGet"), Nuget, ".NET package", Language, ".NET packages.";
    Alpm, "alpm", None, Pacman, "pacman package", Os, "Arch Linux and its derivatives, installed by pacman.";
    Portage, "ebuild", None, Portage, "Gentoo package", Os, "Gentoo and its derivatives, named `category/package`.";
    Opkg, "opkg", None, Deb, "opkg package", Os, "`OpenWrt` and Yocto, installed by opkg.";
    Nix, "nix", None, Semver, "Nix package", Os, "Paths of the Nix store.";
    Snap, "snap", None, Semver, "snap", Os, "Snaps.";
    Brew, "brew", None, Semver, "Homebrew formula", Artefact, "Formulae of Homebrew.";
    Conda, "conda", None, Pep440, "conda package", Artefact, "Packages of conda, whatever their language.";
    Bitnami, "bitnami", Some("Bitnami"), Semver, "Bitnami component", Language, "Components of Bitnami images.";
    Generic, "generic", None, Semver, "program", Artefact, "Programs without a package, recognised by their bytes.";
    Pub, "pub", Some("Pub"), Pub, "Dart package", Language, "Dart packages.";
    Hex, "hex", Some("Hex"), Hex, "Hex package", Language, "Elixir and Erlang packages of Hex.";
    Otp, "otp", None, Semver, "Erlang application", Artefact, "Applications of an Erlang release.";
    Swift, "swift", Some("SwiftURL"), Swift, "Swift package", Language, "Swift packages, named by repository.";
    Cocoapods, "cocoapods", None, Semver, "pod", Artefact, "Pods of `CocoaPods`.";
    Hackage, "hackage", Some("Hackage"), Hackage, "Haskell package", Language, "Haskell packages.";
    Opam, "opam", None, Deb, "OCaml package", Artefact, "OCaml packages.";
    Cran, "cran", Some("CRAN"), Cran, "R package", Language, "R packages.";
    Luarocks, "luarocks", None, Semver, "Lua rock", Artefact, "Lua rocks.";
    Julia, "julia", None, Semver, "Julia package", Artefact, "Julia packages.";
    Cpan, "cpan", None, Semver, "Perl distribution", Artefact, "Perl distributions.";
    Swipl, "swiplpack", None, Semver, "Prolog pack", Artefact, "Packs of SWI-Prolog.";
    Nimble, "nim", None, Semver, "Nim package", Artefact, "Nim packages.";
    Conan, "conan", None, Conan, "Conan package", Artefact, "C and C++ packages of Conan.";
    Vcpkg, "vcpkg", None, Semver, "vcpkg package", Artefact, "C and C++ packages of vcpkg.";
    Pear, "pear", None, Composer, "PEAR package", Artefact, "PHP packages of PEAR and PECL.";
    Wordpress, "wordpress-plugin", None, Semver, "WordPress plugin", Artefact, "Plugins and themes of `WordPress`.";
    Actions, "githubactions", Some("GitHub Actions"), Semver, "GitHub action", Language, "Actions of GitHub workflows, named `owner/repository`.";
    Terraform, "terraform", None, Semver, "Terraform provider", Artefact, "Providers of Terraform.";
    Model, "huggingface", None, Semver, "model", Artefact, "Files of AI models.";
}

impl Ecosystem {
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
