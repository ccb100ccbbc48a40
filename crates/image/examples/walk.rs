//! Measures the way from a blob to its entries: `walk FILE [ROUNDS]`.
//!
//! Each round reads the file, inflates it, proves its digests and walks its entries, and prints the wall time, the
//! processor time and the sizes; the last line has the medians and the peak memory of the process.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "this is a measuring instrument for people"
)]

use std::fs::File;
use std::io::Read as _;
use std::time::Instant;

use plimsoll_image::pipeline::{Expect, Limits, open_blob};
use plimsoll_image::tar::{Walk, WalkLimits};
use sha2::Digest as _;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: walk FILE [ROUNDS]")?;
    let rounds: usize = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let mut times = Vec::new();
    let mut processor = Vec::new();
    let mut digest = None;
    for _ in 0..rounds.max(1) {
        let (begin, before) = (Instant::now(), processor_seconds());
        let mut expect = Expect::nothing(file.as_str());
        // The first round learns the digest, the others prove it.
        expect.digest = digest.take();
        let mut walk = Walk::new(
            open_blob(Box::new(File::open(&file)?), expect, Limits::default()),
            WalkLimits::default(),
        );
        let mut content = 0u64;
        while let Some(entry) = walk.next_entry()? {
            content = content.saturating_add(entry.size);
        }
        let entries = walk.entries();
        let summary = walk.into_inner().finish()?;
        let elapsed = begin.elapsed().as_secs_f64();
        let busy = processor_seconds() - before;
        println!(
            "{elapsed:.3} s wall, {busy:.2} s cpu, {entries} entries, {content} of {} bytes, {} compressed, {}",
            summary.size,
            summary.compressed_size,
            summary.diff_id.short()
        );
        digest = Some(match summary.digest {
            Some(digest) => digest,
            None => learn(&file)?,
        });
        times.push(elapsed);
        processor.push(busy);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or("?")
        .trim();
    println!(
        "median {:.3} s wall, {:.2} s cpu, peak {peak}",
        median(&mut times),
        median(&mut processor)
    );
    Ok(())
}

/// The digest of a file.
fn learn(file: &str) -> Result<plimsoll_model::Digest, Failure> {
    let mut hash = sha2::Sha256::new();
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
    Ok(plimsoll_model::Digest::sha256(hash.finalize().into()))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Processor time of this process in seconds; zero where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    // Linux counts in hundredths of a second for programs.
    ticks.sum::<f64>() / 100.0
}
