//! Findings: what is wrong, where, and what to do.

use serde::{Deserialize, Serialize};

use crate::advisory::PackageMatch;
use crate::fact::EvidenceKind;
use crate::facts::{Location, PackageIndex};
use crate::reach::Reachability;
use crate::triage::Triage;
use crate::{Severity, Text};

/// How sure we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Likely.
    Medium,
    /// Established by a record made for the purpose.
    High,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingClass {
    /// A package that was made to do harm, and not one that has a flaw.
    Malware,
    /// A known flaw in a package.
    Vulnerability,
    /// A secret in a file, a variable or the history.
    Secret,
    /// A setting of the image.
    Configuration,
}

impl FindingClass {
    /// Whether an advisory about a package tells it: a flaw, or malware.
    #[must_use]
    pub fn is_of_advisory(self) -> bool {
        matches!(self, Self::Malware | Self::Vulnerability)
    }
}

/// Something a person can look at to see that a finding is true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Where in the image; `None` for settings and history.
    pub location: Option<Location>,
    /// Line in that file, from 1.
    pub line: Option<u32>,
    /// What is seen, without secrets: `Config.User is ""`, `openssl 1.1.1n-0+deb11u3`.
    pub detail: Text,
}

/// What repairs a finding; reports group by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Remedy {
    /// A newer base image, or an upgrade of the packages that the base brought.
    BaseUpdate {
        /// What to do, in words.
        text: Text,
    },
    /// A newer version of one package.
    PackageUpdate {
        /// Name of the package.
        package: String,
        /// The nearest version that repairs all its findings of this kind.
        version: String,
        /// What to do, in words.
        text: Text,
    },
    /// A line of the build file.
    Dockerfile {
        /// The line as it should be, such as `USER 10001`.
        line: String,
        /// Why, in words.
        text: Text,
    },
    /// Something that only a person can do.
    Manual {
        /// What to do, in words.
        text: Text,
    },
}

impl Remedy {
    /// What to do, in words.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::BaseUpdate { text }
            | Self::PackageUpdate { text, .. }
            | Self::Dockerfile { text, .. }
            | Self::Manual { text } => text,
        }
    }
}

/// The package that a finding is about, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPackage {
    /// Its place in the facts.
    pub index: PackageIndex,
    /// Package URL.
    pub purl: String,
    /// How we know that it is there.
    pub evidence: EvidenceKind,
    /// Whether it is loaded when a container starts.
    pub reachability: Reachability,
}

/// One thing that is wrong with the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule: a check's id, a secret rule's id, or the id of the flaw.
    pub rule: String,
    /// What kind of finding it is.
    pub class: FindingClass,
    /// What it is about: a package with version, a path, a variable.
    pub subject: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One line.
    pub title: Text,
    /// Proof; sorted, never empty.
    pub evidence: Vec<Evidence>,
    /// What repairs it.
    pub remedy: Remedy,
    /// Hex digits that stay the same when the image is built anew and only unrelated things change: made
    /// of rule, subject without version, and path.
    pub fingerprint: String,
    /// The package, for what advisories tell.
    pub package: Option<FindingPackage>,
    /// The match, for what advisories tell.
    pub vulnerability: Option<Box<PackageMatch>>,
    /// What people say of it, sorted; what holds lays it aside or not.
    #[serde(default)]
    pub triage: Vec<Triage>,
}

impl Finding {
    /// The statement by which it no longer speaks against the image, if there is one that holds.
    #[must_use]
    pub fn laid_aside(&self) -> Option<&Triage> {
        let mut holding = self.triage.iter().filter(|triage| triage.holds);
        holding.find(|triage| triage.state.lays_aside())
    }
}

/// The fingerprint of a finding made of these parts, see [`Finding::fingerprint`].
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    let joined = parts.join("\u{1f}");
    crate::Digest::of(joined.as_bytes())
        .hex()
        .get(..32)
        .unwrap_or_default()
        .to_owned()
}
