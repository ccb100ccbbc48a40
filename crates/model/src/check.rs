//! Answers of production-readiness checks.

use serde::{Deserialize, Serialize};

use crate::finding::{Evidence, Remedy};
use crate::{Severity, Text};

/// The five dimensions of fitness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// Known flaws, secrets, privileges.
    Security,
    /// Exact versions, health, logs.
    Reliability,
    /// Documentation, support dates, architectures.
    Maintainability,
    /// Licences, policies.
    Compliance,
    /// Whether it does its work; only a trial can tell.
    BusinessFit,
}

impl Dimension {
    /// All five, in the order in which reports show them.
    pub const ALL: [Self; 5] = [
        Self::Security,
        Self::Reliability,
        Self::Maintainability,
        Self::Compliance,
        Self::BusinessFit,
    ];

    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Reliability => "reliability",
            Self::Maintainability => "maintainability",
            Self::Compliance => "compliance",
            Self::BusinessFit => "business-fit",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Security => Text::fixed("security", "安全性"),
            Self::Reliability => Text::fixed("reliability", "可靠性"),
            Self::Maintainability => Text::fixed("maintainability", "可维护性"),
            Self::Compliance => Text::fixed("compliance", "合规性"),
            Self::BusinessFit => Text::fixed("business fit", "业务适配性"),
        }
    }
}

/// The four answers that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Cannot be said; never counts as pass.
    Unknown,
    /// The question does not arise.
    NotApplicable,
}

impl Answer {
    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The check's id, such as `root-user`.
    pub check: String,
    /// The dimension that it belongs to.
    pub dimension: Dimension,
    /// The check's title.
    pub title: Text,
    /// The answer.
    pub answer: Answer,
    /// How much a failure weighs.
    pub severity: Severity,
    /// Why the answer is what it is, one sentence.
    pub reason: Text,
    /// Proof; may be empty where the answer is that something is absent.
    pub evidence: Vec<Evidence>,
    /// What repairs it; set where the answer is fail.
    pub remedy: Option<Remedy>,
}
