//! The gate: what has to hold before a change is done.
//!
//! Every step runs even when an earlier one failed, so that one run shows everything.
//! The tests come last, so that their closing lines end the output.
//! The dependencies are checked once for lints and documentation and built once for the tests:
//! strictness is handed to the tools themselves and not through `RUSTFLAGS`, which would make
//! Cargo build everything anew.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::{Shown, find, succeed};
use crate::workspace::{cargo, root};

/// Options of `cargo xtask ci`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run only the steps with these names: fmt, clippy, doc, doctest, test.
    #[arg(value_name = "STEP")]
    only: Vec<String>,
}

struct Step {
    name: &'static str,
    command: Command,
}

/// Runs the gate and fails when any of its steps failed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let steps = steps();
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| !steps.iter().any(|step| step.name == name.as_str()))
    {
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        bail!(
            "no step is named `{unknown}`; the steps are {}",
            names.join(", ")
        );
    }
    let mut report = Vec::new();
    let mut failed = Vec::new();
    for mut step in steps {
        if !options.only.is_empty() && !options.only.iter().any(|name| name == step.name) {
            continue;
        }
        println!("\n== {}: {}", step.name, Shown(&step.command));
        let start = Instant::now();
        let outcome = succeed(&mut step.command);
        report.push(line(step.name, start.elapsed(), outcome.is_ok()));
        if let Err(error) = outcome {
            println!("{error:#}");
            failed.push(step.name);
        }
    }
    println!("\n{}", report.join(" · "));
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}

fn line(name: &str, time: Duration, passed: bool) -> String {
    let word = if passed { "ok" } else { "FAILED" };
    format!("{name} {word} ({:.0} s)", time.as_secs_f64())
}

fn steps() -> Vec<Step> {
    let mut steps = vec![
        step("fmt", &["fmt", "--all", "--check"]),
        step(
            "clippy",
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        ),
        step("doc", &["doc", "--workspace", "--no-deps"]),
    ];
    if let Some(doc) = steps.last_mut() {
        doc.command.env("RUSTDOCFLAGS", "-D warnings");
    }
    // `cargo nextest` ends a test that hangs, but runs no examples in documentation.
    if find("cargo-nextest").is_some() {
        steps.push(step(
            "doctest",
            &["test", "--workspace", "--doc", "--quiet"],
        ));
        steps.push(step(
            "test",
            &[
                "nextest",
                "run",
                "--workspace",
                "--no-fail-fast",
                "--status-level",
                "slow",
            ],
        ));
    } else {
        steps.push(step("test", &["test", "--workspace", "--no-fail-fast"]));
    }
    steps
}

fn step(name: &'static str, arguments: &[&str]) -> Step {
    let mut command = Command::new(cargo());
    command.args(arguments).current_dir(root());
    Step { name, command }
}
