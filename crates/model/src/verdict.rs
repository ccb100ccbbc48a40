//! The verdict: what policy made of an assessment.

use serde::{Deserialize, Serialize};

use crate::check::{Answer, Dimension};
use crate::finding::Remedy;
use crate::{Severity, Text};

/// Is the image fit for production?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Yes.
    Fit,
    /// Yes, if the stated conditions are met.
    Conditional,
    /// No.
    Unfit,
    /// Cannot say.
    Unknown,
}

impl Decision {
    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Conditional => "conditional",
            Self::Unfit => "unfit",
            Self::Unknown => "unknown",
        }
    }

    /// Words for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Fit => Text::fixed("fit for production", "适合生产环境"),
            Self::Conditional => Text::fixed("fit under conditions", "满足条件后可用于生产环境"),
            Self::Unfit => Text::fixed("not fit for production", "不适合生产环境"),
            Self::Unknown => Text::fixed("cannot say", "无法判断"),
        }
    }
}

/// The five vetoes: any one of them alone means unfit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Veto {
    /// A `latest` or otherwise moving tag without a digest.
    MovingTag,
    /// An unremedied flaw with CVSS 7.0 or more.
    SevereFlaw,
    /// No maintainer, or a source repository silent for over a year.
    Unmaintained,
    /// Runs as root and cannot be lowered.
    Root,
    /// AGPL-3.0 in a product that has not arranged for it.
    Agpl,
}

impl Veto {
    /// All five, in the order in which reports show them.
    pub const ALL: [Self; 5] = [
        Self::MovingTag,
        Self::SevereFlaw,
        Self::Unmaintained,
        Self::Root,
        Self::Agpl,
    ];

    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MovingTag => "moving-tag",
            Self::SevereFlaw => "severe-flaw",
            Self::Unmaintained => "unmaintained",
            Self::Root => "root",
            Self::Agpl => "agpl",
        }
    }

    /// Words for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::MovingTag => {
                Text::fixed("moving tag without a digest", "使用可变标签且未指定摘要")
            }
            Self::SevereFlaw => Text::fixed(
                "unremedied flaw with CVSS 7.0 or more",
                "存在 CVSS ≥ 7.0 的未修复漏洞",
            ),
            Self::Unmaintained => {
                Text::fixed("no active maintainer", "无明确维护者或仓库超过一年未更新")
            }
            Self::Root => Text::fixed(
                "runs as root and cannot be lowered",
                "以 root 运行且无法降权",
            ),
            Self::Agpl => Text::fixed(
                "AGPL-3.0 without an arrangement",
                "包含 AGPL-3.0 许可证且未做开源合规改造",
            ),
        }
    }
}

/// What became of one veto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VetoResult {
    /// Which.
    pub veto: Veto,
    /// `Fail` means that the veto is cast.
    pub answer: Answer,
    /// Why, one sentence.
    pub reason: Text,
}

/// What became of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionResult {
    /// Which.
    pub dimension: Dimension,
    /// The answer: fail if a check failed, else unknown if one is unknown, else pass.
    pub answer: Answer,
    /// Ids of the checks that failed.
    pub failed: Vec<String>,
    /// Ids of the checks that could not be answered.
    pub unknown: Vec<String>,
}

/// Grade of a score, with the words of the requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// 80 or more.
    Excellent,
    /// 60 or more.
    Good,
    /// Below 60.
    NeedsWork,
}

impl Grade {
    /// Words for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Excellent => Text::fixed("excellent", "优秀"),
            Self::Good => Text::fixed("good", "良好"),
            Self::NeedsWork => Text::fixed("needs work", "需要改进"),
        }
    }
}

/// The score, for information only: it never decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// `max(0, 100 − 10·critical − 5·high − 1·medium)` over the flaws in packages.
    pub value: u32,
    /// Its grade.
    pub grade: Grade,
    /// Critical flaws, counted per package and flaw.
    pub critical: u32,
    /// High.
    pub high: u32,
    /// Medium.
    pub medium: u32,
    /// Low and negligible.
    pub low: u32,
    /// Without a severity.
    pub unknown: u32,
}

/// One thing to do, and what it repairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What to do.
    pub remedy: Remedy,
    /// Worst severity among what it repairs.
    pub severity: Severity,
    /// Fingerprints of the findings that it repairs.
    pub repairs: Vec<String>,
}

/// A finding or question that somebody answered for, in the policy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The rule, veto or check that was accepted.
    pub rule: String,
    /// What it was about; empty for a whole veto or check.
    pub subject: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: String,
}

/// The answer, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Fit, conditional, unfit or unknown.
    pub decision: Decision,
    /// Why, most important first; never empty.
    pub reasons: Vec<Text>,
    /// What must hold, where the decision is conditional.
    pub conditions: Vec<Text>,
    /// The five vetoes, in their order.
    pub vetoes: Vec<VetoResult>,
    /// The five dimensions, in their order.
    pub dimensions: Vec<DimensionResult>,
    /// The score, for information.
    pub score: Score,
    /// What to do, most useful first.
    pub actions: Vec<Action>,
    /// What somebody answered for.
    pub accepted: Vec<Accepted>,
    /// Acceptances that have expired or that match nothing.
    pub remarks: Vec<Text>,
}
