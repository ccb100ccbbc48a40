//! One published record about one flaw, in the form that every feed is turned into.

use jiff::Timestamp;
use jiff::civil::Date;
use plimsoll_model::Severity;
use plimsoll_model::advisory::{Doubt, Epss, KnownExploited};
use plimsoll_version::range;

use crate::key::EcosystemKey;
use crate::rating::Rating;

/// What a record says of one flaw and of the packages that have it.
///
/// An erratum that repairs several flaws, as distributions publish them, is one `Advisory` for each flaw, all
/// with the same [`record`](Self::record).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advisory {
    /// Id of the record in its feed, such as `GHSA-35jh-r3h4-6jhm` or `ALSA-2022:1234`.
    pub record: String,
    /// Id of the flaw: the record's own, or the CVE id of which an erratum speaks.
    pub id: String,
    /// Other ids of the same flaw, as the record lists them under `aliases`; never `related` ids.
    pub aliases: Vec<String>,
    /// Every rating that the record publishes.
    pub ratings: Vec<Rating>,
    /// The record's rating in a word, weaker than a CVSS rating.
    pub word: Option<Severity>,
    /// A short title; may be empty.
    pub title: String,
    /// The same in Simplified Chinese; may be empty.
    pub title_zh: String,
    /// A longer text; may be empty.
    pub description: String,
    /// Addresses to read more.
    pub references: Vec<String>,
    /// First published.
    pub published: Option<Timestamp>,
    /// Last changed.
    pub modified: Option<Timestamp>,
    /// When the fixes of which it tells could be installed; only errata know.
    pub released: Option<Timestamp>,
    /// When the record was taken back; it then matches nothing and is kept to be explained.
    pub withdrawn: Option<Timestamp>,
    /// What a catalogue of known exploited flaws tells of it; `None` where it is in none.
    pub exploited: Option<KnownExploited>,
    /// How likely it is to be exploited. A record with nothing else is a mark and no record of a flaw.
    pub epss: Option<Epss>,
    /// What the record says against the flaw as such.
    pub doubt: Option<Doubt>,
    /// Whether the packages are malware.
    pub malicious: bool,
    /// What the record is for.
    pub role: Role,
    /// The packages that have, or never had, the flaw.
    pub affected: Vec<Affected>,
}

/// What a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// It tells of a flaw.
    #[default]
    Tells,
    /// It adds to flaws of which other records tell, and is left out where none does: NVD and the CVE list
    /// have hundreds of thousands of flaws in things that are in no image.
    Adds,
}

/// How [`Affected::module`] begins for a topic of Amazon Linux's extras, such as `extra:docker`.
pub(crate) const TOPIC: &str = "extra:";

/// A version of a package, and when it could be installed: what lists of advisories and changelogs tell beside
/// flaws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Ecosystem with its release, such as `Debian:11`.
    pub ecosystem: EcosystemKey,
    /// Name as in [`Affected::package`].
    pub package: String,
    /// The version, spelt as the records that call it a fix spell it.
    pub version: String,
    /// The day.
    pub day: Date,
}

/// What a record says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// Ecosystem with its release, such as `Debian:11`.
    pub ecosystem: EcosystemKey,
    /// Name as the ecosystem compares it: the source package for dpkg and apk, the binary package for rpm, or
    /// the source package where the vendor names that ([`crate::matching`] knows who does).
    pub package: String,
    /// Which versions.
    pub claim: Claim,
    /// How the vendor of this package rates the flaw in it, where it does so.
    pub rating: Option<Severity>,
    /// What the vendor says of a fix beyond the versions.
    pub outlook: Outlook,
    /// How much it weighs beside what other feeds say.
    pub rank: Rank,
    /// The vendor's state in its own words, such as `no-dsa: Minor issue`; may be empty.
    pub note: String,
    /// The module stream, `nodejs:12`, that the erratum is for, or the topic of extras, `extra:docker`;
    /// empty for packages outside of both.
    pub module: String,
    /// The architectures for which it holds, as the ecosystem writes them, sorted, with commas between; empty for
    /// all.
    pub architectures: String,
    /// Binary packages that are built from the source package, where the record names them.
    pub binaries: Vec<String>,
}

impl Affected {
    /// A claim about a package with nothing more said.
    #[must_use]
    pub fn new(ecosystem: EcosystemKey, package: impl Into<String>, claim: Claim) -> Self {
        Self {
            ecosystem,
            package: package.into(),
            claim,
            rating: None,
            outlook: Outlook::AsVersionsSay,
            rank: Rank::Full,
            note: String::new(),
            module: String::new(),
            architectures: String::new(),
            binaries: Vec::new(),
        }
    }
}

/// Which versions of a package are affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// None, and the vendor says so.
    Never,
    /// These.
    Versions {
        /// Ranges as lists of events, each evaluated on its own.
        ranges: Vec<Vec<Event>>,
        /// Versions listed one by one.
        listed: Vec<String>,
    },
    /// The record does not tell; the text says why.
    Undetermined(String),
}

impl Claim {
    /// Every version below `fixed`.
    #[must_use]
    pub fn before(fixed: impl Into<String>) -> Self {
        Self::Versions {
            ranges: vec![vec![
                Event::Introduced("0".to_owned()),
                Event::Fixed(fixed.into()),
            ]],
            listed: Vec::new(),
        }
    }

    /// Every version.
    #[must_use]
    pub fn every() -> Self {
        Self::Versions {
            ranges: vec![vec![Event::Introduced("0".to_owned())]],
            listed: Vec::new(),
        }
    }
}

/// One event of a range (OSV schema, `affected[].ranges[].events[]`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Affected from this version on; `0` is before every version.
    Introduced(String),
    /// Not affected from this version on.
    Fixed(String),
    /// Not affected after this version.
    LastAffected(String),
    /// The range says nothing from this version on.
    Limit(String),
}

impl Event {
    /// The event as the version crate evaluates it.
    pub(crate) fn borrowed(&self) -> range::Event<'_> {
        match self {
            Self::Introduced(text) => range::Event::Introduced(text),
            Self::Fixed(text) => range::Event::Fixed(text),
            Self::LastAffected(text) => range::Event::LastAffected(text),
            Self::Limit(text) => range::Event::Limit(text),
        }
    }
}

/// What a vendor says of a fix beyond the versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outlook {
    /// Nothing: a `fixed` event is a fix, and no such event means that there is none.
    AsVersionsSay,
    /// There will be none.
    WillNotFix,
    /// A fix is made but not yet in the archive.
    Unreleased,
    /// A `fixed` event is a fix that only those get who pay for extended support.
    Subscription,
    /// A `fixed` event is a version that has the fix, and nothing tells whether one before it has it too.
    Since,
    /// These come before the versions that the record names, and nothing is said of them.
    Untold,
}

/// How much a claim weighs beside those of other feeds about the same flaw in the same package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rank {
    /// As much as any.
    #[default]
    Full,
    /// It counts where no other feed says anything: its publisher says the same more exactly elsewhere.
    Spare,
}
