//! What advisories say about packages of an image.

use jiff::Timestamp;
use jiff::civil::Date;
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
    /// Who rated it: `nvd`, `cna` (who assigned the CVE id), `cisa-adp`, `adp` (another authorised publisher),
    /// else the id of the feed whose own rating it is, such as `osv/npm`.
    pub source: String,
}

impl CvssRating {
    /// Whether it is of CVSS 2 and whoever gave it also rated by a later version, whose scale it does not
    /// share.
    #[must_use]
    pub fn is_superseded(&self, all: &[Self]) -> bool {
        let is_old = |rating: &Self| rating.vector.starts_with("AV:");
        let newer = |other: &Self| {
            other.source == self.source && !other.vector.is_empty() && !is_old(other)
        };
        is_old(self) && all.iter().any(newer)
    }
}

/// How likely a flaw is to be exploited in the next thirty days, by the Exploit Prediction Scoring System
/// (<https://www.first.org/epss/>).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epss {
    /// The probability, 0.0 to 1.0.
    pub probability: f64,
    /// The share of all flaws that are at most as likely, 0.0 to 1.0.
    pub percentile: f64,
    /// The day for which it was computed.
    pub date: Date,
}

/// What CISA's catalogue tells of a flaw that is exploited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnownExploited {
    /// The day on which it came into the catalogue.
    pub added: Option<Date>,
    /// The day until which federal agencies had to repair it.
    pub due: Option<Date>,
    /// Whether ransomware is known to use it; not known otherwise.
    pub ransomware: bool,
}

/// What speaks against a flaw as such, whatever the versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The CVE list says that it is disputed.
    Disputed,
    /// The CVE id was rejected; other records may still stand.
    Rejected,
}

/// Whose rating becomes the severity: names in the order in which they are asked, the first that rated wins.
///
/// | name | whose rating |
/// |---|---|
/// | `vendor` | that of the vendor of this very package, in a word |
/// | `record` | the worst CVSS score of the record that decided |
/// | `nvd`, `cna`, `cisa-adp` | the worst CVSS score that NVD, the assigner of the id, or CISA published |
/// | `ghsa` | the worst CVSS score of a record of GitHub's |
/// | the id of a feed, or what stands before its slash | the worst CVSS score of that feed |
/// | `any` | the worst CVSS score of all |
///
/// Where none of them rated, the worst CVSS score of all counts, then a rating in a word, then it is unknown:
/// an order never hides a rating that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeverityOrder(Vec<String>);

/// A name that cannot stand in a [`SeverityOrder`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeverityOrderError {
    /// Nothing is asked.
    #[error("the order of severities is empty")]
    Empty,
    /// The text is no name of a source.
    #[error("`{0}` is not the name of a source of severities")]
    Name(String),
    /// It stands there twice.
    #[error("`{0}` stands twice in the order of severities")]
    Twice(String),
}

impl Default for SeverityOrder {
    fn default() -> Self {
        let names = ["vendor", "record", "nvd", "cna", "cisa-adp", "ghsa", "any"];
        Self(names.map(str::to_owned).to_vec())
    }
}

impl SeverityOrder {
    /// An order of these names.
    pub fn new(names: Vec<String>) -> Result<Self, SeverityOrderError> {
        if names.is_empty() {
            return Err(SeverityOrderError::Empty);
        }
        let sound = |name: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_./ :".contains(c);
            !name.is_empty() && name.len() <= 80 && name.chars().all(fits)
        };
        for (place, name) in names.iter().enumerate() {
            if !sound(name) {
                return Err(SeverityOrderError::Name(name.chars().take(80).collect()));
            }
            if names.iter().take(place).any(|other| other == name) {
                return Err(SeverityOrderError::Twice(name.clone()));
            }
        }
        Ok(Self(names))
    }

    /// The names, the first to be asked first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// What a record says of a flaw, apart from packages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// What that catalogue tells of it.
    pub exploitation: Option<KnownExploited>,
    /// How likely it is to be exploited; `None` where no feed says so.
    pub epss: Option<Epss>,
    /// What speaks against it as such, sorted.
    pub doubts: Vec<Doubt>,
    /// The package is malware, and not a package with a flaw.
    pub malicious: bool,
    /// First published.
    pub published: Option<Timestamp>,
    /// Last changed.
    pub modified: Option<Timestamp>,
    /// Addresses to read more, first the primary one.
    pub references: Vec<String>,
}

impl Vulnerability {
    /// The highest base score of all ratings that are not superseded; `None` where nobody rated it.
    #[must_use]
    pub fn worst_score(&self) -> Option<f64> {
        self.cvss
            .iter()
            .filter(|rating| !rating.is_superseded(&self.cvss))
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
    /// These versions fix it, the nearest first, and only who pays for extended support gets them; never
    /// empty.
    Subscription(Vec<String>),
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
    /// Since when the nearest fix can be installed; `None` where no record tells.
    pub fix_since: Option<Timestamp>,
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
    /// What in it was left out or only taken in part, as it could not be read.
    #[serde(default)]
    pub problems: u64,
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
