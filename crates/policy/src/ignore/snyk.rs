//! `ignore` of `.snyk`: for each id a list of paths of dependencies, each with a reason and an end.
//!
//! Source: Snyk's documentation of the policy file. Ids are Snyk's own (`SNYK-…`) and are known here only where
//! an advisory bears one as alias; ids of CVE are taken as well. Only the path `*`, everywhere, is carried over:
//! by which way a package came into the image is not known.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{end, rule};
use crate::statement::{Flaws, Scope};
use crate::vex::{ReadStatementsError, Statements};
use crate::yaml;

#[derive(Deserialize, Default)]
struct File {
    ignore: Option<BTreeMap<String, Vec<Paths>>>,
}

/// Rules by the path of the dependency.
type Paths = BTreeMap<String, Option<Entry>>;

#[derive(Deserialize, Default)]
struct Entry {
    reason: Option<String>,
    expires: Option<String>,
}

pub(super) fn read(name: &str, text: &str) -> Result<Statements, ReadStatementsError> {
    let file: Option<File> =
        yaml::read(text).map_err(|error| ReadStatementsError::new(name, &error))?;
    let mut out = Statements::default();
    for (id, paths) in file.unwrap_or_default().ignore.unwrap_or_default() {
        for (path, entry) in paths.into_iter().flatten() {
            let entry = entry.unwrap_or_default();
            let ends = match entry.expires.as_deref().map(|date| (date, end(date))) {
                Some((date, None)) => {
                    let reason =
                        format!("`{date}` of `{id}` is no date, so that the rule does not count");
                    out.note(name, reason);
                    continue;
                }
                Some((_, ends)) => ends,
                None => None,
            };
            if path != "*" {
                let reason = format!(
                    "the rule for `{id}` by the path `{path}` does not count: by which way a package came is not known"
                );
                out.note(name, reason);
                continue;
            }
            let reason = entry.reason.unwrap_or_default();
            let flaws = Flaws::Named(vec![id.clone()]);
            out.rows
                .push(rule(name, flaws, Scope::Where(Vec::new()), &reason, ends));
        }
    }
    Ok(out)
}
