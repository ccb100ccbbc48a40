//! Documents of the Vulnerability Exploitability eXchange: OpenVEX, the VEX profile of CSAF 2.0, and
//! `vulnerabilities` with an analysis in CycloneDX.

mod csaf;
mod cyclonedx;
mod openvex;
mod write;

pub use write::{DecidedFlaw, JUSTIFICATIONS, TriageDecision, write_openvex};

use jiff::Timestamp;
use plimsoll_model::{Problem, Stage};
use serde::Deserialize;

use crate::statement::Statement;

/// Bytes of a document at most.
const LIMIT: usize = 64 << 20;

/// A document that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be used: {reason}")]
pub struct ReadStatementsError {
    /// The file.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl ReadStatementsError {
    pub(crate) fn new(name: &str, reason: &dyn std::fmt::Display) -> Self {
        Self {
            name: name.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// What a document says.
#[derive(Debug, Default)]
pub struct Statements {
    /// The statements, in the order of the document.
    pub rows: Vec<Statement>,
    /// What in it cannot be used, each with the reason.
    pub notes: Vec<Problem>,
}

impl Statements {
    pub(crate) fn note(&mut self, source: &str, reason: impl Into<String>) {
        let problem = Problem::note(Stage::Policy, source, reason);
        if !self.notes.contains(&problem) && self.notes.len() < MOST_NOTES {
            self.notes.push(problem);
        }
    }

    /// Takes in what another document says.
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.notes.extend(other.notes);
    }
}

/// Notes of one document at most.
const MOST_NOTES: usize = 100;

/// The fields by which the formats are told apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Marks {
    #[serde(rename = "@context")]
    context: Option<serde_json::Value>,
    bom_format: Option<String>,
    document: Option<serde::de::IgnoredAny>,
    statements: Option<serde::de::IgnoredAny>,
}

/// Reads a VEX document of any of the formats; `name` is how statements and errors call it.
pub fn read_vex(name: &str, bytes: &[u8]) -> Result<Statements, ReadStatementsError> {
    if bytes.len() > LIMIT {
        let reason = format!("it has more than {LIMIT} bytes");
        return Err(ReadStatementsError::new(name, &reason));
    }
    let marks: Marks =
        serde_json::from_slice(bytes).map_err(|error| ReadStatementsError::new(name, &error))?;
    if marks.bom_format.as_deref() == Some("CycloneDX") {
        return cyclonedx::read(name, bytes);
    }
    let context = marks.context.as_ref().and_then(serde_json::Value::as_str);
    if context.is_some_and(|context| context.starts_with("https://openvex.dev/ns"))
        && marks.statements.is_some()
    {
        return openvex::read(name, bytes);
    }
    if marks.document.is_some() {
        return csaf::read(name, bytes);
    }
    let reason = "it is neither OpenVEX nor CSAF nor CycloneDX";
    Err(ReadStatementsError::new(name, &reason))
}

/// A time as the formats write it (RFC 3339); `None` for anything else.
fn time(text: Option<&String>) -> Option<Timestamp> {
    text?.parse().ok()
}
