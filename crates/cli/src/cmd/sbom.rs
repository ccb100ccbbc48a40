//! `plimsoll sbom`: the bill of materials.

use std::io::Write;

use anyhow::Result;
use plimsoll_report::SBOMS;

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{ImageArgs, facts};

/// List the packages of an image.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    /// How to write the bill of materials: cyclonedx or purls.
    #[arg(short, long, default_value = "cyclonedx")]
    format: String,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let Some(format) = SBOMS.iter().find(|format| format.name() == args.format) else {
        let names = SBOMS
            .iter()
            .map(|format| format.name())
            .collect::<Vec<_>>()
            .join(", ");
        return Err(UsageError(format!(
            "`{}` is not a format; there are {names}",
            args.format
        ))
        .into());
    };
    let facts = facts(&args.image, settings, printer)?;
    let mut out = printer.data();
    format.write(&facts, env!("CARGO_PKG_VERSION"), &mut out)?;
    out.flush()?;
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
