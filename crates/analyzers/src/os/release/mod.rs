//! Which distribution this is: `os-release(5)` and the release files that are older than it.
//!
//! One image has several of these files, which may disagree: Oracle Linux carries a `redhat-release` that
//! names Red Hat. Each file gives a fact with a rank, and whoever joins the layers takes the highest.

mod files;

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{FactBody, OsRelease};

use files::Form;

/// Reads `os-release` and its predecessors.
#[derive(Debug)]
pub struct Release;

static META: Meta = Meta {
    id: "os/release",
    revision: 2,
    docs: "Reads which distribution the image is, and which version of it, from `os-release` and from the \
           older release files of each distribution.",
    interest: Interest {
        paths: files::PATHS,
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    // Programs with everything in them have some megabytes; release files some lines.
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

/// Largest release file.
const TEXT_BYTES: usize = 1 << 20;

impl Analyzer for Release {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(row) = files::row(file.path.as_str()) else {
            return;
        };
        let Some(bytes) = file.bytes() else {
            sink.unreadable("is too large for a release file");
            return;
        };
        if row.form == Form::Busybox {
            // A wrapper of that name, or a build without the text, is no statement about the distribution.
            if let Some(release) = files::busybox(bytes) {
                let rank = row.rank;
                sink.fact(FactBody::OsRelease(OsRelease { rank, ..release }));
            }
            return;
        }
        if bytes.len() > TEXT_BYTES {
            sink.unreadable("is too large for a release file");
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let found = match row.form {
            Form::Variables(keys) => from_variables(text, keys, sink),
            other => files::parse(other, text),
        };
        match found {
            Some(release) if is_id(&release.id) => sink.fact(FactBody::OsRelease(OsRelease {
                rank: row.rank,
                ..release
            })),
            Some(release) => sink.unreadable(format!(
                "names a distribution `{}`, which is no identifier",
                release.id.escape_default()
            )),
            // A mirror of one's own is no statement about the distribution.
            None if matches!(row.form, Form::ApkRepositories) => {}
            None => sink.unreadable("does not say which distribution this is"),
        }
    }
}

/// `ID` is lower case letters, digits, `.`, `_` and `-` (`os-release(5)`, "ID=").
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte)
        })
}

/// Which variables of an environment file say what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Keys {
    id: &'static str,
    like: &'static str,
    version: &'static str,
    codename: &'static str,
    pretty: &'static str,
}

fn from_variables(text: &str, keys: Keys, sink: &mut Sink<'_>) -> Option<OsRelease> {
    let (mut variables, odd) = parse_variables(text);
    if let Some(line) = odd {
        sink.problem(
            Effect::Note,
            format!("line {line} is not an assignment as `os-release(5)` defines it"),
        );
    }
    let mut take = |key: &str| variables.remove(key).filter(|value| !value.is_empty());
    let id = take(keys.id)?;
    Some(OsRelease {
        // The specification demands lower case; what breaks it is still meant.
        id: id.to_ascii_lowercase(),
        id_like: take(keys.like)
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_ascii_lowercase)
            .collect(),
        version: take(keys.version).unwrap_or_default(),
        codename: take(keys.codename),
        pretty: take(keys.pretty),
        rank: 0,
    })
}

/// The variables of an environment file, and the number of the first line that is not one.
///
/// The rules are those of `os-release(5)`: assignments as a shell reads them, without expansion and without
/// joining of several quoted pieces; of two assignments the later one counts.
fn parse_variables(text: &str) -> (BTreeMap<&str, String>, Option<usize>) {
    let mut variables = BTreeMap::new();
    let mut odd = None;
    for (line, number) in text.lines().zip(1_usize..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let assignment = line
            .split_once('=')
            .filter(|(key, _)| is_variable(key))
            .and_then(|(key, raw)| Some((key, unquote(raw)?)));
        match assignment {
            Some((key, value)) => {
                variables.insert(key, value);
            }
            None => odd = odd.or(Some(number)),
        }
    }
    (variables, odd)
}

fn is_variable(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The value of an assignment, `None` if its quotes do not match or if something follows them.
fn unquote(raw: &str) -> Option<String> {
    let mut chars = raw.chars();
    let mut value = String::with_capacity(raw.len());
    match raw.chars().next() {
        Some('\'') => {
            let (inside, after) = raw.get(1..)?.split_once('\'')?;
            return after.trim().is_empty().then(|| inside.to_owned());
        }
        Some('"') => {
            chars.next();
            loop {
                match chars.next()? {
                    '"' => break,
                    // Inside double quotes a shell takes the backslash away only before these four.
                    '\\' => match chars.next()? {
                        c @ ('"' | '$' | '\\' | '`') => value.push(c),
                        c => value.extend(['\\', c]),
                    },
                    c => value.push(c),
                }
            }
            return chars.as_str().trim().is_empty().then_some(value);
        }
        _ => {}
    }
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?),
            // A comment may follow; a second word would be a command.
            c if c.is_whitespace() => {
                let after = chars.as_str().trim_start();
                return (after.is_empty() || after.starts_with('#')).then_some(value);
            }
            '"' | '\'' | '`' | '$' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => return None,
            c => value.push(c),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests;
