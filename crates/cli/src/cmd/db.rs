//! `plimsoll db`: the advisory database.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use plimsoll_assess::advisory;

use crate::exit::Exit;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::database;

/// Build, update and show the advisory database.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Compile feeds in a folder into a database.
    Build(BuildArgs),
    /// Show which advisories are used: feeds, dates, counts.
    Status,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BuildArgs {
    /// Folder with feeds, laid out as `docs/feeds.md` says.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) fn run(verb: &Verb, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    match verb {
        Verb::Build(args) => build(args, printer),
        Verb::Status => status(settings, printer),
    }
}

fn build(args: &BuildArgs, printer: &Printer) -> Result<Exit> {
    let report = advisory::build(&args.from, &args.out).with_context(|| {
        format!(
            "cannot build `{}` from `{}`",
            args.out.display(),
            args.from.display()
        )
    })?;
    for feed in report.feeds() {
        printer.say(&format!("{}: {} records", feed.feed, feed.records));
    }
    Ok(Exit::Fine)
}

fn status(settings: &Settings, printer: &Printer) -> Result<Exit> {
    let snapshot = database(settings)?.snapshot();
    let mut out = printer.data();
    writeln!(out, "snapshot {}", snapshot.id)?;
    let date =
        |time: Option<jiff::Timestamp>| time.map_or_else(|| "-".to_owned(), |t| t.to_string());
    writeln!(out, "newest   {}", date(snapshot.newest))?;
    for feed in &snapshot.feeds {
        writeln!(
            out,
            "{:<28} {:>8} records, newest {}",
            feed.feed,
            feed.records,
            date(feed.newest)
        )?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}
