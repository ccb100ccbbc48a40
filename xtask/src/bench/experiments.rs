//! What is measured, and the limits that were promised.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Bench;
use super::advisories;
use super::contender::{self, Cache, Contender, race};
use super::dockerfiles;
use super::images::Image;
use super::report::megabytes;
use crate::measure::Series;
use crate::process::succeed;
use crate::workspace::{build_dir, cargo, root, shared};

/// One set-up whose runs give one or more rows.
#[derive(Debug)]
pub(super) struct Experiment {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) rows: &'static [&'static str],
    pub(super) run: fn(&Bench) -> Result<Part>,
}

/// What an experiment found.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// One line on the image, if there is one.
    pub(super) image: Option<String>,
    pub(super) outcomes: Vec<Outcome>,
    /// The medians behind the outcomes.
    pub(super) runs: Vec<(String, Series)>,
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) row: &'static str,
    pub(super) what: String,
    pub(super) figure: Figure,
}

/// A figure beside its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Figure {
    /// Our wall time over the other's.
    Ratio { found: f64, limit: f64 },
    /// Milliseconds.
    Time { found: f64, limit: f64 },
    /// Bytes; the limit in units of 1,000,000.
    Memory { found: u64, limit_mb: u32 },
    /// The material was not there.
    Missing(&'static str),
}

/// All experiments, in the order of the page.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "cold",
        title: "first run on a Debian image",
        rows: &["trivy", "syft", "inflate", "peak"],
        run: cold,
    },
    Experiment {
        name: "second",
        title: "second run on the same Debian image",
        rows: &["trivy"],
        run: second,
    },
    Experiment {
        name: "growth",
        title: "first run on an image four times as large",
        rows: &["peak", "ratio"],
        run: growth,
    },
    Experiment {
        name: "million",
        title: "a million small files",
        rows: &["wall", "peak"],
        run: million,
    },
    Experiment {
        name: "match",
        title: "opening the database and matching 500 packages",
        rows: &["wall"],
        run: match_packages,
    },
    Experiment {
        name: "feeds",
        title: "building a database of all shared feeds",
        rows: &["wall", "peak"],
        run: feeds,
    },
    Experiment {
        name: "scale",
        title: "a database of a million advisories",
        rows: &["build", "peak", "file", "open", "match", "memory"],
        run: scale,
    },
    Experiment {
        name: "before",
        title: "first run beside an earlier build",
        rows: &["wall", "peak"],
        run: before,
    },
    Experiment {
        name: "lint",
        title: "Dockerfiles",
        rows: &["hadolint", "huge", "memory"],
        run: dockerfiles::lint,
    },
    Experiment {
        name: "start",
        title: "start of the program",
        rows: &["wall"],
        run: start,
    },
];

/// How often what takes milliseconds is run for each round of the long experiments.
const SHORT_RUNS: u16 = 6;

fn cold(bench: &Bench) -> Result<Part> {
    let image = bench.images.debian()?;
    let mut contenders = vec![
        contender::plimsoll(bench, &image, Cache::Cold),
        contender::trivy(bench, &image, Cache::Cold),
        contender::syft(bench, &image),
    ];
    contenders.extend(contender::inflaters(&image)?);
    let series = race(bench, bench.rounds, &contenders)?;
    let (ours, others) = split(&series)?;
    let [trivy, syft, inflaters @ ..] = others else {
        anyhow::bail!("a contender of the cold run is lost");
    };
    let (fastest, inflate) = contenders[3..]
        .iter()
        .zip(inflaters)
        .min_by_key(|(_, runs)| runs.median().wall)
        .context("no decompressor ran")?;
    let outcomes = vec![
        ratio(
            "trivy",
            "first run: wall time over Trivy's",
            ours.wall_ratio(trivy),
            0.25,
        ),
        ratio(
            "syft",
            "first run: wall time over Syft's",
            ours.wall_ratio(syft),
            0.06,
        ),
        ratio(
            "inflate",
            &format!("first run: wall time over `{}` alone", fastest.name),
            ours.wall_ratio(inflate),
            1.6,
        ),
        memory("peak", "first run: peak memory", ours, 100),
    ];
    Ok(part(Some(&image), outcomes, &contenders, series))
}

fn second(bench: &Bench) -> Result<Part> {
    let image = bench.images.debian()?;
    let contenders = vec![
        contender::plimsoll(bench, &image, Cache::Filled),
        contender::trivy(bench, &image, Cache::Filled),
    ];
    let series = race(bench, bench.rounds.saturating_mul(SHORT_RUNS), &contenders)?;
    let (ours, others) = split(&series)?;
    let trivy = others.first().context("Trivy did not run")?;
    let outcomes = vec![ratio(
        "trivy",
        "second run: wall time over Trivy's second run",
        ours.wall_ratio(trivy),
        0.12,
    )];
    Ok(part(Some(&image), outcomes, &contenders, series))
}

fn growth(bench: &Bench) -> Result<Part> {
    let small = bench.images.debian()?;
    let large = bench.images.debian_four_times()?;
    let mut contenders = vec![
        contender::plimsoll(bench, &large, Cache::Cold),
        contender::plimsoll(bench, &small, Cache::Cold),
    ];
    "plimsoll on the Debian image".clone_into(&mut contenders[1].name);
    let series = race(bench, bench.rounds, &contenders)?;
    let (ours, others) = split(&series)?;
    let before = others.first().context("the smaller image did not run")?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a ratio of two sizes, for people"
    )]
    let grown = ours.highest_peak() as f64 / before.highest_peak() as f64;
    let outcomes = vec![
        memory("peak", "four times the image: peak memory", ours, 100),
        ratio(
            "ratio",
            "four times the image: peak memory over that of the image",
            grown,
            1.25,
        ),
    ];
    Ok(part(Some(&large), outcomes, &contenders, series))
}

fn million(bench: &Bench) -> Result<Part> {
    let image = bench.images.million()?;
    let contenders = vec![contender::plimsoll(bench, &image, Cache::Cold)];
    let series = race(bench, bench.rounds, &contenders)?;
    let (ours, _) = split(&series)?;
    let outcomes = vec![
        time(
            "wall",
            "a million files: wall time",
            milliseconds(ours),
            10_000.0,
        ),
        memory("peak", "a million files: peak memory", ours, 300),
    ];
    Ok(part(Some(&image), outcomes, &contenders, series))
}

/// The shared feeds, or why there are none.
fn shared_feeds() -> Result<PathBuf, Figure> {
    shared()
        .map(|path| path.join("feeds"))
        .filter(|path| path.is_dir())
        .ok_or(Figure::Missing("no feeds; set PLIMSOLL_SHARED"))
}

/// A part of which the material was not there.
fn missing(rows: &[(&'static str, &str)], figure: Figure) -> Part {
    let rows = rows.iter().map(|(row, what)| outcome(row, what, figure));
    Part {
        outcomes: rows.collect(),
        ..Part::default()
    }
}

fn feeds(bench: &Bench) -> Result<Part> {
    const WALL: &str = "building a database of all shared feeds: wall time";
    const PEAK: &str = "building a database of all shared feeds: peak memory";
    let feeds = match shared_feeds() {
        Ok(feeds) => feeds,
        Err(figure) => return Ok(missing(&[("wall", WALL), ("peak", PEAK)], figure)),
    };
    let contenders = vec![contender::build(bench, &feeds)];
    let series = race(bench, bench.rounds, &contenders)?;
    let (ours, _) = split(&series)?;
    let outcomes = vec![
        time("wall", WALL, milliseconds(ours), 15_000.0),
        memory("peak", PEAK, ours, 500),
    ];
    Ok(part(None, outcomes, &contenders, series))
}

/// `db status` opens and does no more; the difference to `--version` is the opening. Matching is measured inside of a
/// process, as most of what a scan of such a list takes is the report on more than a thousand flaws.
fn scale(bench: &Bench) -> Result<Part> {
    const ROWS: &[(&str, &str)] = &[
        ("build", "a million advisories: building the database"),
        ("peak", "a million advisories: peak memory of building"),
        ("file", "a million advisories: size of the database"),
        (
            "open",
            "a million advisories: opening (`db status` less `--version`)",
        ),
        (
            "match",
            "a million advisories: opening and matching 1,000 packages, without start and report",
        ),
        (
            "memory",
            "a million advisories: memory of `scan` of 10,000 packages, report included, above that of `--version`",
        ),
    ];
    let feeds = match shared_feeds() {
        Ok(feeds) => feeds,
        Err(figure) => return Ok(missing(ROWS, figure)),
    };
    let blown = advisories::blown(bench.home.join("feeds"), &feeds.join("osv"))?;
    let building = [contender::build(bench, &blown.mirror())];
    // One run counts: it is long, and its limit is far.
    let built = contender::once(bench, &building[0])?;
    let database = bench.work.join(contender::BUILT);
    let size = std::fs::metadata(&database)
        .context("no database was built")?
        .len();
    let (thousand, many) = (blown.packages(1_000)?, blown.packages(10_000)?);
    let contenders = vec![
        contender::start(bench),
        contender::status(bench, &database),
        contender::scan_list(bench, "1,000", &thousand, &database),
        contender::convert(bench, &thousand),
        contender::scan_list(bench, "10,000", &many, &database),
    ];
    let series = race(bench, bench.rounds.saturating_mul(SHORT_RUNS), &contenders)?;
    let [start, status, _, _, scan_many] = series.as_slice() else {
        anyhow::bail!("a contender is lost");
    };
    let less = |more: &Series, less: &Series| (milliseconds(more) - milliseconds(less)).max(0.0);
    let above = scan_many
        .highest_peak()
        .saturating_sub(start.highest_peak());
    let figures = [
        Figure::Time {
            found: milliseconds(&built),
            limit: 300_000.0,
        },
        Figure::Memory {
            found: built.highest_peak(),
            limit_mb: 2000,
        },
        Figure::Memory {
            found: size,
            limit_mb: 150,
        },
        Figure::Time {
            found: less(status, start),
            limit: 2.0,
        },
        Figure::Time {
            found: match_alone(bench, &database, &thousand)?,
            limit: 20.0,
        },
        Figure::Memory {
            found: above,
            limit_mb: 60,
        },
    ];
    let outcomes = ROWS
        .iter()
        .zip(figures)
        .map(|((row, what), figure)| outcome(row, what, figure));
    let outcomes = outcomes.collect();
    let mut part = part(None, outcomes, &contenders, series.clone());
    part.runs.push((building[0].name.clone(), built));
    Ok(part)
}

/// How long the library takes to open a database and match a list, in milliseconds; the median of its rounds.
fn match_alone(bench: &Bench, database: &Path, list: &Path) -> Result<f64> {
    let name = "match_list";
    succeed(
        Command::new(cargo())
            // With the program's package, so that nothing is compiled anew for want of a feature.
            .args(["build", "--release", "--package", "plimsoll"])
            .args(["--package", "plimsoll-assess", "--example", name])
            .current_dir(root()),
    )?;
    let rounds = bench.rounds.saturating_mul(SHORT_RUNS);
    let output = Command::new(build_dir().join("release/examples").join(name))
        .arg(database)
        .arg(list)
        .arg(rounds.to_string())
        .output()
        .with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::bail!("`{name}` failed: {}", said.trim());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let median = said.trim().parse();
    median.with_context(|| format!("`{name}` printed `{}`", said.trim()))
}

/// The catalogers that came since may cost 15 % of the time of the build that had the first of them.
fn before(bench: &Bench) -> Result<Part> {
    const WALL: &str = "first run: wall time over that of an earlier build";
    const PEAK: &str = "first run beside an earlier build: peak memory";
    let Some(earlier) = &bench.before else {
        let figure = Figure::Missing("no earlier build; name one with --before");
        return Ok(missing(&[("wall", WALL), ("peak", PEAK)], figure));
    };
    let image = bench.images.debian()?;
    let contenders = vec![
        contender::plimsoll(bench, &image, Cache::Cold),
        contender::earlier(bench, earlier, &image),
    ];
    let series = race(bench, bench.rounds.saturating_mul(2), &contenders)?;
    let (ours, others) = split(&series)?;
    let earlier = others.first().context("the earlier build did not run")?;
    let outcomes = vec![
        ratio("wall", WALL, ours.wall_ratio(earlier), 1.15),
        memory("peak", PEAK, ours, 120),
    ];
    Ok(part(Some(&image), outcomes, &contenders, series))
}

/// `scan` over cached facts does what `sbom` over cached facts does, and then opens the database
/// and matches; the difference of the two is the figure.
fn match_packages(bench: &Bench) -> Result<Part> {
    const WHAT: &str = "opening the database and matching 500 packages (scan less sbom)";
    let feeds = match shared_feeds() {
        Ok(feeds) => feeds,
        Err(figure) => return Ok(missing(&[("wall", WHAT)], figure)),
    };
    let database = build_database(bench, feeds)?;
    let image = bench.images.five_hundred()?;
    let contenders = vec![
        contender::scan(bench, &image, &database),
        contender::plimsoll(bench, &image, Cache::Filled),
    ];
    let series = race(bench, bench.rounds.saturating_mul(SHORT_RUNS), &contenders)?;
    let (scan, others) = split(&series)?;
    let sbom = others.first().context("`sbom` did not run")?;
    let difference = (milliseconds(scan) - milliseconds(sbom)).max(0.0);
    let outcomes = vec![time("wall", WHAT, difference, 10.0)];
    Ok(part(Some(&image), outcomes, &contenders, series))
}

fn build_database(bench: &Bench, feeds: PathBuf) -> Result<PathBuf> {
    let file = bench.work.join("advisories.db");
    succeed(
        Command::new(&bench.plimsoll)
            .args(["db", "build", "--quiet", "--from"])
            .arg(feeds)
            .arg("--out")
            .arg(&file),
    )?;
    Ok(file)
}

fn start(bench: &Bench) -> Result<Part> {
    let contenders = vec![contender::start(bench)];
    let series = race(bench, bench.rounds.saturating_mul(SHORT_RUNS), &contenders)?;
    let (ours, _) = split(&series)?;
    let outcomes = vec![time(
        "wall",
        "start of the program (`--version`)",
        milliseconds(ours),
        5.0,
    )];
    Ok(part(None, outcomes, &contenders, series))
}

fn split(series: &[Series]) -> Result<(&Series, &[Series])> {
    series.split_first().context("nothing was measured")
}

fn part(
    image: Option<&Image>,
    outcomes: Vec<Outcome>,
    contenders: &[Contender],
    series: Vec<Series>,
) -> Part {
    let names = contenders.iter().map(|contender| contender.name.clone());
    Part {
        image: image.map(|image| {
            format!(
                "One gzip layer of {}, {} inflated.",
                megabytes(image.compressed),
                megabytes(image.inflated)
            )
        }),
        outcomes,
        runs: names.zip(series).collect(),
    }
}

fn milliseconds(series: &Series) -> f64 {
    series.median().wall.as_secs_f64() * 1000.0
}

fn ratio(row: &'static str, what: &str, found: f64, limit: f64) -> Outcome {
    let figure = Figure::Ratio { found, limit };
    outcome(row, what, figure)
}

fn time(row: &'static str, what: &str, found: f64, limit: f64) -> Outcome {
    outcome(row, what, Figure::Time { found, limit })
}

fn memory(row: &'static str, what: &str, series: &Series, limit_mb: u32) -> Outcome {
    let found = series.highest_peak();
    outcome(row, what, Figure::Memory { found, limit_mb })
}

fn outcome(row: &'static str, what: &str, figure: Figure) -> Outcome {
    Outcome {
        row,
        what: what.to_owned(),
        figure,
    }
}
