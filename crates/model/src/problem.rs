//! What could not be read or judged.

use serde::{Deserialize, Serialize};

/// Where on the way of a fact a problem arose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Fetching or opening the image.
    Image,
    /// Walking a layer.
    Layer,
    /// Reading one file in a layer.
    Analyze,
    /// Joining the layers.
    Squash,
    /// Looking up advisories.
    Match,
    /// Answering a check.
    Check,
    /// The policy or its acceptances.
    Policy,
}

/// How a problem limits what may be concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Odd, but every answer still holds.
    Note,
    /// One fact is missing; the answers about it are incomplete.
    Gap,
    /// A source of truth could not be read, so that "nothing found" means nothing: the verdict cannot be
    /// fit.
    Blind,
}

/// Something in the input that is odd, missing or unreadable; the work went on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// How far it limits the answers.
    pub effect: Effect,
    /// Where it arose.
    pub stage: Stage,
    /// The path, digest, address or package that it is about.
    pub subject: String,
    /// What is wrong, in English, lower case, without a full stop.
    pub reason: String,
}

impl Problem {
    /// A problem after which every answer still holds.
    #[must_use]
    pub fn note(stage: Stage, subject: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            effect: Effect::Note,
            stage,
            subject: subject.into(),
            reason: reason.into(),
        }
    }

    /// A problem that leaves one fact missing.
    #[must_use]
    pub fn gap(stage: Stage, subject: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            effect: Effect::Gap,
            ..Self::note(stage, subject, reason)
        }
    }

    /// A problem that makes the whole answer uncertain.
    #[must_use]
    pub fn blind(stage: Stage, subject: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            effect: Effect::Blind,
            ..Self::note(stage, subject, reason)
        }
    }
}
