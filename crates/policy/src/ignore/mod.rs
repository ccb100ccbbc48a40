//! Ignore files of peers, read as what their owners live with. Never more is laid aside than the peer would;
//! what cannot be carried over counts for nothing and is told.
//!
//! The format is known by the name of the file, as the peers do it. A rule without an end holds, since peers
//! allow it, and is told.

mod grype;
mod osv_scanner;
mod snyk;
pub(crate) mod trivyignore;
pub(crate) mod trivyignore_yaml;

use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use plimsoll_model::triage::TriageState;

use crate::statement::{Flaws, Scope, Statement};
use crate::vex::{ReadStatementsError, Statements};

/// Bytes of a file at most.
const LIMIT: usize = 4 << 20;

/// How a format is read.
type Read = fn(&str, &str) -> Result<Statements, ReadStatementsError>;

/// The formats: what the name of the file ends with, and how it is read. The first that fits is taken.
const ALL: &[(&str, Read)] = &[
    (".trivyignore", trivyignore::read),
    (".trivyignore.yaml", trivyignore_yaml::read),
    (".trivyignore.yml", trivyignore_yaml::read),
    (".grype.yaml", grype::read),
    (".grype.yml", grype::read),
    ("grype.yaml", grype::read),
    (".snyk", snyk::read),
    ("osv-scanner.toml", osv_scanner::read),
];

/// Reads an ignore file; `name` is its path, whose last part tells the format.
pub fn read_ignore_file(name: &str, bytes: &[u8]) -> Result<Statements, ReadStatementsError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let Some((_, read)) = ALL.iter().find(|(end, _)| last.ends_with(end)) else {
        let names: Vec<&str> = ALL.iter().map(|(end, _)| *end).collect();
        let reason = format!(
            "the name of an ignore file tells its format; it ends with {}",
            names.join(", ")
        );
        return Err(ReadStatementsError::new(name, &reason));
    };
    if bytes.len() > LIMIT {
        let reason = format!("it has more than {LIMIT} bytes");
        return Err(ReadStatementsError::new(name, &reason));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| ReadStatementsError::new(name, &error))?;
    let mut read = read(name, text)?;
    let endless = read.rows.iter().filter(|row| row.ends.is_none()).count();
    if endless > 0 {
        read.note(name, format!("{endless} of its rules have no end"));
    }
    Ok(read)
}

/// A rule that lays flaws aside.
fn rule(
    source: &str,
    flaws: Flaws,
    scope: Scope,
    reason: &str,
    ends: Option<Timestamp>,
) -> Statement {
    Statement {
        source: source.to_owned(),
        flaws,
        scope,
        state: TriageState::Accepted,
        justification: String::new(),
        reason: reason.to_owned(),
        by: String::new(),
        made: None,
        ends,
    }
}

/// The first moment of a day, or the moment of a time, as peers read both: the rule no longer holds from then.
fn end(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    // Without a zone it is one of UTC; a date alone is its first moment.
    let time: DateTime = text.parse().ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// A glob as the peers' libraries read it: `*` stays within a folder, `**` does not. A leading slash is left
/// out, as our paths have none.
pub(crate) fn glob(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    Some(glob.ok()?.compile_matcher())
}

/// What is told of a rule with a key that nobody knows: it may have been meant to say until when the rule holds.
fn unknown_key(key: &str, id: &str) -> String {
    format!("`{key}` of `{id}` is not known, so that the rule does not count")
}
