//! The table for the terminal and the page `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::thread;

use anyhow::Result;

use super::Bench;
use super::experiments::{Experiment, Figure, Part};
use crate::process::capture;

/// Everything that was found, in the order in which it was measured.
#[derive(Debug)]
pub(super) struct Report {
    programs: String,
    machine: String,
    rounds: u16,
    parts: Vec<(&'static Experiment, Part)>,
}

/// Whether a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Pass,
    Miss,
    NotMeasured,
}

impl Report {
    pub(super) fn new(bench: &Bench) -> Result<Self> {
        let version = |program| capture(Command::new(program).arg("--version"));
        let trivy = version(&bench.peers.trivy)?;
        let syft = version(&bench.peers.syft)?;
        let hadolint = version(&bench.peers.hadolint)?;
        let programs = format!(
            "{}; Trivy {}; Syft {}; hadolint {}",
            version(&bench.plimsoll)?,
            trivy
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("Version: "),
            syft.trim_start_matches("syft "),
            hadolint.trim_start_matches("Haskell Dockerfile Linter "),
        );
        Ok(Self {
            programs,
            machine: machine(),
            rounds: bench.rounds,
            parts: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, experiment: &'static Experiment, part: Part) {
        self.parts.push((experiment, part));
    }

    /// How many rows did not pass.
    pub(super) fn misses(&self) -> usize {
        self.parts
            .iter()
            .flat_map(|(_, part)| &part.outcomes)
            .filter(|outcome| standing(outcome.figure) != Standing::Pass)
            .count()
    }

    /// The rows as a Markdown table.
    pub(super) fn rows(&self) -> String {
        let mut text = String::from("| row | measure | found | limit | |\n|---|---|---|---|---|\n");
        for (experiment, part) in &self.parts {
            for outcome in &part.outcomes {
                let (found, limit) = show(outcome.figure);
                let word = match standing(outcome.figure) {
                    Standing::Pass => "pass",
                    Standing::Miss => "**miss**",
                    Standing::NotMeasured => "not measured",
                };
                let (name, row, what) = (experiment.name, outcome.row, &outcome.what);
                let _ = writeln!(
                    text,
                    "| `{name}/{row}` | {what} | {found} | {limit} | {word} |"
                );
            }
        }
        text
    }

    /// The whole page.
    pub(super) fn page(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\n\
             <!-- Written by `cargo xtask bench`; do not edit by hand. -->\n\n\
             `cargo xtask bench` makes the images, installs the peers, measures, and writes this page.\n\
             It needs `mmdebstrap`, `pigz` and Python, and gains from `isal` and `libdeflate-tools`.\n\
             All programs of an experiment run in turns on the same machine, rounds: {}\n\
             (six times as many where a run takes milliseconds).\n\
             Figures are medians; a ratio is the median of the ratios of each round, and a limit on memory counts the worst run.\n\n\
             - Programs: {}.\n- Machine: {}.\n\n## Limits\n\n{}",
            self.rounds,
            self.programs,
            self.machine,
            self.rows()
        );
        for (experiment, part) in &self.parts {
            if part.runs.is_empty() {
                continue;
            }
            let _ = write!(text, "\n## `{}`: {}\n\n", experiment.name, experiment.title);
            if let Some(image) = &part.image {
                let _ = write!(text, "{image}\n\n");
            }
            text.push_str("| program | wall | processor | peak memory |\n|---|---|---|---|\n");
            for (name, series) in &part.runs {
                let median = series.median();
                let _ = writeln!(
                    text,
                    "| {name} | {} | {} | {} |",
                    seconds(median.wall.as_secs_f64()),
                    seconds(median.cpu.as_secs_f64()),
                    megabytes(median.peak),
                );
            }
        }
        text
    }
}

fn standing(figure: Figure) -> Standing {
    let holds = match figure {
        Figure::Ratio { found, limit } | Figure::Time { found, limit } => found <= limit,
        Figure::Memory { found, limit_mb } => found <= u64::from(limit_mb) * 1_000_000,
        Figure::Missing(_) => return Standing::NotMeasured,
    };
    if holds {
        Standing::Pass
    } else {
        Standing::Miss
    }
}

fn show(figure: Figure) -> (String, String) {
    match figure {
        Figure::Ratio { found, limit } => (format!("{found:.3}"), limit.to_string()),
        Figure::Time { found, limit } => (seconds(found / 1000.0), seconds(limit / 1000.0)),
        Figure::Memory { found, limit_mb } => (megabytes(found), format!("{limit_mb} MB")),
        Figure::Missing(reason) => (reason.to_owned(), String::new()),
    }
}

fn seconds(value: f64) -> String {
    if value < 0.1 {
        format!("{:.1} ms", value * 1000.0)
    } else {
        format!("{value:.2} s")
    }
}

/// Bytes in units of 1,000,000, with one decimal.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// Processor, number of cores, and how busy the machine was, as far as the system says.
fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    format!("{cores} cores, {model}; load before the first run: {load}")
}

#[cfg(test)]
mod tests {
    use super::{Figure, Standing, megabytes, seconds, standing};

    #[test]
    fn a_figure_at_its_limit_passes() {
        let at = Figure::Memory {
            found: 100_000_000,
            limit_mb: 100,
        };
        let over = Figure::Memory {
            found: 100_000_001,
            limit_mb: 100,
        };
        assert_eq!(standing(at), Standing::Pass);
        assert_eq!(standing(over), Standing::Miss);
        assert_eq!(standing(Figure::Missing("why")), Standing::NotMeasured);
        let nothing = Figure::Ratio {
            found: f64::NAN,
            limit: 1.0,
        };
        assert_eq!(standing(nothing), Standing::Miss);
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(seconds(0.0042), "4.2 ms");
        assert_eq!(seconds(9.214), "9.21 s");
        assert_eq!(megabytes(99_960_000), "99.9 MB");
    }
}
