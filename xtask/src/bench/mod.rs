//! `cargo xtask bench`: how fast and how small Plimsoll is beside its peers.
//!
//! The real Trivy, the real Syft and the fastest decompressors of this machine run in turns with
//! Plimsoll on the same images, so that whatever else the machine does hits all of them alike.
//! Each row of the table compares medians with a limit.
//! The images are made here, from packages of the distribution, so that anyone can repeat it.

mod advisories;
mod contender;
mod dockerfiles;
mod experiments;
mod images;
mod layer;
mod report;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::peers::{self, Peers};
use crate::process::succeed;
use crate::workspace::{build_dir, cargo, root, scratch};

use experiments::{EXPERIMENTS, Experiment};
use images::Images;
use report::Report;

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measure only these rows, named as `cold/trivy`, or all rows of an experiment: `cold`.
    /// The page of results is then left as it is.
    #[arg(value_name = "ROW")]
    only: Vec<String>,
    /// How often each program runs on an image; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Measure this program instead of a fresh release build.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// An earlier build to hold the program against.
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// Name the rows and stop.
    #[arg(long)]
    list: bool,
    /// Make the feeds of a million records of these archives in this folder and stop.
    #[arg(long, hide = true, num_args = 2, value_names = ["HOME", "OSV"])]
    blow: Option<Vec<PathBuf>>,
}

/// What every experiment works with.
#[derive(Debug)]
struct Bench {
    plimsoll: PathBuf,
    /// An earlier build.
    before: Option<PathBuf>,
    /// What is kept from run to run.
    home: PathBuf,
    peers: Peers,
    images: Images,
    /// A folder for caches and outputs, empty at the start of the run.
    work: PathBuf,
    rounds: u16,
}

/// Measures, prints the table and writes it to `docs/benchmarks.md`.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        for (experiment, row) in EXPERIMENTS.iter().flat_map(rows) {
            println!("{experiment}/{row}");
        }
        return Ok(());
    }
    if let Some([home, osv]) = options.blow.as_deref() {
        return advisories::make(home, osv);
    }
    let chosen = choose(&options.only)?;
    let bench = set_up(options)?;
    let mut report = Report::new(&bench)?;
    for experiment in chosen {
        println!("== {}: {}", experiment.name, experiment.title);
        let mut part = (experiment.run)(&bench)
            .with_context(|| format!("the experiment `{}` failed", experiment.name))?;
        part.outcomes
            .retain(|outcome| selected(&options.only, experiment.name, outcome.row));
        report.add(experiment, part);
    }
    println!("\n{}", report.rows());
    if options.only.is_empty() {
        let page = root().join("docs/benchmarks.md");
        fs::create_dir_all(root().join("docs")).context("cannot create `docs`")?;
        fs::write(&page, report.page())
            .with_context(|| format!("cannot write `{}`", page.display()))?;
        println!("written to {}", page.display());
    }
    match report.misses() {
        0 => Ok(()),
        misses => bail!("{misses} of the rows missed their limit or could not be measured"),
    }
}

fn set_up(options: &Options) -> Result<Bench> {
    let home = scratch().join("bench");
    let work = home.join("work");
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot clear `{}`", work.display()))?;
    }
    fs::create_dir_all(&work).with_context(|| format!("cannot create `{}`", work.display()))?;
    let there = |program: &PathBuf| {
        fs::canonicalize(program)
            .with_context(|| format!("there is no program `{}`", program.display()))
    };
    let plimsoll = match &options.program {
        Some(program) => there(program)?,
        None => build()?,
    };
    Ok(Bench {
        plimsoll,
        before: options.before.as_ref().map(there).transpose()?,
        home: home.clone(),
        peers: peers::install()?,
        images: Images::new(home.join("images")),
        work,
        rounds: options.rounds,
    })
}

fn build() -> Result<PathBuf> {
    succeed(
        Command::new(cargo())
            .args(["build", "--release", "--package", "plimsoll"])
            .current_dir(root()),
    )?;
    Ok(build_dir().join("release/plimsoll"))
}

fn rows(experiment: &Experiment) -> impl Iterator<Item = (&'static str, &'static str)> {
    let name = experiment.name;
    experiment.rows.iter().map(move |row| (name, *row))
}

/// The experiments that give at least one of the rows asked for.
fn choose(only: &[String]) -> Result<Vec<&'static Experiment>> {
    for wanted in only {
        let one = std::slice::from_ref(wanted);
        if !EXPERIMENTS
            .iter()
            .flat_map(rows)
            .any(|(experiment, row)| selected(one, experiment, row))
        {
            bail!("no row is named `{wanted}`; `cargo xtask bench --list` names them");
        }
    }
    let chosen = EXPERIMENTS
        .iter()
        .filter(|experiment| rows(experiment).any(|(name, row)| selected(only, name, row)));
    Ok(chosen.collect())
}

fn selected(only: &[String], experiment: &str, row: &str) -> bool {
    only.is_empty()
        || only.iter().any(|wanted| {
            wanted == experiment
                || wanted
                    .strip_prefix(experiment)
                    .and_then(|rest| rest.strip_prefix('/'))
                    == Some(row)
        })
}

#[cfg(test)]
mod tests {
    use super::{choose, selected};

    #[test]
    fn rows_are_chosen_by_experiment_or_by_full_name() {
        let only = ["cold".to_owned(), "second/trivy".to_owned()];
        assert!(selected(&only, "cold", "syft"));
        assert!(selected(&only, "second", "trivy"));
        assert!(!selected(&only, "second", "other"));
        assert!(!selected(&only, "million", "wall"));
        assert!(selected(&[], "million", "wall"));
    }

    #[test]
    fn an_unknown_row_is_an_error() {
        assert!(choose(&["colder".to_owned()]).is_err());
        assert_eq!(choose(&["cold/syft".to_owned()]).unwrap().len(), 1);
    }
}
