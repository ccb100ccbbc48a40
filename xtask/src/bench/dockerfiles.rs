//! Dockerfiles to lint: a thousand of the size that people write, and one that nobody writes.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use plimsoll_testkit::lint::corpus;

use super::Bench;
use super::contender::{self, race};
use super::experiments::{Figure, Outcome, Part};

/// How many files hadolint and Plimsoll race over.
const FILES: usize = 1000;
/// The size of the large file in bytes.
const LARGE: usize = 10_000_000;
/// How many bytes of it are scripts.
const SCRIPTS: usize = 4_000_000;

/// A thousand files beside hadolint, and a file of 10 MB alone.
pub(super) fn lint(bench: &Bench) -> Result<Part> {
    let folder = bench.work.join("dockerfiles");
    let files = thousand(&folder)?;
    let large = bench.work.join("large.Dockerfile");
    fs::write(&large, hostile()).with_context(|| format!("cannot write `{}`", large.display()))?;
    let contenders = vec![
        contender::lint(bench, "plimsoll lint of 1,000 files", &folder),
        contender::hadolint(bench, &files),
    ];
    let mut runs = race(bench, bench.rounds, &contenders)?;
    let [ours, hadolint] = runs.as_slice() else {
        anyhow::bail!("a contender is lost");
    };
    let ratio = Figure::Ratio {
        found: ours.wall_ratio(hadolint),
        limit: 0.25,
    };
    let alone = vec![contender::lint(bench, "plimsoll lint of 10 MB", &large)];
    let of_large = race(bench, bench.rounds, &alone)?;
    let one = of_large.first().context("the large file was not linted")?;
    let figures = [
        (
            "hadolint",
            "linting 1,000 Dockerfiles: wall time over hadolint's",
            ratio,
        ),
        (
            "huge",
            "linting a Dockerfile of 10 MB: wall time",
            Figure::Time {
                found: one.median().wall.as_secs_f64() * 1000.0,
                limit: 10_000.0,
            },
        ),
        (
            "memory",
            "linting a Dockerfile of 10 MB: peak memory",
            Figure::Memory {
                found: one.highest_peak(),
                limit_mb: 1000,
            },
        ),
    ];
    let outcomes = figures.map(|(row, what, figure)| Outcome {
        row,
        what: what.to_owned(),
        figure,
    });
    runs.extend(of_large);
    let names = contenders.iter().chain(&alone);
    Ok(Part {
        image: None,
        outcomes: outcomes.into(),
        runs: names.map(|one| one.name.clone()).zip(runs).collect(),
    })
}

/// The corpus of the linter's tests, broken files apart, over and over, each file a little different from the
/// others.
fn thousand(folder: &PathBuf) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let mut corpus = corpus::files();
    corpus.retain(corpus::CorpusFile::is_whole);
    let mut paths = Vec::with_capacity(FILES);
    for (number, file) in corpus.iter().cycle().take(FILES).enumerate() {
        let path = folder.join(format!("{number}.Dockerfile"));
        let text = format!("{}\n# the {number}th\n", file.text);
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}

/// A file that costs as much as it can: long lines, many instructions, deep nesting, heredocs, quotes that
/// nobody closes. Its scripts stay below the limit of what Plimsoll reads of them in one file.
fn hostile() -> String {
    const DEPTH: usize = 90;
    // One line that is a tenth of the file.
    let long = "&& npm install a ".repeat(LARGE / 170);
    let mut text = String::with_capacity(LARGE + LARGE / 8);
    let _ = writeln!(text, "FROM debian AS first\nRUN true {long}");
    let mut scripts = long.len();
    let mut round = 0_usize;
    while text.len() < LARGE {
        let before = text.len();
        if scripts < SCRIPTS {
            write_scripts(&mut text, DEPTH, round);
            scripts += text.len() - before;
        }
        let _ = writeln!(
            text,
            "FROM first AS stage{round}\nENV A{round}=$A B{round}=${{B:-x}}"
        );
        let _ = writeln!(
            text,
            "COPY --from=stage{round} a b c{round}\nUSER root\nCMD a"
        );
        let _ = writeln!(text, "LABEL {}", "a.b=\"c d\" ".repeat(DEPTH));
        let _ = writeln!(text, "ENV {}", "SECRET_A=$PATH:x ".repeat(DEPTH));
        let _ = writeln!(text, "EXPOSE {}", "22 70000 $A ".repeat(DEPTH));
        let _ = writeln!(
            text,
            "COPY <<EOF{round} /x\n{}EOF{round}",
            "FROM a\n".repeat(DEPTH)
        );
        round += 1;
    }
    text
}

/// Commands in every way to nest and to chain them.
fn write_scripts(text: &mut String, depth: usize, round: usize) {
    let _ = writeln!(
        text,
        "RUN echo {}a{}",
        "$(".repeat(depth),
        ")".repeat(depth)
    );
    let _ = writeln!(text, "RUN {}a{}", "( ".repeat(depth), " )".repeat(depth));
    let _ = writeln!(text, "RUN {}", "if a; then ".repeat(depth));
    let _ = writeln!(text, "RUN echo {}", "\"${a:-".repeat(depth));
    let _ = writeln!(
        text,
        "RUN apt-get update {}",
        "&& apt-get install $a ".repeat(depth)
    );
    let _ = writeln!(text, "RUN {}true", "a | \\\n# between\n\n".repeat(depth));
    let _ = writeln!(
        text,
        "RUN <<EOF{round}\n{}EOF{round}",
        "cd /a; pip install b\n".repeat(depth)
    );
}
