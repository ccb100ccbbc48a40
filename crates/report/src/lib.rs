//! What people and machines read: one file for each format, in two languages.
//!
//! Reports compute nothing: they sort, group and print what the assessment and the verdict say.
//! To add a format: write the file, add its `mod` line and its row in [`REPORTS`] or [`SBOMS`].

mod cyclonedx;
mod inspect;
mod json;
mod paint;
mod purls;
mod safe;
mod terminal;
mod trivy;
mod words;

pub use inspect::{Inspect, InspectFormat, write_inspect};

use std::io;

use plimsoll_model::assessment::Assessment;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::text::Language;
use plimsoll_model::verdict::Verdict;

/// What a report is about.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What is known.
    pub assessment: &'a Assessment,
    /// What was decided; `None` where only findings were asked for.
    pub verdict: Option<&'a Verdict>,
}

/// Whether output may have colours. The meaning is never in the colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Off,
    /// Escape sequences for terminals.
    On,
}

/// How a report is written.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Language of sentences.
    pub language: Language,
    /// Colours.
    pub colour: Colour,
    /// Columns of the terminal; fewer than 40 are taken as 40.
    pub width: usize,
}

/// A format of reports.
pub trait ReportFormat: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;

    /// Writes a report; the same input gives the same bytes.
    fn write(
        &self,
        report: &Report<'_>,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;
}

/// A format of bills of materials.
pub trait SbomFormat: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;

    /// Writes a bill of materials; the same input gives the same bytes. `program` is the version of the
    /// program.
    fn write(&self, facts: &ImageFacts, program: &str, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Every format of reports; the first is the default.
pub static REPORTS: &[&dyn ReportFormat] = &[&terminal::Terminal, &json::Json, &trivy::Trivy];

/// Every format of bills of materials; the first is the default.
pub static SBOMS: &[&dyn SbomFormat] = &[&cyclonedx::CycloneDx, &purls::Purls];
