//! What people and machines read: one file for each format, in two languages.
//!
//! Reports compute nothing: they sort, group and print what the assessment and the verdict say.
//! To add a format: write the file, add its `mod` line and its row in [`REPORTS`], [`SBOMS`] or [`LINTS`].

mod bill;
mod controls;
mod coverage;
mod cyclonedx;
mod explanation;
mod github;
mod inspect;
mod json;
mod lint;
mod paint;
mod purls;
mod safe;
mod spdx2;
mod spdx3;
mod syft;
mod terminal;
mod trivy;
mod words;

pub use bill::{Bill, Commit};
pub use controls::write_controls;
pub use explanation::{ExplanationFormat, write_explanation};
pub use inspect::{Inspect, InspectFormat, write_inspect};
pub use lint::{LINTS, LintFormat, Reader, RulesFormat, write_diff, write_rules};

use std::io;

use cyclonedx::CycloneDx;
use cyclonedx::Syntax::{Json, Xml};
use cyclonedx::Version::{V1_4, V1_5, V1_6, V1_7};
use plimsoll_model::assessment::Assessment;
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
    /// Names on the command line; the first is the one that help and errors tell.
    fn names(&self) -> &'static [&'static str];

    /// Whether it has room for flaws of packages.
    fn takes_vulnerabilities(&self) -> bool {
        false
    }

    /// Writes a bill of materials; the same input gives the same bytes.
    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

/// The format of bills of materials with that name.
#[must_use]
pub fn sbom_format(name: &str) -> Option<&'static dyn SbomFormat> {
    let mut all = SBOMS.iter().copied();
    all.find(|format| format.names().contains(&name))
}

/// Every format of reports; the first is the default.
pub static REPORTS: &[&dyn ReportFormat] = &[&terminal::Terminal, &json::Json, &trivy::Trivy];

/// Every format of bills of materials; the first is the default.
pub static SBOMS: &[&dyn SbomFormat] = &[
    &CycloneDx::new(
        V1_6,
        Json,
        &["cyclonedx", "cyclonedx-json", "cyclonedx-json@1.6"],
    ),
    &CycloneDx::new(V1_4, Json, &["cyclonedx-json@1.4"]),
    &CycloneDx::new(V1_5, Json, &["cyclonedx-json@1.5"]),
    &CycloneDx::new(V1_7, Json, &["cyclonedx-json@1.7"]),
    &CycloneDx::new(V1_6, Xml, &["cyclonedx-xml", "cyclonedx-xml@1.6"]),
    &CycloneDx::new(V1_4, Xml, &["cyclonedx-xml@1.4"]),
    &CycloneDx::new(V1_5, Xml, &["cyclonedx-xml@1.5"]),
    &CycloneDx::new(V1_7, Xml, &["cyclonedx-xml@1.7"]),
    &spdx2::SpdxJson,
    &spdx2::tag_value::SpdxTagValue,
    &spdx3::SpdxJsonLd,
    &syft::SyftJson,
    &github::GithubJson,
    &purls::Purls,
];
