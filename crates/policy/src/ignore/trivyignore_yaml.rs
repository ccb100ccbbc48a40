//! `.trivyignore.yaml`: lists of ids with paths, package URLs, an end and a statement.
//!
//! Source: Trivy's documentation, "Filtering". Of its lists `vulnerabilities` is carried over; the ids of
//! misconfigurations, secrets and licences are Trivy's own and mean nothing for an image, which is told. The linter
//! reads the first of these.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plimsoll_model::purl;
use serde::Deserialize;
use serde_yaml_ng::Value;

use super::{end, glob, rule, unknown_key};
use crate::statement::{Condition, Flaws, Scope};
use crate::vex::{ReadStatementsError, Statements};
use crate::yaml;

#[derive(Deserialize, Default)]
struct File {
    vulnerabilities: Option<Vec<Entry>>,
    misconfigurations: Option<Vec<Value>>,
    secrets: Option<Vec<Value>>,
    licenses: Option<Vec<Value>>,
}

#[derive(Deserialize, Default)]
struct Misconfigurations {
    misconfigurations: Option<Vec<Entry>>,
}

/// The rules on misconfigurations, for the linter.
pub(crate) fn misconfigurations(name: &str, text: &str) -> Result<Vec<Entry>, ReadStatementsError> {
    let file: Option<Misconfigurations> =
        yaml::read(text).map_err(|error| ReadStatementsError::new(name, &error))?;
    let rows = file.and_then(|file| file.misconfigurations);
    Ok(rows.unwrap_or_default())
}

/// A rule.
#[derive(Deserialize)]
pub(crate) struct Entry {
    /// The id that is laid aside.
    pub(crate) id: String,
    paths: Option<Vec<String>>,
    purls: Option<Vec<String>>,
    expired_at: Option<String>,
    statement: Option<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

impl Entry {
    /// Where it holds; everywhere if there is none.
    pub(crate) fn paths(&self) -> &[String] {
        self.paths.as_deref().unwrap_or_default()
    }

    /// The moment from which it no longer holds; the text where that is none.
    pub(crate) fn end(&self) -> Result<Option<Timestamp>, &str> {
        let date = self.expired_at.as_deref();
        date.map(|date| end(date).ok_or(date)).transpose()
    }
}

pub(super) fn read(name: &str, text: &str) -> Result<Statements, ReadStatementsError> {
    let file: Option<File> =
        yaml::read(text).map_err(|error| ReadStatementsError::new(name, &error))?;
    let file = file.unwrap_or_default();
    let mut out = Statements::default();
    for (what, rows) in [
        ("misconfigurations", &file.misconfigurations),
        ("secrets", &file.secrets),
        ("licenses", &file.licenses),
    ] {
        if let Some(rows) = rows.as_ref().filter(|rows| !rows.is_empty()) {
            let count = rows.len();
            let reason =
                format!("{count} rules under `{what}` have ids of Trivy's own and do not count");
            out.note(name, reason);
        }
    }
    for entry in file.vulnerabilities.unwrap_or_default() {
        let id = &entry.id;
        if let Some(key) = entry.unknown.keys().next() {
            out.note(name, unknown_key(key, id));
            continue;
        }
        let ends = match entry.end() {
            Err(date) => {
                let reason =
                    format!("`{date}` of `{id}` is no date, so that the rule does not count");
                out.note(name, reason);
                continue;
            }
            Ok(ends) => ends,
        };
        let mut conditions = Vec::new();
        if let Some(paths) = entry.paths.filter(|paths| !paths.is_empty()) {
            conditions.push(Condition::Paths(
                paths.iter().filter_map(|path| glob(path)).collect(),
            ));
        }
        if let Some(purls) = entry.purls.filter(|purls| !purls.is_empty()) {
            conditions.push(Condition::Purls(
                purls.iter().filter_map(|one| purl::parse(one)).collect(),
            ));
        }
        let reason = entry.statement.unwrap_or_default();
        let flaws = Flaws::Shown(entry.id);
        out.rows
            .push(rule(name, flaws, Scope::Where(conditions), &reason, ends));
    }
    Ok(out)
}
