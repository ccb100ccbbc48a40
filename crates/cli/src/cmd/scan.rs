//! `plimsoll scan`: the findings alone.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use plimsoll_policy::Policy;
use plimsoll_report::{REPORTS, Report, ReportFormat};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{Demands, ImageArgs, assessed};
use crate::statements::StatementArgs;

/// List what is wrong with an image, without a verdict; exits 0 when the work is done.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    #[command(flatten)]
    statements: StatementArgs,
    /// How to write the report: terminal, json or trivy.
    #[arg(short, long, default_value = "terminal")]
    format: String,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let format = report_format(&args.format)?;
    let statements = args.statements.read()?;
    let policy = Policy::default();
    let now = jiff::Timestamp::now();
    let mut assessment = assessed(
        &args.image,
        settings,
        printer,
        &Demands::of(&policy, Path::new(""))?,
        now,
    )?;
    args.statements
        .apply(statements, &mut assessment, settings, now)?;
    let mut out = printer.data();
    let report = Report {
        assessment: &assessment,
        verdict: None,
    };
    format.write(
        &report,
        &printer.report_settings(settings.language),
        &mut out,
    )?;
    out.flush()?;
    Ok(Exit::Fine)
}

pub(super) fn report_format(name: &str) -> Result<&'static dyn ReportFormat> {
    REPORTS
        .iter()
        .find(|format| format.name() == name)
        .copied()
        .ok_or_else(|| {
            let names = super::assess::format_names();
            UsageError(format!(
                "`{name}` is not a report format; there are {names}"
            ))
            .into()
        })
}
