//! Flavours of rpm packages: builds of one package whose numbers say nothing of each other (trap T12).
//!
//! Oracle publishes errata of their own for packages that Ksplice patches in memory, and for builds that were
//! validated for FIPS; both bear higher epochs and a mark in the release, `2:1.1.1k-7.ksplice1.el8_6` and
//! `10:1.1.1k-14.el8_6_fips`.

use std::fmt;

/// A flavour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Plain,
    Ksplice,
    Fips,
}

/// The flavour that a version bears.
pub(super) fn of(version: &str) -> Flavour {
    if version.contains(".ksplice") {
        Flavour::Ksplice
    } else if version.ends_with("_fips") || version.contains("_fips.") {
        Flavour::Fips
    } else {
        Flavour::Plain
    }
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "the plain build",
            Self::Ksplice => "the Ksplice build",
            Self::Fips => "the FIPS build",
        })
    }
}
