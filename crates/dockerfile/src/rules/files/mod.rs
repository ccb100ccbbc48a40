//! `COPY`, `ADD` and `WORKDIR`.

mod add_for_files;
mod archive_to_extract;
mod copy_from_itself;
mod credential_file;
mod ignored_copy;
mod plain_http_add;
mod relative_copy_target;
mod relative_workdir;
mod secret_file;
mod system_workdir;
mod target_without_slash;
mod unknown_copy_source;
mod unverified_add;
mod whole_filesystem;

use super::Rule;
use crate::ast::{Dockerfile, Kind, Placed, Token, Transfer};

/// The rules on files and folders.
pub static RULES: &[&Rule] = &[
    &add_for_files::RULE,
    &archive_to_extract::RULE,
    &copy_from_itself::RULE,
    &credential_file::RULE,
    &ignored_copy::RULE,
    &plain_http_add::RULE,
    &relative_copy_target::RULE,
    &relative_workdir::RULE,
    &secret_file::RULE,
    &system_workdir::RULE,
    &target_without_slash::RULE,
    &unknown_copy_source::RULE,
    &unverified_add::RULE,
    &whole_filesystem::RULE,
];

/// Every `COPY` and, where it is asked for, `ADD`.
fn transfers(file: &Dockerfile) -> impl Iterator<Item = (Placed<'_>, &Transfer, bool)> {
    file.walk()
        .filter_map(|placed| match &placed.instruction.kind {
            Kind::Copy(transfer) => Some((placed, transfer, false)),
            Kind::Add(transfer) => Some((placed, transfer, true)),
            _ => None,
        })
}

/// A word of `COPY`, `ADD` or `WORKDIR` with the values of its variables, and whether all are known. A string of a
/// JSON array has no quotes of its own.
fn value(file: &Dockerfile, placed: &Placed<'_>, word: &Token) -> (String, bool) {
    let expanded = file
        .variables
        .expand(placed.stage, placed.index, word, file.escape);
    (expanded.text, expanded.known)
}

/// A path without its quotes, variables and backslashes as they are: `C:\app` stays what it is.
fn without_quotes(word: &Token) -> &str {
    word.text.trim_matches(['"', '\''])
}

/// Whether a source is one that the builder fetches: a URL, or a repository of Git. It knows their schemes in lower
/// case only, and takes anything else for a path.
fn is_remote(source: &str) -> bool {
    const SCHEMES: [&str; 5] = ["http://", "https://", "git://", "ssh://", "git@"];
    let source = source.trim_start_matches(['"', '\'']);
    SCHEMES.iter().any(|scheme| source.starts_with(scheme))
}

/// Whether a source is a repository of Git: `ADD` takes those as well.
fn is_git(source: &str) -> bool {
    let lower = source.trim_matches(['"', '\'']).to_ascii_lowercase();
    let path = lower.split(['#', '?']).next().unwrap_or_default();
    lower.starts_with("git://")
        || lower.starts_with("git@")
        || lower.starts_with("ssh://")
        || lower.starts_with("http") && path.strip_suffix(".git").is_some()
}

/// Whether a path is absolute: from a root, or from a drive of Windows.
fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    match chars.next() {
        Some('/' | '\\') => true,
        Some(drive) => drive.is_ascii_alphabetic() && chars.next() == Some(':'),
        None => false,
    }
}
