//! `plimsoll sbom`: the bill of materials.

use std::io::Write;

use anyhow::Result;
use jiff::Timestamp;
use plimsoll_model::facts::ImageFacts;
use plimsoll_report::{Bill, Commit, SBOMS, SbomFormat, sbom_format};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{ImageArgs, facts};

/// List the packages of an image.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// How a bill of materials is written.
#[derive(Debug, clap::Args)]
struct OutputArgs {
    /// How to write the bill of materials: `cyclonedx`, `cyclonedx-xml`, `spdx-json`, `spdx-tag-value`,
    /// `syft-json`, `github-json` or `purls`; other versions as `cyclonedx-json@1.5` (1.4 to 1.7) and
    /// `spdx-json@3.0`.
    #[arg(short, long, default_value = "cyclonedx")]
    format: String,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let format = format(&args.output.format)?;
    let created = created(settings)?;
    let mut facts = facts(&args.image, settings, printer)?;
    for layer in &mut facts.layers {
        if let Some(step) = &mut layer.created_by {
            *step = plimsoll_secrets::redact(step);
        }
    }
    write(&facts, format, created, settings, printer)?;
    for problem in facts
        .problems
        .iter()
        .filter(|p| p.effect != plimsoll_model::Effect::Note)
    {
        printer.say(&format!(
            "plimsoll: {}: {}",
            problem.subject, problem.reason
        ));
    }
    // The program ends here; freeing every package one by one would only take time.
    std::mem::forget(facts);
    Ok(Exit::Fine)
}

fn format(name: &str) -> Result<&'static dyn SbomFormat> {
    sbom_format(name).ok_or_else(|| {
        let names = SBOMS.iter().filter_map(|format| format.names().first());
        let names = names.copied().collect::<Vec<_>>().join(", ");
        UsageError(format!("`{name}` is not a format; there are {names}")).into()
    })
}

/// The time that documents carry, from `SOURCE_DATE_EPOCH` (reproducible-builds.org); else they take the
/// image's.
fn created(settings: &Settings) -> Result<Option<Timestamp>> {
    let Some(text) = settings.variable("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let time = text.trim().parse().ok();
    let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
    match time {
        Some(time) => Ok(Some(time)),
        None => Err(UsageError(format!(
            "SOURCE_DATE_EPOCH `{text}` is not a number of seconds since 1970"
        ))
        .into()),
    }
}

/// The commit that a workflow of GitHub builds.
fn commit(settings: &Settings) -> Option<Commit> {
    let variable = |name: &str| settings.variable(name).map(str::to_owned);
    let job = [variable("GITHUB_WORKFLOW"), variable("GITHUB_JOB")];
    Some(Commit {
        sha: variable("GITHUB_SHA")?,
        reference: variable("GITHUB_REF")?,
        run: variable("GITHUB_RUN_ID")?,
        correlator: job.into_iter().flatten().collect::<Vec<_>>().join("_"),
    })
}

fn write(
    facts: &ImageFacts,
    format: &dyn SbomFormat,
    created: Option<Timestamp>,
    settings: &Settings,
    printer: &Printer,
) -> Result<()> {
    let commit = commit(settings);
    let bill = Bill {
        facts,
        program: env!("CARGO_PKG_VERSION"),
        created,
        commit: commit.as_ref(),
    };
    let mut out = printer.data();
    format.write(&bill, &mut out)?;
    out.flush()?;
    Ok(())
}
