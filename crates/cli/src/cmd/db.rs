//! `plimsoll db`: the advisory database.

mod search;
mod share;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use plimsoll_assess::advisory::{self, FeedProblem};
use plimsoll_assess::update::{DocumentState, UpdateError, UpdateRequest, update};
use serde_json::json;

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::database;

/// Build, update and show the advisory database.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Compile feeds in a folder into a database.
    Build(BuildArgs),
    /// Fetch the feeds from their upstreams, as far as they have changed, and compile them into the cache.
    Update(UpdateArgs),
    /// Read which flaws the packages of a mirror repair, from their changelogs, as a document of feeds.
    Changelogs(ChangelogsArgs),
    /// Show which advisories are used: feeds, dates, counts.
    Status(StatusArgs),
    /// Show what is known of a flaw or of a package.
    Search(search::SearchArgs),
    /// Push the database to a registry, with a signed release.
    Push(share::PushArgs),
    /// Pull a database from a registry, if its release is signed by somebody who is trusted, has not expired, and
    /// is no older than the one before.
    Pull(share::PullArgs),
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Shape {
    /// Lines for people.
    #[default]
    Text,
    /// JSON.
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// How to write the answer.
    #[arg(short, long, value_enum, default_value_t)]
    format: Shape,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UpdateArgs {
    /// Fetch only what serves this ecosystem, as OSV names it (`Debian`, `npm`); may be given several times.
    #[arg(long, value_name = "NAME")]
    ecosystem: Vec<String>,
    /// Another base address of a feed, such as a mirror; may be given several times.
    #[arg(long, value_name = "NAME=URL")]
    feed_url: Vec<String>,
    /// Take this part of a feed, such as `osv/npm`, although it has lost more than a tenth of its records; may be
    /// given several times.
    #[arg(long, value_name = "FEED")]
    accept_shrunk: Vec<String>,
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

#[derive(Debug, clap::Args)]
pub(crate) struct ChangelogsArgs {
    /// Folder with packages of Debian or Ubuntu (`*.deb`), best with the index of the suite (`Packages`).
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The release whose packages they are, such as `Debian:12` or `Ubuntu:24.04`.
    #[arg(long, value_name = "NAME")]
    ecosystem: String,
    /// File to write, for `db build` as `changelog/{…}.json` in the folder with feeds.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) fn run(verb: &Verb, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    match verb {
        Verb::Build(args) => build(args, printer),
        Verb::Update(args) => fetch(args, settings, printer),
        Verb::Status(args) => status(args, settings, printer),
        Verb::Search(args) => search::search(args, settings, printer),
        Verb::Push(args) => share::push(args, settings, printer),
        Verb::Pull(args) => share::pull(args, settings, printer),
        Verb::Changelogs(args) => changelogs(args, printer),
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
    tell(&report.problems, printer);
    Ok(Exit::Fine)
}

/// Records that are told one by one.
const TOLD: usize = 20;

/// Says which records of feeds could not be read, or not whole.
fn tell(problems: &[FeedProblem], printer: &Printer) {
    for problem in problems.iter().take(TOLD) {
        let FeedProblem {
            document,
            record,
            reason,
        } = problem;
        printer.say(&format!("{document}: {record}: {reason}"));
    }
    let more = problems.len().saturating_sub(TOLD);
    if more > 0 {
        printer.say(&format!(
            "{more} more records were left out or taken in part"
        ));
    }
}

fn changelogs(args: &ChangelogsArgs, printer: &Printer) -> Result<Exit> {
    let extract = advisory::changelog::extract(&args.from, &args.ecosystem)?;
    for (file, reason) in &extract.problems {
        printer.say(&format!("{file}: not read: {reason}"));
    }
    let told = &extract.changelogs;
    let text = serde_json::to_string_pretty(told)?;
    std::fs::write(&args.out, text)
        .with_context(|| format!("cannot write `{}`", args.out.display()))?;
    let fixes: usize = told.sources.values().map(|source| source.fixed.len()).sum();
    printer.say(&format!(
        "{} packages of {} source packages, {fixes} fixes",
        extract.packages,
        told.sources.len()
    ));
    if !told.complete {
        printer.say(&match told.missing.len() {
            0 => "no index tells whether these are all packages of the release".to_owned(),
            more => format!("{more} source packages of the index are missing"),
        });
    }
    Ok(Exit::Fine)
}

fn fetch(args: &UpdateArgs, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let mut bases = BTreeMap::new();
    let variable = settings.variable("PLIMSOLL_FEED_URLS").unwrap_or_default();
    for pair in variable
        .split_whitespace()
        .chain(args.feed_url.iter().map(String::as_str))
    {
        let Some((name, url)) = pair.split_once('=') else {
            return Err(UsageError(format!("`{pair}` is not NAME=URL")).into());
        };
        bases.insert(name.to_owned(), url.to_owned());
    }
    let database = settings.db.clone().unwrap_or_else(|| settings.cached_db());
    let request = UpdateRequest {
        ecosystems: &args.ecosystem,
        bases: &bases,
        mirror: &settings.cache_dir.join("feeds"),
        database: &database,
        now: jiff::Timestamp::now(),
        shrunk: &args.accept_shrunk,
    };
    let report = update(&settings.client(), &request, &mut |state, done| {
        printer.say(&match done {
            DocumentState::Unchanged => format!("{state}: unchanged"),
            DocumentState::Missing => format!("{state}: not published"),
            DocumentState::Fetched(size) => format!("{state}: {size} bytes"),
        });
    })
    .map_err(|error| match error {
        UpdateError::UnknownEcosystem { .. }
        | UpdateError::UnknownBase { .. }
        | UpdateError::Url { .. } => anyhow::Error::from(UsageError(error.to_string())),
        error => error.into(),
    })?;
    tell(&report.problems, printer);
    let records: u64 = report.feeds().iter().map(|feed| feed.records).sum();
    printer.say(&format!("{records} records in `{}`", database.display()));
    Ok(Exit::Fine)
}

fn status(args: &StatusArgs, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let opened = database(settings)?;
    let mut snapshot = opened.database.snapshot();
    snapshot.expires = opened.expires.or(snapshot.expires);
    let counts = opened.database.counts();
    let mut out = printer.data();
    if args.format == Shape::Json {
        let document = json!({
            "snapshot": snapshot,
            "counts": {
                "flaws": counts.flaws,
                "packages": counts.packages,
                "claims": counts.claims,
                "bytes": counts.bytes,
            },
        });
        writeln!(out, "{document:#}")?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    writeln!(out, "snapshot {}", snapshot.id)?;
    let date =
        |time: Option<jiff::Timestamp>| time.map_or_else(|| "-".to_owned(), |t| t.to_string());
    writeln!(out, "newest   {}", date(snapshot.newest))?;
    writeln!(out, "expires  {}", date(snapshot.expires))?;
    writeln!(
        out,
        "holds    {} flaws of {} packages in {} bytes",
        counts.flaws, counts.packages, counts.bytes
    )?;
    for feed in &snapshot.feeds {
        let problems = match feed.problems {
            0 => String::new(),
            some => format!(", {some} left out or taken in part"),
        };
        writeln!(
            out,
            "{:<28} {:>8} records, newest {}{problems}",
            feed.feed,
            feed.records,
            date(feed.newest)
        )?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}
