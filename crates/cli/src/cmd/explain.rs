//! `plimsoll explain`: why an answer is what it is.

use std::cmp::Ordering;
use std::io::{BufRead, Write};

use anyhow::Result;
use plimsoll_version::Scheme;

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;

/// Explain an answer.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Compare two versions: prints `<`, `=` or `>`.
    Version(VersionArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionArgs {
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

pub(crate) fn run(verb: &Verb, _: &Settings, printer: &mut Printer) -> Result<Exit> {
    let Verb::Version(args) = verb;
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
