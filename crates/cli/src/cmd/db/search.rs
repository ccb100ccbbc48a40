//! `plimsoll db search`: what the database knows of a flaw or of a package.

use std::io::Write;

use anyhow::Result;
use plimsoll_assess::advisory::Statement;
use plimsoll_assess::advisory::db::KnownFlaw;
use plimsoll_model::advisory::Doubt;
use serde_json::json;

use super::Shape;
use crate::exit::Exit;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::database;

#[derive(Debug, clap::Args)]
pub(crate) struct SearchArgs {
    /// An id of a flaw, such as `CVE-2021-44228` or `GHSA-jfh8-c2jp-5v3q`, or the name of a package.
    what: String,
    /// Only in this ecosystem, as OSV names it, with its release or without (`Debian:12`, `npm`).
    #[arg(long, value_name = "NAME")]
    ecosystem: Option<String>,
    /// How to write the answer.
    #[arg(short, long, value_enum, default_value_t)]
    format: Shape,
}

pub(super) fn search(args: &SearchArgs, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let database = database(settings)?.database;
    let mut flaws = database.find(&args.what)?;
    if flaws.is_empty() {
        // Ids of CVE, DSA and their like are written in capitals.
        flaws = database.find(&args.what.to_ascii_uppercase())?;
    }
    let statements = database.statements(&args.what, args.ecosystem.as_deref())?;
    let mut out = printer.data();
    if args.format == Shape::Json {
        let document = json!({
            "flaws": flaws.iter().map(flaw).collect::<Vec<_>>(),
            "statements": statements.iter().map(statement).collect::<Vec<_>>(),
        });
        writeln!(out, "{document:#}")?;
    } else {
        for flaw in &flaws {
            show(flaw, &mut out)?;
        }
        for one in &statements {
            writeln!(
                out,
                "{:<16} {:<18} {}  ({} {})",
                one.ecosystem, one.flaw, one.rule, one.feed, one.record
            )?;
        }
    }
    out.flush()?;
    if flaws.is_empty() && statements.is_empty() {
        printer.say(&format!("the database knows nothing of `{}`", args.what));
    }
    Ok(Exit::Fine)
}

fn show(flaw: &KnownFlaw, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}  {}", flaw.id, flaw.title)?;
    if !flaw.aliases.is_empty() {
        writeln!(out, "  also      {}", flaw.aliases.join(", "))?;
    }
    for rating in &flaw.ratings {
        let rated = &rating.rating;
        writeln!(
            out,
            "  rated     {:.1} {} ({})",
            rated.score(),
            rated.vector,
            rating.source()
        )?;
    }
    if let Some(exploited) = flaw.exploited {
        let since = exploited
            .added
            .map_or_else(String::new, |day| format!(" since {day}"));
        writeln!(out, "  exploited known to be{since}")?;
    }
    if let Some(epss) = flaw.epss {
        let percent = epss.probability * 100.0;
        writeln!(out, "  EPSS      {percent:.2} % ({})", epss.date)?;
    }
    for doubt in &flaw.doubts {
        let doubt = match doubt {
            Doubt::Disputed => "disputed",
            Doubt::Rejected => "rejected",
        };
        writeln!(out, "  doubt     {doubt}")?;
    }
    if flaw.malicious {
        writeln!(out, "  malware")?;
    }
    for (name, time) in [("published", flaw.published), ("modified ", flaw.modified)] {
        if let Some(time) = time {
            writeln!(out, "  {name} {time}")?;
        }
    }
    for record in &flaw.records {
        let withdrawn = record
            .withdrawn
            .map_or_else(String::new, |time| format!(", withdrawn {time}"));
        writeln!(out, "  record    {} {}{withdrawn}", record.feed, record.id)?;
    }
    for reference in &flaw.references {
        writeln!(out, "  read      {reference}")?;
    }
    Ok(())
}

fn flaw(flaw: &KnownFlaw) -> serde_json::Value {
    json!({
        "id": flaw.id,
        "aliases": flaw.aliases,
        "title": flaw.title,
        "description": flaw.description,
        "knownExploited": flaw.exploited,
        "epss": flaw.epss,
        "doubts": flaw.doubts,
        "malicious": flaw.malicious,
        "published": flaw.published,
        "modified": flaw.modified,
        "ratings": flaw.ratings.iter().map(|rating| json!({
            "vector": rating.rating.vector,
            "score": rating.rating.score(),
            "source": rating.source(),
        })).collect::<Vec<_>>(),
        "records": flaw.records.iter().map(|record| json!({
            "feed": record.feed,
            "id": record.id,
            "withdrawn": record.withdrawn,
        })).collect::<Vec<_>>(),
        "references": flaw.references,
    })
}

fn statement(one: &Statement) -> serde_json::Value {
    json!({
        "ecosystem": one.ecosystem,
        "package": one.package,
        "flaw": one.flaw,
        "aliases": one.aliases,
        "feed": one.feed,
        "record": one.record,
        "rule": one.rule,
    })
}
