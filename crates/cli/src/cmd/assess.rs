//! `plimsoll assess`: the verdict.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use plimsoll_policy::{Policy, decide};
use plimsoll_report::{REPORTS, Report};

use crate::exit::{Exit, Strictness};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{Demands, ImageArgs, assessed};
use crate::statements::StatementArgs;

/// Say whether an image is fit for production.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    #[command(flatten)]
    statements: StatementArgs,
    /// How to write the report: terminal, json or trivy.
    #[arg(short, long, default_value = "terminal")]
    format: String,
    /// Policy file: what is demanded, and what somebody answers for.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Let conditional count as unfit.
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let format = super::scan::report_format(&args.format)?;
    let policy = read_policy(args.policy.as_ref())?;
    let statements = args.statements.read()?;
    let now = jiff::Timestamp::now();
    let demands = demands(&policy, args.policy.as_deref())?;
    let mut assessment = assessed(&args.image, settings, printer, &demands, now)?;
    args.statements
        .apply(statements, &mut assessment, settings, now)?;
    let verdict = decide(&policy, &assessment, now);
    let report = Report {
        assessment: &assessment,
        verdict: Some(&verdict),
    };
    let mut out = printer.data();
    format.write(
        &report,
        &printer.report_settings(settings.language),
        &mut out,
    )?;
    out.flush()?;
    let strictness = if args.strict {
        Strictness::Strict
    } else {
        Strictness::Usual
    };
    Ok(Exit::of_decision(verdict.decision, strictness))
}

/// What a policy asks for; files are looked for beside it.
fn demands<'a>(policy: &'a Policy, file: Option<&Path>) -> Result<Demands<'a>> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let name = file
        .map(|file| file.display().to_string())
        .unwrap_or_default();
    Demands::of(policy, folder).with_context(|| format!("policy `{name}`"))
}

fn read_policy(file: Option<&PathBuf>) -> Result<Policy> {
    let Some(file) = file else {
        return Ok(Policy::default());
    };
    let name = file.display().to_string();
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read policy `{name}`"))?;
    Ok(Policy::parse(&name, &text)?)
}

/// The names of all formats, for errors.
pub(super) fn format_names() -> String {
    REPORTS
        .iter()
        .map(|format| format.name())
        .collect::<Vec<_>>()
        .join(", ")
}
