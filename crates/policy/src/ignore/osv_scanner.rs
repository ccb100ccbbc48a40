//! `osv-scanner.toml`: `[[IgnoredVulns]]` and `[[PackageOverrides]]`.
//!
//! Source: OSV-Scanner's documentation, "Configuration". An id stands for all aliases of its flaw. An override
//! names a package by ecosystem, name and version; where none of them is given it stands for everything, and
//! is not carried over.

use std::collections::BTreeMap;

use plimsoll_model::Ecosystem;
use regex::Regex;
use serde::Deserialize;
use toml::Value;

use super::{end, rule, unknown_key};
use crate::statement::{Condition, Flaws, Scope};
use crate::vex::{ReadStatementsError, Statements};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    #[serde(default)]
    ignored_vulns: Vec<Ignored>,
    #[serde(default)]
    package_overrides: Vec<Override>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ignored {
    id: String,
    ignore_until: Option<Value>,
    reason: Option<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Override {
    name: Option<String>,
    version: Option<String>,
    ecosystem: Option<String>,
    group: Option<String>,
    #[serde(default)]
    ignore: bool,
    vulnerability: Option<Vulnerability>,
    effective_until: Option<Value>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default)]
    ignore: bool,
}

pub(super) fn read(name: &str, text: &str) -> Result<Statements, ReadStatementsError> {
    let file: File =
        toml::from_str(text).map_err(|error| ReadStatementsError::new(name, &error))?;
    let mut out = Statements::default();
    for row in file.ignored_vulns {
        if let Some(key) = row.unknown.keys().next() {
            out.note(name, unknown_key(key, &row.id));
            continue;
        }
        let Ok(ends) = ends(row.ignore_until.as_ref()) else {
            let reason = format!(
                "`ignoreUntil` of `{}` is no date, so that the rule does not count",
                row.id
            );
            out.note(name, reason);
            continue;
        };
        let reason = row.reason.unwrap_or_default();
        let flaws = Flaws::Named(vec![row.id]);
        out.rows
            .push(rule(name, flaws, Scope::Where(Vec::new()), &reason, ends));
    }
    for (place, row) in file.package_overrides.iter().enumerate() {
        if !row.ignore && !row.vulnerability.as_ref().is_some_and(|one| one.ignore) {
            continue;
        }
        match carried(row) {
            Ok((conditions, ends)) => {
                let reason = row.reason.as_deref().unwrap_or_default();
                out.rows.push(rule(
                    name,
                    Flaws::All,
                    Scope::Where(conditions),
                    reason,
                    ends,
                ));
            }
            Err(why) => {
                let number = place.saturating_add(1);
                out.note(name, format!("override {number} does not count: {why}"));
            }
        }
    }
    Ok(out)
}

type Carried = (Vec<Condition>, Option<jiff::Timestamp>);

fn carried(row: &Override) -> Result<Carried, String> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut conditions = Vec::new();
    if let Some(name) = given(&row.name) {
        let exact = Regex::new(&format!("^{}$", regex::escape(&name)));
        conditions.push(Condition::Name(exact.map_err(|error| error.to_string())?));
    }
    if let Some(version) = given(&row.version) {
        conditions.push(Condition::Version(version));
    }
    if let Some(ecosystem) = given(&row.ecosystem) {
        conditions.push(Condition::Ecosystems(ecosystems(&ecosystem)?));
    }
    if let Some(group) = given(&row.group) {
        return Err(format!(
            "groups such as `{group}` are not known of packages in images"
        ));
    }
    if conditions.is_empty() {
        return Err("it stands for everything".to_owned());
    }
    let ends = ends(row.effective_until.as_ref())
        .map_err(|()| "`effectiveUntil` is no date".to_owned())?;
    Ok((conditions, ends))
}

/// The ecosystem of an OSV name. Names of distributions (`Debian:12`) are not told apart by what a package says
/// of itself, so that they are left out.
fn ecosystems(name: &str) -> Result<Vec<Ecosystem>, String> {
    let known = Ecosystem::ALL.iter().copied();
    let found: Vec<Ecosystem> = known
        .filter(|ecosystem| ecosystem.row().osv_name == Some(name))
        .collect();
    if found.is_empty() {
        return Err(format!("the ecosystem `{name}` is not known of packages"));
    }
    Ok(found)
}

/// A date or time of TOML, or a text; absent means for ever.
fn ends(value: Option<&Value>) -> Result<Option<jiff::Timestamp>, ()> {
    let text = match value {
        None => return Ok(None),
        Some(Value::Datetime(time)) => time.to_string(),
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(()),
    };
    end(&text).map(Some).ok_or(())
}
