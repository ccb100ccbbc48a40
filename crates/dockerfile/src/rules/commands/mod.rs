//! What `RUN` does, package managers apart.

mod change_directory;
mod needless_command;
mod pipefail;
mod shell_link;
mod sudo;
mod useradd_log;
mod wget_and_curl;
mod wget_progress;

use super::Rule;
use crate::ast::{Command, Instruction, Kind};

/// The rules on what `RUN` does.
pub static RULES: &[&Rule] = &[
    &change_directory::RULE,
    &needless_command::RULE,
    &pipefail::RULE,
    &shell_link::RULE,
    &sudo::RULE,
    &useradd_log::RULE,
    &wget_and_curl::RULE,
    &wget_progress::RULE,
];

/// What Trivy takes for the commands of a `RUN` in shell form: what stands at the beginning and behind each `&&`,
/// in quotes or not.
fn heads(instruction: &Instruction) -> impl Iterator<Item = &str> {
    let text = match &instruction.kind {
        Kind::Run(Command::Shell(form)) => form.text.text(),
        _ => "",
    };
    text.split("&&").map(str::trim)
}
