//! One run of one program: wall time, processor time, peak memory.
//!
//! The kernel's own account of the child is read with `wait4`; nothing is sampled.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wait4::Wait4 as _;

use crate::process::Shown;

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    /// From before the start until after the end.
    pub(crate) wall: Duration,
    /// Processor time of all threads, user and system.
    pub(crate) cpu: Duration,
    /// Largest resident set, in bytes.
    pub(crate) peak: u64,
}

/// The runs of one program under the same conditions; never empty.
#[derive(Debug, Clone)]
pub(crate) struct Series(Vec<Sample>);

impl Series {
    pub(crate) fn new(samples: Vec<Sample>) -> Result<Self> {
        if samples.is_empty() {
            bail!("a series needs at least one run");
        }
        Ok(Self(samples))
    }

    /// The median of each figure by itself.
    pub(crate) fn median(&self) -> Sample {
        Sample {
            wall: median(self.0.iter().map(|sample| sample.wall)),
            cpu: median(self.0.iter().map(|sample| sample.cpu)),
            peak: median(self.0.iter().map(|sample| sample.peak)),
        }
    }

    /// The largest peak of any run: a limit on memory has to hold each time.
    pub(crate) fn highest_peak(&self) -> u64 {
        self.0.iter().map(|sample| sample.peak).max().unwrap_or(0)
    }

    /// The median over the rounds of this program's wall time over the other's in the same round.
    ///
    /// Neighbours in time share the state of the machine, so that a pair is fairer than two medians.
    pub(crate) fn wall_ratio(&self, other: &Self) -> f64 {
        let pairs = self.0.iter().zip(&other.0);
        let mut ratios: Vec<f64> = pairs
            .map(|(mine, theirs)| mine.wall.as_secs_f64() / theirs.wall.as_secs_f64())
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// The upper median of a few values; the default of the type when there are none.
fn median<T: Ord + Copy + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Whether a program that printed nothing has failed at its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// The result is kept in a file and has to hold something.
    Kept,
    /// The same, and an exit code of 3 is no failure: our program says that it cannot say everything.
    Partial,
    /// The output is thrown away.
    Discarded,
}

/// Runs the command once; anything but success is an error that shows its messages.
///
/// `work` is a folder for what the command prints.
pub(crate) fn sample(command: &mut Command, output: Output, work: &Path) -> Result<Sample> {
    let out = work.join("stdout");
    let messages = work.join("stderr");
    let create = |path: &Path| {
        File::create(path).with_context(|| format!("cannot create `{}`", path.display()))
    };
    match output {
        Output::Kept | Output::Partial => command.stdout(create(&out)?),
        Output::Discarded => command.stdout(Stdio::null()),
    };
    command.stdin(Stdio::null()).stderr(create(&messages)?);
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{}`", Shown(command)))?;
    let used = child
        .wait4()
        .with_context(|| format!("cannot wait for `{}`", Shown(command)))?;
    let wall = start.elapsed();
    let is_partial = output == Output::Partial && used.status.code() == Some(3);
    if !used.status.success() && !is_partial {
        let mut text = format!("`{}` ended with {}", Shown(command), used.status);
        if let Ok(said) = fs::read_to_string(&messages) {
            let _ = write!(text, ":\n{}", said.trim_end());
        }
        bail!(text);
    }
    if output != Output::Discarded && fs::metadata(&out).map_or(0, |found| found.len()) == 0 {
        bail!("`{}` printed nothing", Shown(command));
    }
    Ok(Sample {
        wall,
        cpu: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::{Output, Sample, Series, sample};

    fn series(walls: &[u64]) -> Series {
        let samples = walls.iter().map(|&wall| Sample {
            wall: Duration::from_millis(wall),
            cpu: Duration::from_millis(wall),
            peak: wall,
        });
        Series::new(samples.collect()).unwrap()
    }

    #[test]
    fn a_median_is_not_moved_by_one_slow_run() {
        let runs = series(&[10, 9000, 11]);
        assert_eq!(runs.median().wall, Duration::from_millis(11));
        assert_eq!(runs.highest_peak(), 9000);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let ours = series(&[10, 100, 20]);
        let theirs = series(&[20, 200, 20]);
        assert!((ours.wall_ratio(&theirs) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_program_that_fails_or_stays_silent_is_an_error() {
        let work = std::env::temp_dir().join(format!("xtask-measure-{}", std::process::id()));
        std::fs::create_dir_all(&work).unwrap();
        let failed = sample(&mut Command::new("false"), Output::Discarded, &work).unwrap_err();
        assert!(failed.to_string().contains("`false` ended with"));
        let silent = sample(&mut Command::new("true"), Output::Kept, &work).unwrap_err();
        assert!(silent.to_string().contains("printed nothing"));
        let fine = sample(Command::new("echo").arg("x"), Output::Kept, &work).unwrap();
        assert!(fine.peak > 0);
        std::fs::remove_dir_all(&work).unwrap();
    }
}
