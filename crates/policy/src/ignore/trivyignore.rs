//! `.trivyignore`: an id a line, perhaps with `exp:2026-01-31`; `#` begins a comment.
//!
//! Source: Trivy's documentation, "Filtering", and its behaviour: ids are compared with the one that is shown,
//! not with aliases; a rule ends as its day begins (UTC); a line with a date that is none does not count.

use super::{end, rule};
use crate::statement::{Flaws, Scope};
use crate::vex::{ReadStatementsError, Statements};

#[allow(
    clippy::unnecessary_wraps,
    reason = "readers of the table have one shape"
)]
pub(crate) fn read(name: &str, text: &str) -> Result<Statements, ReadStatementsError> {
    let mut out = Statements::default();
    let mut comment = "";
    for line in text.lines() {
        let line = line.trim();
        if let Some(said) = line.strip_prefix('#') {
            comment = said.trim();
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(id) = words.next() else {
            comment = "";
            continue;
        };
        let words: Vec<&str> = words.take_while(|word| !word.starts_with('#')).collect();
        let behind = line.split_once(" #").map_or("", |(_, said)| said.trim());
        let reason = if behind.is_empty() { comment } else { behind };
        let expiry = words.iter().find_map(|word| word.strip_prefix("exp:"));
        match (expiry, expiry.and_then(end)) {
            (Some(date), None) => {
                let reason =
                    format!("`{date}` of `{id}` is no date, so that the line does not count");
                out.note(name, reason);
            }
            (_, ends) => {
                let scope = Scope::Where(Vec::new());
                let flaws = Flaws::Shown(id.to_owned());
                out.rows.push(rule(name, flaws, scope, reason, ends));
            }
        }
    }
    Ok(out)
}
