//! What the linter found, one file for each format.
//!
//! To add a format: write the file, add its `mod` line and its row in [`LINTS`].

mod json;

use std::io;

use plimsoll_model::lint::LintReport;

use crate::Settings;

/// A format of what the linter found.
pub trait LintFormat: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;

    /// Writes what was found; the same input gives the same bytes.
    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;
}

/// Every format of what the linter found; the first is the default.
pub static LINTS: &[&dyn LintFormat] = &[&json::Json];
