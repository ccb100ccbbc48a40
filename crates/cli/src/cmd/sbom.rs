//! `plimsoll sbom`: the bill of materials.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use plimsoll_assess::sbom;
use plimsoll_model::Problem;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::facts::ImageFacts;
use plimsoll_policy::Policy;
use plimsoll_report::{Bill, Commit, SBOMS, SbomFormat, sbom_format};
use serde_json::json;

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{Demands, ImageArgs, database, document, facts, judged, sbom_facts};
use crate::statements::StatementArgs;

/// List the packages of an image; convert, compare and judge bills of materials.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(flatten)]
    image: Option<ImageArgs>,
    #[command(flatten)]
    output: OutputArgs,
    /// Say how much of what NTIA and BSI TR-03183-2 demand is in the bill of materials FILE, which then
    /// stands in the place of IMAGE; `-f` is text or json.
    #[arg(long)]
    quality: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What is done with bills of materials. An image of such a name is `docker.io/library/NAME`.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Write a bill of materials in another format.
    Convert {
        /// The bill of materials; `-` is standard input.
        file: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Say which packages were added, removed and changed between two bills of materials.
    Diff {
        /// The bill of materials before.
        before: String,
        /// The bill of materials after.
        after: String,
        /// How to write it: text or json.
        #[arg(short, long, default_value = "text")]
        format: String,
    },
}

/// How a bill of materials is written.
#[derive(Debug, clap::Args)]
struct OutputArgs {
    /// How to write the bill of materials: `cyclonedx`, `cyclonedx-xml`, `spdx-json`, `spdx-tag-value`,
    /// `syft-json`, `github-json` or `purls`; other versions as `cyclonedx-json@1.5` (1.4 to 1.7) and
    /// `spdx-json@3.0`.
    #[arg(short, long)]
    format: Option<String>,
    /// Say more than which packages there are: `vulnerabilities` adds what the advisories say of them.
    /// `vex` adds as well what `--vex` and `--ignore-file` say. CycloneDX alone has room for it.
    #[arg(long, value_name = "WHAT")]
    with: Vec<Extra>,
    #[command(flatten)]
    statements: StatementArgs,
}

/// What a bill of materials may say besides its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Extra {
    /// Flaws of the packages.
    Vulnerabilities,
    /// Flaws of the packages, with what people say of them.
    Vex,
}

impl OutputArgs {
    /// The format, if it has room for everything that is asked for.
    fn format(&self) -> Result<&'static dyn SbomFormat> {
        let format = format(self.name())?;
        if self.statements.is_given() && !self.with.contains(&Extra::Vex) {
            let reason = "`--vex` and `--ignore-file` need `--with vex`";
            return Err(UsageError(reason.to_owned()).into());
        }
        if !self.with.is_empty() && !format.takes_vulnerabilities() {
            let able = SBOMS.iter().filter(|one| one.takes_vulnerabilities());
            let names = able.filter_map(|one| one.names().first()).copied();
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(UsageError(format!(
                "`{}` has no room for vulnerabilities; these have: {names}",
                self.name()
            ))
            .into());
        }
        Ok(format)
    }

    fn name(&self) -> &str {
        self.format.as_deref().unwrap_or("cyclonedx")
    }
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    match (&args.verb, &args.image) {
        (Some(Verb::Convert { file, output }), _) => {
            let format = output.format()?;
            let facts = sbom_facts(bare(file))?;
            list(facts, output, format, settings, printer)
        }
        (
            Some(Verb::Diff {
                before,
                after,
                format,
            }),
            _,
        ) => compare((before, after), is_json(format)?, printer),
        (None, Some(image)) if args.quality => {
            let json = is_json(args.output.format.as_deref().unwrap_or("text"))?;
            judge(bare(image.name()), json, settings, printer)
        }
        (None, Some(image)) => {
            let format = args.output.format()?;
            let facts = facts(image, settings, printer)?;
            list(facts, &args.output, format, settings, printer)
        }
        (None, None) => Err(UsageError("no image is given".to_owned()).into()),
    }
}

/// A file that may be named as a source.
fn bare(file: &str) -> &str {
    file.strip_prefix("sbom:").unwrap_or(file)
}

fn is_json(format: &str) -> Result<bool> {
    match format {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err(UsageError(format!("`{format}` is not a format; there are text, json")).into()),
    }
}

/// Prints which packages differ.
fn compare((before, after): (&str, &str), json: bool, printer: &Printer) -> Result<Exit> {
    let (old, new) = (sbom_facts(bare(before))?, sbom_facts(bare(after))?);
    let changes = sbom::diff(&old.packages, &new.packages);
    let mut out = printer.data();
    if json {
        let rows: Vec<_> = changes
            .iter()
            .map(|change| {
                json!({
                    "ecosystem": change.ecosystem,
                    "name": change.name,
                    "before": change.before,
                    "after": change.after,
                })
            })
            .collect();
        writeln!(out, "{:#}", json!({"changes": rows}))?;
    }
    for change in changes.iter().filter(|_| !json) {
        let (old, new) = (change.before.join(", "), change.after.join(", "));
        let line = match (old.as_str(), new.as_str()) {
            ("", new) => format!("+ {} {new}", change.name),
            (old, "") => format!("- {} {old}", change.name),
            (old, new) => format!("~ {} {old} -> {new}", change.name),
        };
        writeln!(out, "{} ({})", shown(&line), change.ecosystem.row().display)?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Prints how much of what standards demand a document says.
fn judge(file: &str, json: bool, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let document = document(file)?;
    let standards = sbom::quality(&document);
    let mut out = printer.data();
    if json {
        let element = |element: &sbom::Element| {
            json!({
                "id": element.id,
                "title": element.title.get(settings.language),
                "met": element.met,
                "of": element.of,
                "score": element.score(),
            })
        };
        let standards: Vec<_> = standards
            .iter()
            .map(|standard| {
                json!({
                    "id": standard.id,
                    "name": standard.name,
                    "score": standard.score(),
                    "elements": standard.elements.iter().map(element).collect::<Vec<_>>(),
                })
            })
            .collect();
        let format = document.format.name();
        writeln!(
            out,
            "{:#}",
            json!({"format": format, "standards": standards})
        )?;
    }
    for standard in standards.iter().filter(|_| !json) {
        writeln!(out, "{:>3} %  {}", standard.score(), standard.name)?;
        for element in &standard.elements {
            let title = element.title.get(settings.language);
            let (met, of) = (element.met, element.of);
            writeln!(out, "  {:>3} %  {title}: {met}/{of}", element.score())?;
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Text of a document, which must not steer the terminal.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// Writes the bill of materials of these facts.
fn list(
    facts: ImageFacts,
    output: &OutputArgs,
    format: &dyn SbomFormat,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit> {
    let created = settings.source_date()?;
    if !output.with.is_empty() {
        let statements = output.statements.read()?;
        let database = database(settings)?;
        let now = Timestamp::now();
        let policy = Policy::default();
        let demands = Demands::of(&policy, Path::new(""))?;
        let mut assessment = judged(facts, &database, &demands, None, now)?;
        output
            .statements
            .apply(statements, &mut assessment, settings, now)?;
        let facts = &assessment.facts;
        write(
            (facts, Some(&assessment)),
            format,
            created,
            settings,
            printer,
        )?;
        tell(&assessment.problems, printer);
        std::mem::forget(assessment);
        return Ok(Exit::Fine);
    }
    write((&facts, None), format, created, settings, printer)?;
    tell(&facts.problems, printer);
    // The program ends here; freeing every package one by one would only take time.
    std::mem::forget(facts);
    Ok(Exit::Fine)
}

/// Says what limits the bill of materials.
fn tell(problems: &[Problem], printer: &Printer) {
    for problem in problems
        .iter()
        .filter(|p| p.effect != plimsoll_model::Effect::Note)
    {
        printer.say(&format!(
            "plimsoll: {}: {}",
            problem.subject, problem.reason
        ));
    }
}

fn format(name: &str) -> Result<&'static dyn SbomFormat> {
    sbom_format(name).ok_or_else(|| {
        let names = SBOMS.iter().filter_map(|format| format.names().first());
        let names = names.copied().collect::<Vec<_>>().join(", ");
        UsageError(format!("`{name}` is not a format; there are {names}")).into()
    })
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
    (facts, assessment): (&ImageFacts, Option<&Assessment>),
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
        assessment,
    };
    let mut out = printer.data();
    format.write(&bill, &mut out)?;
    out.flush()?;
    Ok(())
}
