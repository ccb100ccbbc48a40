//! The table of version schemes, and what is derived from it: [`Scheme`] and [`Version`].

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::{ParseVersionError, SchemeMismatch, UnknownScheme, scan};
use crate::{apk, composer, conan, cran, deb, gem, go, hackage, hex, kb, maven, npm, nuget};
use crate::{pacman, pep440, portage, pub_dev, rpm, semver, swift};

/// One row a scheme: variant, module, name, and what it is the order of.
macro_rules! schemes {
    ($($variant:ident, $module:ident, $name:literal, $about:literal;)+) => {
        /// A way to write versions and to order them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scheme {
            $(#[doc = $about] $variant,)+
        }

        impl Scheme {
            /// Every scheme, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The short name, as it is written in settings, files and on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What the scheme orders, in a few words.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $about,)+
                }
            }

            /// Reads a version of this scheme.
            pub fn parse(self, text: &str) -> Result<Version, ParseVersionError> {
                match self {
                    $(Self::$variant => text.parse().map(Version::$variant),)+
                }
            }

            /// Reads a version of this scheme without keeping its text.
            pub(crate) fn parts(self, text: &str) -> Result<Parts<'_>, ParseVersionError> {
                let parts = match scan::admit(text) {
                    Err(fault) => Err(fault),
                    Ok(()) => match self {
                        $(Self::$variant => $module::Parts::parse(text).map(Parts::$variant),)+
                    },
                };
                parts.map_err(|fault| ParseVersionError::new(self, text, fault))
            }
        }

        /// A version of a known scheme. It keeps the text as it was written.
        #[derive(Debug, Clone)]
        pub enum Version {
            $(#[doc = $about] $variant($module::$variant),)+
        }

        impl Version {
            /// The scheme whose order holds.
            #[must_use]
            pub fn scheme(&self) -> Scheme {
                match self {
                    $(Self::$variant(_) => Scheme::$variant,)+
                }
            }

            /// The version as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant(version) => version.as_str(),)+
                }
            }

            pub(crate) fn parts(&self) -> Parts<'_> {
                match self {
                    $(Self::$variant(version) => Parts::$variant(version.parts()),)+
                }
            }
        }

        /// A version taken apart, borrowed from its text: the form that is compared.
        #[derive(Debug)]
        pub(crate) enum Parts<'a> {
            $($variant($module::Parts<'a>),)+
        }

        impl Parts<'_> {
            /// `None` when the schemes differ.
            pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
                match (self, other) {
                    $((Self::$variant(left), Self::$variant(right)) => Some(left.compare(right)),)+
                    _ => None,
                }
            }
        }
    };
}

schemes! {
    Deb,      deb,      "deb",      "Debian packages";
    Rpm,      rpm,      "rpm",      "RPM packages";
    Apk,      apk,      "apk",      "Alpine and Wolfi packages";
    Semver,   semver,   "semver",   "Semantic Versioning 2.0.0, as crates.io uses it";
    Npm,      npm,      "npm",      "npm packages";
    Pep440,   pep440,   "pep440",   "Python packages";
    Maven,    maven,    "maven",    "Maven artifacts";
    Go,       go,       "go",       "Go modules and toolchains";
    Gem,      gem,      "gem",      "Ruby gems";
    Nuget,    nuget,    "nuget",    "NuGet packages";
    Composer, composer, "composer", "PHP packages of Composer";
    Pacman,   pacman,   "pacman",   "Arch Linux packages of pacman";
    Portage,  portage,  "portage",  "Gentoo packages";
    Hex,      hex,      "hex",      "Elixir and Erlang packages of Hex";
    Pub,      pub_dev,  "pub",      "Dart packages of pub.dev";
    Swift,    swift,    "swift",    "Swift packages";
    Cran,     cran,     "cran",     "R packages";
    Hackage,  hackage,  "hackage",  "Haskell packages";
    Conan,    conan,    "conan",    "C and C++ packages of Conan";
    Kb,       kb,       "kb",       "updates of Windows, by their number in Microsoft's Knowledge Base";
}

impl Scheme {
    /// Reads and compares two versions of this scheme. The error names the first that is none.
    pub fn compare(self, left: &str, right: &str) -> Result<Ordering, ParseVersionError> {
        let left = self.parts(left)?;
        let right = self.parts(right)?;
        // Both sides have this scheme, so there is always an order.
        Ok(left.compare(&right).unwrap_or(Ordering::Equal))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let row = Self::ALL.iter().find(|scheme| scheme.name() == name);
        row.copied().ok_or_else(|| UnknownScheme {
            name: name.to_owned(),
        })
    }
}

impl Version {
    /// Compares two versions of one scheme.
    pub fn compare(&self, other: &Self) -> Result<Ordering, SchemeMismatch> {
        self.parts()
            .compare(&other.parts())
            .ok_or_else(|| SchemeMismatch {
                left: self.to_string(),
                left_scheme: self.scheme(),
                right: other.to_string(),
                right_scheme: other.scheme(),
            })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The names of all schemes, for the error that lists them.
pub(crate) fn names() -> String {
    let names: Vec<_> = Scheme::ALL.iter().map(|scheme| scheme.name()).collect();
    names.join(", ")
}
