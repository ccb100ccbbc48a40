//! Development tasks of the workspace: `cargo xtask <task>`.
//!
//! Here live the gate that every change passes (`ci`), the comparison with other scanners
//! (`bench`) and the set-up of those scanners (`peers`).
//! Nothing here is part of the product, and no product crate depends on it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development task talks to the person at the terminal"
)]

mod bench;
mod ci;
mod compare;
mod example;
mod lint;
mod measure;
mod orders;
mod peers;
mod process;
mod recall;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Development tasks of the Plimsoll workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the whole gate: format, lints, documentation, tests.
    Ci(ci::Options),
    /// Measure Plimsoll against Trivy, Syft and plain decompression.
    Bench(bench::Options),
    /// Assemble the example image from packages of the registries.
    Example(example::Options),
    /// Compare with the lists of Trivy and Syft on images of real packages.
    Recall(recall::Options),
    /// Compare with the flaws that Trivy finds with a database of the same facts.
    Compare(compare::Options),
    /// Compare with what hadolint and Trivy say of Dockerfiles.
    Lint(lint::Options),
    /// Compare the orders of versions with the tools of their ecosystems.
    Orders(orders::Options),
    /// Install Trivy, Syft and hadolint below `target/peers`.
    Peers,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Ci(options) => ci::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Example(options) => example::run(&options),
        Task::Compare(options) => compare::run(&options),
        Task::Lint(options) => lint::run(&options),
        Task::Orders(options) => orders::run(&options),
        Task::Recall(options) => recall::run(&options),
        Task::Peers => peers::install().map(|peers| {
            println!(
                "trivy:    {}\nsyft:     {}\nhadolint: {}",
                peers.trivy.display(),
                peers.syft.display(),
                peers.hadolint.display()
            );
        }),
    }
}
