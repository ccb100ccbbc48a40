//! What advisories say about packages of an image.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Severity;
use crate::facts::PackageIndex;

/// One CVSS rating of a flaw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CvssRating {
    /// Vector string as published, such as `CVSS:3.1/AV:N/…`; empty where only a score was published.
    pub vector: String,
    /// Base score, 0.0 to 10.0.
    pub score: f64,
    /// Who rated it: the feed's id, such as `osv` or `nvd`.
    pub source: String,
}

/// What a record says of a flaw, apart from packages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// The id to show: the CVE id where one is known, else the record's own.
    pub id: String,
    /// All other ids of the same flaw, sorted.
    pub aliases: Vec<String>,
    /// A short title; may be empty.
    pub title: String,
    /// The same in Simplified Chinese, where we have it.
    pub title_zh: Option<String>,
    /// A longer text; may be empty.
    pub description: String,
    /// Severity by the order of sources in `severity_source`.
    pub severity: Severity,
    /// Where the severity comes from: a feed's id with `cvss` or `rating`, or empty if unknown.
    pub severity_source: String,
    /// Every rating that was published, worst first.
    pub cvss: Vec<CvssRating>,
    /// In CISA's catalogue of known exploited vulnerabilities.
    pub known_exploited: bool,
    /// First published.
    pub published: Option<Timestamp>,
    /// Last changed.
    pub modified: Option<Timestamp>,
    /// Addresses to read more, first the primary one.
    pub references: Vec<String>,
}

impl Vulnerability {
    /// The highest base score of all ratings; `None` where nobody rated it.
    #[must_use]
    pub fn worst_score(&self) -> Option<f64> {
        self.cvss
            .iter()
            .map(|rating| rating.score)
            .max_by(f64::total_cmp)
    }
}

/// The answer of matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// The installed version is affected.
    Affected,
    /// It is not.
    NotAffected,
    /// It cannot be said, and the reason tells why; counts as present.
    Unknown,
}

/// Whether there is a fix to install.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "versions")]
pub enum FixState {
    /// These versions fix it, the nearest first; never empty.
    Fixed(Vec<String>),
    /// No fix is known.
    NotFixed,
    /// The vendor says that there will be none.
    WillNotFix,
    /// The record does not say.
    Unknown,
}

/// Why the answer is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchReason {
    /// Feed that holds the record, such as `debian` or `osv/npm`.
    pub feed: String,
    /// Id of the record in that feed.
    pub record: String,
    /// Name under which the package was looked up; the source package for dpkg and apk.
    pub looked_up: String,
    /// Version that was compared.
    pub compared: String,
    /// Name of the version scheme.
    pub scheme: String,
    /// The rule that decided, in interval notation, such as `[0, 1.1.1n-0+deb11u4)`.
    pub rule: String,
    /// Why it cannot be said, where the answer is unknown.
    pub unknown: Option<String>,
}

/// One advisory that concerns one package of the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageMatch {
    /// The package.
    pub package: PackageIndex,
    /// The flaw.
    pub vulnerability: Vulnerability,
    /// Affected or unknown; those that are not affected are only kept when asked for.
    pub answer: Applicability,
    /// Whether there is a fix.
    pub fix: FixState,
    /// Why.
    pub reason: MatchReason,
}

/// Where the advisories came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Knowledge {
    /// Only the list that is compiled into the program.
    Watchlist,
    /// A database made from feeds.
    Database,
}

/// State of one feed in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedState {
    /// Feed id, such as `debian`, `alpine-secdb/v3.18`, `osv/npm`.
    pub feed: String,
    /// Date of the newest record in it, or of the document, as the feed tells.
    pub newest: Option<Timestamp>,
    /// Records.
    pub records: u64,
}

/// The snapshot of advisories that a report rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What kind of knowledge it is.
    pub knowledge: Knowledge,
    /// Content id, `sha256:…`; equal for equal content.
    pub id: String,
    /// When the newest of its records was made or changed.
    pub newest: Option<Timestamp>,
    /// From when on it counts as too old: what its publisher says, else some time after its newest record; none
    /// where neither is known.
    pub expires: Option<Timestamp>,
    /// The feeds in it, sorted.
    pub feeds: Vec<FeedState>,
}
