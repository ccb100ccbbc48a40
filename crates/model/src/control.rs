//! Answers to the controls of a benchmark.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::check::Answer;
use crate::finding::Evidence;

/// A benchmark in one of its versions; ids mean nothing without it, as they change from version to version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Benchmark {
    /// CIS Docker Benchmark 1.6.0.
    #[serde(rename = "cis-docker-1.6.0")]
    CisDocker160,
}

impl Benchmark {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CisDocker160 => "CIS Docker Benchmark",
        }
    }

    /// Its version.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Self::CisDocker160 => "1.6.0",
        }
    }
}

/// How the benchmark itself wants a control to be assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By a program, and it counts for the score.
    Automated,
    /// By a person; what is said here is the part that a program can see.
    Manual,
}

/// The answer to one control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlResult {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Id in the benchmark: `4.1`.
    pub id: String,
    /// What it asks for, in our words.
    pub title: Text,
    /// How the benchmark wants it to be assessed.
    pub method: Method,
    /// The answer.
    pub answer: Answer,
    /// Why, one sentence.
    pub reason: Text,
    /// Proof, sorted; may be empty where the answer is that something is absent.
    pub evidence: Vec<Evidence>,
    /// Ids of the checks and rules that the answer rests on.
    pub by: Vec<String>,
}

/// What there is to say of a control, whatever the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlPage {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Id in the benchmark: `4.1`.
    pub id: &'static str,
    /// What it asks for, in our words.
    pub title: Text,
    /// The same at length, and why.
    pub asks: Text,
    /// How the benchmark wants it to be assessed.
    pub method: Method,
    /// What the answer rests on, in order; never empty.
    pub parts: Vec<ControlPart>,
}

/// A part of what the answer to a control rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlPart {
    /// What answers.
    pub kind: ControlPartKind,
    /// Id of the check or the rule; `None` for what has no name of its own.
    pub id: Option<&'static str>,
    /// What it looks at.
    pub looks_at: Text,
}

/// What answers a part of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlPartKind {
    /// A check of the image.
    Check,
    /// A rule of the linter, put to the image's history.
    Rule,
    /// Facts of the image, or of what is kept beside it, for this control alone.
    Facts,
}
