//! `plimsoll lint`: what is wrong with build files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use plimsoll_assess::lint::{Hint, Source, find, lint, lint_bytes, read_all};
use plimsoll_model::Severity;
use plimsoll_model::lint::LintReport;
use plimsoll_model::lint::settings::Settings as LintSettings;
use plimsoll_report::{LINTS, LintFormat};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;

/// Say what is wrong with Dockerfiles, and how to put it right.
///
/// Exit codes: 0 nothing is, 1 something is, 2 wrong usage, 3 a file could not be read wholly, 4 the operation
/// failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, and folders that are searched; `-` is a Dockerfile on standard input. The folder you are in, if none
    /// is given.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write what was found.
    #[arg(short, long)]
    format: Option<String>,
    /// The least severity that makes the exit code 1: critical, high, medium, low, negligible or never.
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<String>,
    /// Lay the findings of this rule aside, by id or alias such as `DL3007`; may be given several times.
    #[arg(long, value_name = "RULE")]
    ignore: Vec<String>,
    /// Run this rule alone; may be given several times.
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// Run this rule, which is off by default; may be given several times.
    #[arg(long, value_name = "RULE")]
    enable: Vec<String>,
}

/// From which severity on a finding makes the exit code 1; `None` for never.
type Threshold = Option<Severity>;

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let format = format(args.format.as_deref())?;
    let threshold = threshold(args.fail_on.as_deref().unwrap_or("low"))?;
    let wanted = lint_settings(args);
    let report = linted(args, &wanted)?;
    let mut out = printer.data();
    format.write(
        &report,
        &printer.report_settings(settings.language),
        &mut out,
    )?;
    out.flush()?;
    Ok(exit(&report, threshold))
}

fn linted(args: &Args, wanted: &LintSettings) -> Result<LintReport> {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() {
        &here[..]
    } else {
        &args.paths
    };
    let (mut sources, mut unread) = (Vec::new(), Vec::new());
    let mut has_input = false;
    for path in paths {
        if path.as_os_str() == "-" {
            has_input = true;
            continue;
        }
        let (found, failed) = find(path)?;
        sources.extend(found);
        unread.extend(failed);
    }
    sources.sort();
    sources.dedup();
    let mut report = lint(
        sources,
        &|_| Cow::Borrowed(wanted),
        env!("CARGO_PKG_VERSION"),
    );
    if has_input {
        let source = Source {
            name: "-".to_owned(),
            path: None,
            hint: Hint::Dockerfile,
        };
        let bytes = read_all(std::io::stdin().lock()).context("cannot read standard input")?;
        report.files.extend(lint_bytes(&source, &bytes, wanted));
        report.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    report.unread.extend(unread);
    report.unread.sort();
    Ok(report)
}

fn lint_settings(args: &Args) -> LintSettings {
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    LintSettings {
        ignored: args
            .ignore
            .iter()
            .map(|name| (name.clone(), "--ignore".to_owned()))
            .collect(),
        enabled: set(&args.enable),
        only: set(&args.only),
        ..LintSettings::default()
    }
}

fn format(name: Option<&str>) -> Result<&'static dyn LintFormat> {
    let found = match name {
        None => LINTS.first(),
        Some(name) => LINTS.iter().find(|format| format.name() == name),
    };
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = LINTS.iter().map(|format| format.name()).collect();
        UsageError(format!(
            "`{}` is not a format; there are {}",
            name.unwrap_or_default(),
            names.join(", ")
        ))
        .into()
    })
}

fn threshold(word: &str) -> Result<Threshold> {
    if word == "never" {
        return Ok(None);
    }
    let known = Severity::WORST_FIRST
        .into_iter()
        .find(|one| one.name() == word && *one != Severity::Unknown);
    known.map(Some).ok_or_else(|| {
        let reason = format!(
            "`{word}` is no severity; there are critical, high, medium, low, negligible and never"
        );
        UsageError(reason).into()
    })
}

fn exit(report: &LintReport, threshold: Threshold) -> Exit {
    let mut findings = report.files.iter().flat_map(|file| &file.findings);
    let fails = threshold.is_some_and(|least| findings.any(|found| found.severity >= least));
    let is_whole =
        report.unread.is_empty() && report.files.iter().all(|file| file.errors.is_empty());
    match (fails, is_whole) {
        (true, _) => Exit::Unfit,
        (false, true) => Exit::Fine,
        (false, false) => Exit::Unknown,
    }
}
