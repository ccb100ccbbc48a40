//! `plimsoll explain`: why an answer is what it is.

use std::cmp::Ordering;
use std::io::{BufRead, Write};

use anyhow::Result;
use plimsoll_assess::lint::rules_named;
use plimsoll_assess::{controls_named, explain, question};
use plimsoll_model::control::ControlPage;
use plimsoll_report::{
    ExplanationFormat, RulesFormat, write_controls, write_explanation, write_rules,
};
use plimsoll_version::Scheme;

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{ImageArgs, database, facts};

/// Explain an answer: why a flaw is held to be in an image or not, what became of a package, why a rule of the linter
/// exists, or what a control of the CIS Docker Benchmark asks and what answers it.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(flatten)]
    image: Option<ImageArgs>,
    /// A package of the image (name, source package or package URL), or an id of a flaw such as
    /// `CVE-2023-0286`. Without it, what stands in the place of the image is a rule of the linter, by id or alias:
    /// `latest-base`, `DL3007`, or a control: `4.6`, `CIS-4.6`.
    what: Option<String>,
    /// Of that package this flaw alone.
    id: Option<String>,
    /// How to write the explanation: terminal or json.
    #[arg(short, long, default_value = "terminal")]
    format: String,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Compare two versions: prints `<`, `=` or `>`.
    Version(VersionArgs),
}

#[derive(Debug, clap::Args)]
struct VersionArgs {
    /// How versions are ordered: deb, rpm, apk, semver, npm, pep440, maven, go, gem, nuget, composer, pacman, portage,
    /// hex, pub, swift, cran, hackage, conan or kb.
    #[arg(required_unless_present = "stdin")]
    scheme: Option<String>,
    /// One version.
    #[arg(required_unless_present = "stdin", allow_hyphen_values = true)]
    a: Option<String>,
    /// The other version.
    #[arg(required_unless_present = "stdin", allow_hyphen_values = true)]
    b: Option<String>,
    /// Read lines `SCHEME<TAB>A<TAB>B` and answer each with a line; `?` where a version does not parse.
    #[arg(long, conflicts_with_all = ["scheme", "a", "b"])]
    stdin: bool,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    match (&args.verb, &args.image, &args.what) {
        (Some(Verb::Version(args)), _, _) => version(args, printer),
        (None, Some(image), Some(what)) => of_image(args, image, what, settings, printer),
        (None, Some(rule), None) => of_rule(args, rule.name(), settings, printer),
        (None, None, _) => Err(UsageError(
            "an image and a package or an id, or a rule, are needed".to_owned(),
        )
        .into()),
    }
}

/// Follows packages of an image to their advisories.
fn of_image(
    args: &Args,
    image: &ImageArgs,
    what: &str,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit> {
    let format = format(args)?;
    let database = database(settings)?.database;
    let facts = facts(image, settings, printer)?;
    let question = question(&facts, what, args.id.as_deref());
    let explanation = explain(facts, question, &database)?;
    let mut out = printer.data();
    let settings = printer.report_settings(settings.language);
    write_explanation(&explanation, format, &settings, &mut out)?;
    out.flush()?;
    Ok(Exit::Fine)
}

fn format(args: &Args) -> Result<ExplanationFormat> {
    match args.format.as_str() {
        "terminal" => Ok(ExplanationFormat::Terminal),
        "json" => Ok(ExplanationFormat::Json),
        other => {
            let reason = format!("`{other}` is not a format; there are terminal, json");
            Err(UsageError(reason).into())
        }
    }
}

/// Says what controls ask, and what answers them.
fn of_controls(
    pages: &[ControlPage],
    format: ExplanationFormat,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit> {
    let mut out = printer.data();
    let settings = printer.report_settings(settings.language);
    write_controls(pages, format, &settings, &mut out)?;
    out.flush()?;
    Ok(Exit::Fine)
}

/// Says what a rule of the linter asks, and why; or a control of a benchmark.
fn of_rule(args: &Args, name: &str, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let format = format(args)?;
    let controls = controls_named(name);
    if !controls.is_empty() {
        return of_controls(&controls, format, settings, printer);
    }
    let format = match format {
        ExplanationFormat::Terminal => RulesFormat::Pages,
        ExplanationFormat::Json => RulesFormat::Json,
    };
    let pages = rules_named(name);
    if pages.is_empty() {
        let reason = format!(
            "`{name}` is no rule of the linter and no control of section 4 of the CIS Docker Benchmark, and of an image a \
             package or an id is needed as well"
        );
        return Err(UsageError(reason).into());
    }
    let mut out = printer.data();
    let settings = printer.report_settings(settings.language);
    write_rules(&pages, format, &settings, &mut out)?;
    out.flush()?;
    Ok(Exit::Fine)
}

fn version(args: &VersionArgs, printer: &Printer) -> Result<Exit> {
    let mut out = printer.data();
    if args.stdin {
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            writeln!(out, "{}", answer_line(&String::from_utf8_lossy(&line)))?;
        }
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let (Some(scheme), Some(a), Some(b)) = (&args.scheme, &args.a, &args.b) else {
        return Err(UsageError("a scheme and two versions are needed".to_owned()).into());
    };
    let scheme: Scheme = scheme
        .parse()
        .map_err(|_| UsageError(format!("`{scheme}` is not a version scheme")))?;
    let order = scheme
        .compare(a, b)
        .map_err(|error| UsageError(error.to_string()))?;
    writeln!(out, "{}", sign(order))?;
    out.flush()?;
    Ok(Exit::Fine)
}

fn answer_line(line: &str) -> &'static str {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut columns = line.split('\t');
    let (Some(scheme), Some(a), Some(b), None) = (
        columns.next(),
        columns.next(),
        columns.next(),
        columns.next(),
    ) else {
        return "?";
    };
    let Ok(scheme) = scheme.parse::<Scheme>() else {
        return "?";
    };
    scheme.compare(a, b).map_or("?", sign)
}

fn sign(order: Ordering) -> &'static str {
    match order {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    }
}
