//! What `RUN` does, package managers apart.

mod change_directory;
mod chown_after_copy;
mod download_to_shell;
mod empty_password;
mod git_clone_branch;
mod needless_command;
mod pipefail;
mod plain_http_command;
mod setuid_bit;
mod shell_link;
mod ssh_server;
mod sudo;
mod unchecked_download;
mod useradd_log;
mod wget_and_curl;
mod wget_progress;
mod world_writable;

use super::Rule;
use crate::ast::{Command, Flag, Instruction, Kind};
use crate::commands::{Argument, Call, Run};

/// The rules on what `RUN` does.
pub static RULES: &[&Rule] = &[
    &change_directory::RULE,
    &chown_after_copy::RULE,
    &download_to_shell::RULE,
    &empty_password::RULE,
    &git_clone_branch::RULE,
    &needless_command::RULE,
    &pipefail::RULE,
    &plain_http_command::RULE,
    &setuid_bit::RULE,
    &shell_link::RULE,
    &ssh_server::RULE,
    &sudo::RULE,
    &unchecked_download::RULE,
    &useradd_log::RULE,
    &wget_and_curl::RULE,
    &wget_progress::RULE,
    &world_writable::RULE,
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

/// The rights that a `chmod` of a mode gives: an octal number, or letters as in `u+s,o=w`; what letters take away
/// is none. `None` for what is no mode.
fn rights(mode: &str) -> Option<u32> {
    if !mode.is_empty() && mode.chars().all(|c| c.is_digit(8)) {
        return u32::from_str_radix(mode, 8).ok();
    }
    let mut given = 0;
    for clause in mode.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, what) = clause.split_at(at);
        if !who.chars().all(|c| "ugoa".contains(c)) {
            return None;
        }
        if what.starts_with('-') {
            continue;
        }
        let has = |c: char| who.contains(c) || who.contains('a');
        for right in what.chars().skip(1) {
            let bits = match right {
                'r' => 0o444,
                'w' => 0o222,
                'x' | 'X' => 0o111,
                's' => 0o6000,
                't' => 0o1000,
                _ => continue,
            };
            let mut mask = 0o1000;
            // Without a letter, the umask keeps writing from others.
            if has('u') || who.is_empty() {
                mask |= 0o4700;
            }
            if has('g') || who.is_empty() {
                mask |= 0o2070;
            }
            if has('o') {
                mask |= 0o007;
            }
            given |= bits & mask;
        }
    }
    Some(given)
}

/// The mode that a `chmod` is given, and its word.
fn chmod(call: &Call) -> Option<(u32, &Argument)> {
    if call.program != "chmod" {
        return None;
    }
    // A mode may begin with a dash: `-w`.
    let mut words = call.arguments.iter();
    let mode = words.find(|word| !word.text.starts_with('-'))?;
    Some((rights(&mode.text)?, mode))
}

/// The mode of `COPY --chmod` and `ADD --chmod`, and its flag.
fn copied_mode(instruction: &Instruction) -> Option<(u32, &Flag)> {
    let flag = instruction.flag("chmod")?;
    Some((rights(flag.value())?, flag))
}

/// Whether a `RUN` compares a digest or a signature.
fn verifies(run: &Run<'_>) -> bool {
    run.calls.iter().any(|call| {
        let program = call.program.as_str();
        let is_sum = program.ends_with("sum") && program.starts_with(['s', 'm', 'b']);
        let is_sign = matches!(
            program,
            "gpg" | "gpgv" | "gpg2" | "cosign" | "minisign" | "signify" | "openssl" | "shasum"
        );
        is_sum || is_sign
    })
}

#[cfg(test)]
mod tests {
    use super::rights;

    #[test]
    fn modes_give_rights() {
        for (mode, wanted) in [
            ("755", Some(0o755)),
            ("04755", Some(0o4755)),
            ("u+s", Some(0o4000)),
            ("g+rws", Some(0o2060)),
            ("a+rwx", Some(0o777)),
            ("+x", Some(0o110)),
            ("ugo=rw,o-w", Some(0o666)),
            ("o-w", Some(0)),
            ("+t", Some(0o1000)),
            ("789", None),
            ("file", None),
        ] {
            assert_eq!(rights(mode), wanted, "{mode}");
        }
    }
}
