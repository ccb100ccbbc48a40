//! `cargo xtask orders`: whether versions stand in the order in which each scheme's own tool puts them.
//!
//! Pairs are made by a seeded generator, and of the versions that the shared feeds name. Where Plimsoll answers
//! otherwise than the tool, `plimsoll_testkit::orders` has to explain it; what it does not, fails the task.

mod report;
mod tools;

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use plimsoll_testkit::orders::{Comparison, EXPLANATIONS, Tools, shown, versions};
use plimsoll_version::Scheme;

use crate::workspace::{root, scratch, shared};

/// Options of `cargo xtask orders`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Ask of these schemes only, and leave the page as it is.
    #[arg(value_name = "SCHEME")]
    only: Vec<String>,
    /// How many pairs of each kind the tool has to put in order.
    #[arg(long, value_name = "N", default_value_t = LEAST)]
    pairs: usize,
}

/// What issue 4 asks of each scheme.
const LEAST: usize = 50_000;

/// The seed of the pairs; the tables of `plimsoll-version` begin with the same.
const SEED: u32 = 1;

/// The outcome of one scheme.
#[derive(Debug)]
struct Row {
    scheme: Scheme,
    tool: String,
    comparison: Comparison,
}

/// Compares, prints what nothing explains, and writes `docs/orders.md`.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut schemes = Vec::new();
    for name in &options.only {
        schemes.push(name.parse::<Scheme>()?);
    }
    if schemes.is_empty() {
        schemes.extend(Scheme::ALL);
    }
    let shared = shared().context("no shared material")?;
    let home = scratch().join("orders");
    let tools = tools::install(&home, &shared)?;
    // All tools are looked for before the first is asked for minutes.
    let mut names = Vec::new();
    for scheme in &schemes {
        names.push(
            tools
                .name(*scheme)
                .map_err(|error| tools::missing(&error))?,
        );
    }
    let real = home.join("real");
    fs::create_dir_all(&real).with_context(|| format!("cannot create `{}`", real.display()))?;
    for (scheme, versions) in versions(&shared.join("feeds")) {
        let path = real.join(scheme.name());
        fs::write(&path, versions).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    let mut rows = Vec::new();
    for (scheme, tool) in schemes.into_iter().zip(names) {
        let start = Instant::now();
        let comparison = compare(scheme, options.pairs, &tools, &real)
            .map_err(|error| anyhow!("cannot compare the order of `{scheme}`: {error}"))?;
        let (pairs, open) = (comparison.pairs, comparison.unexplained.len());
        println!(
            "{scheme}: {} made and {} real pairs, {} differences, {open} unexplained, {} s",
            pairs[0],
            pairs[1],
            comparison.differences(),
            start.elapsed().as_secs()
        );
        for difference in comparison.unexplained.iter().take(20) {
            println!("  {}", shown(difference));
        }
        rows.push(Row {
            scheme,
            tool,
            comparison,
        });
    }
    if options.only.is_empty() && options.pairs >= LEAST {
        let page = root().join("docs/orders.md");
        fs::write(&page, report::page(&rows))
            .with_context(|| format!("cannot write `{}`", page.display()))?;
        println!("written to {}", page.display());
        let needed = |place: &usize| {
            rows.iter()
                .any(|row| row.comparison.explained.contains_key(place))
        };
        let dead = (0..EXPLANATIONS.len()).filter(|place| !needed(place));
        let dead: Vec<&str> = dead.map(|place| EXPLANATIONS[place].why).collect();
        if !dead.is_empty() {
            bail!("no difference needs these explanations: {dead:#?}");
        }
    }
    if let Some(row) = rows
        .iter()
        .find(|row| row.comparison.ordered[0] < options.pairs)
    {
        bail!("the tool of `{}` puts too few pairs in order", row.scheme);
    }
    match rows
        .iter()
        .map(|row| row.comparison.unexplained.len())
        .sum::<usize>()
    {
        0 => Ok(()),
        some => bail!("nothing explains {some} differences"),
    }
}

fn compare(
    scheme: Scheme,
    count: usize,
    tools: &Tools,
    real: &std::path::Path,
) -> Result<Comparison, String> {
    let real = real.join(scheme.name());
    let answers = tools.ask(
        scheme,
        count,
        SEED,
        real.is_file().then_some(real.as_path()),
    )?;
    Comparison::of(scheme, answers, tools)
}
