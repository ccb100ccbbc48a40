//! All that is known before policy decides.

use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::advisory::{SeverityOrder, Snapshot};
use crate::check::CheckResult;
use crate::control::ControlResult;
use crate::coverage::Judged;
use crate::facts::ImageFacts;
use crate::finding::Finding;

/// Id and revision of an analyzer that took part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AnalyzerStamp {
    /// Its id.
    pub id: String,
    /// Its revision.
    pub revision: u32,
}

/// What the answer rests on, so that it can be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of the program.
    pub program: String,
    /// The analyzers, sorted by id.
    pub analyzers: Vec<AnalyzerStamp>,
    /// The advisories.
    pub snapshot: Snapshot,
    /// Whose rating became the severity of a flaw.
    pub severity_order: SeverityOrder,
}

/// Facts, findings, answers and problems of one image: the only input of policy and reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// What is true of the image.
    pub facts: ImageFacts,
    /// What is wrong, sorted by [`Priority`](crate::priority::Priority), rule and subject.
    pub findings: Vec<Finding>,
    /// What the checks answered, in the order of their table.
    pub checks: Vec<CheckResult>,
    /// What that says of the controls of benchmarks, in the order of the benchmark. They inform: what counts is in the
    /// checks and findings that they rest on, and in what a policy demands in rows of its own.
    #[serde(default)]
    pub controls: Vec<ControlResult>,
    /// How many packages advisories could speak about.
    pub judged: Judged,
    /// What could not be read or judged, sorted, from every stage.
    pub problems: Vec<Problem>,
    /// What it all rests on.
    pub provenance: Provenance,
}
