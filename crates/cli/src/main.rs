//! The program: arguments in, one verb, an exit code out.
//!
//! This is the only crate that reads the environment, prints and exits. Each verb is a file in `cmd/` with its
//! arguments and one `run`; what a verb does is the façade's work.

mod cmd;
mod exit;
mod lint_settings;
mod printer;
mod progress;
mod settings;
mod source;
mod statements;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use exit::Exit;
use printer::Printer;
use settings::{CommonArgs, Environment, Settings};

/// Several threads make and drop many small facts beside a few large buffers, and memory has a limit; the settings for
/// that stand in `.cargo/config.toml`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Is this container image fit for production?
///
/// Exit codes: 0 fit or conditional, 1 unfit, 2 wrong usage, 3 cannot say, 4 the operation failed.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 100)]
struct Args {
    #[command(flatten)]
    common: CommonArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Assess(cmd::assess::Args),
    Scan(cmd::scan::Args),
    Sbom(cmd::sbom::Args),
    Inspect(cmd::inspect::Args),
    Lint(cmd::lint::Args),
    #[command(subcommand)]
    Db(cmd::db::Verb),
    Explain(cmd::explain::Args),
    Vex(cmd::vex::Args),
}

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            };
            let _ = error.print();
            return exit.into();
        }
    };
    let settings = match Settings::resolve(&args.common, &Environment::read()) {
        Ok(settings) => settings,
        Err(error) => return printer::fail(&error, Exit::Usage),
    };
    let mut printer = Printer::new(&settings);
    let done = match args.verb {
        Verb::Assess(args) => cmd::assess::run(&args, &settings, &mut printer),
        Verb::Scan(args) => cmd::scan::run(&args, &settings, &mut printer),
        Verb::Sbom(args) => cmd::sbom::run(&args, &settings, &mut printer),
        Verb::Inspect(args) => cmd::inspect::run(&args, &settings, &mut printer),
        Verb::Lint(args) => cmd::lint::run(&args, &settings, &mut printer),
        Verb::Db(verb) => cmd::db::run(&verb, &settings, &mut printer),
        Verb::Explain(args) => cmd::explain::run(&args, &settings, &mut printer),
        Verb::Vex(args) => cmd::vex::run(&args, &settings, &mut printer),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) if printer::is_closed_pipe(&error) => Exit::Fine.into(),
        Err(error) => {
            let exit = Exit::of_error(&error);
            printer::fail(&error, exit)
        }
    }
}
