//! What settings files tell the linter: ours, and those of peers. Never more is laid aside than the peer would.
//!
//! To add one: write the file, add its `mod` line and its row in [`ALL`].

mod dockle;
mod hadolint;
mod plimsoll;
mod trivy;

use std::borrow::Cow;

use globset::GlobMatcher;
use jiff::Timestamp;
use plimsoll_model::lint::settings::{LabelKind, Settings};
use plimsoll_model::{Severity, Text};

/// What settings files say.
#[derive(Debug, Clone, Default)]
pub struct LintConfig {
    /// What holds for every file.
    pub settings: Settings,
    /// From which severity on a finding fails, if they say so.
    pub fail_on: Option<FailOn>,
    /// What means nothing here, each with the settings file.
    pub notes: Vec<(String, Text)>,
    of_paths: Vec<OfPath>,
}

/// From which severity on a finding fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    From(Severity),
    /// None does.
    Never,
}

/// A rule whose findings are laid aside in some files.
#[derive(Debug, Clone)]
struct OfPath {
    globs: Vec<GlobMatcher>,
    rule: String,
    by: String,
}

/// A settings file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("settings `{name}` cannot be used: {reason}")]
pub struct ReadLintConfigError {
    /// The file.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Reads a settings file: its name, its text, and the time for which it is asked.
type Read = fn(&str, &str, Timestamp) -> Result<LintConfig, ReadLintConfigError>;

/// The files that a folder may have, and how each is read; of those with the same number the first counts.
const ALL: &[(&str, u8, Read)] = &[
    (".plimsoll.toml", 0, plimsoll::read),
    (".hadolint.yaml", 1, hadolint::read),
    (".hadolint.yml", 1, hadolint::read),
    (".trivyignore", 2, trivy::read),
    (".trivyignore.yaml", 3, trivy::read_yaml),
    (".dockleignore", 4, dockle::read),
];

/// Bytes of a settings file at most.
const LIMIT: usize = 4 << 20;

/// The names of settings files that a folder may have, most important first; of those with the same number only the
/// first counts.
pub fn lint_config_names() -> impl Iterator<Item = (&'static str, u8)> {
    ALL.iter().map(|(name, group, _)| (*name, *group))
}

/// Reads a settings file; the end of its name tells the format, and any other TOML is ours.
pub fn read_lint_config(
    name: &str,
    bytes: &[u8],
    now: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let fits = |known: &str| last.ends_with(known.trim_start_matches('.'));
    let found = ALL.iter().find(|(known, ..)| fits(known));
    let read = match found {
        Some((_, _, read)) => *read,
        None if last.rsplit_once('.').is_some_and(|(_, end)| end == "toml") => plimsoll::read,
        None => {
            let names: Vec<&str> = ALL.iter().map(|(known, ..)| *known).collect();
            let reason = format!(
                "the name of a settings file tells its format; it ends with {}",
                names.join(", ")
            );
            return Err(error(name, &reason));
        }
    };
    if bytes.len() > LIMIT {
        return Err(error(name, &format!("it has more than {LIMIT} bytes")));
    }
    let text = std::str::from_utf8(bytes).map_err(|reason| error(name, &reason))?;
    read(name, text.trim_start_matches('\u{feff}'), now)
}

impl LintConfig {
    /// Takes in what a less important file says: lists grow, and what is said already stays.
    pub fn extend(&mut self, other: Self) {
        let (own, more) = (&mut self.settings, other.settings);
        for (name, by) in more.ignored {
            own.ignored.entry(name).or_insert(by);
        }
        own.enabled.extend(more.enabled);
        for (name, severity) in more.severities {
            own.severities.entry(name).or_insert(severity);
        }
        if own.trusted_registries.is_empty() {
            own.trusted_registries = more.trusted_registries;
        }
        if own.labels.is_empty() {
            own.labels = more.labels;
            own.strict_labels |= more.strict_labels;
        }
        own.disable_ignore_comments |= more.disable_ignore_comments;
        self.fail_on = self.fail_on.or(other.fail_on);
        self.notes.extend(other.notes);
        self.of_paths.extend(other.of_paths);
    }

    /// What holds for one file; `path` is below the folder of the settings files.
    #[must_use]
    pub fn of_file(&self, path: &str) -> Cow<'_, Settings> {
        let mut settings = Cow::Borrowed(&self.settings);
        for row in &self.of_paths {
            if row.globs.iter().any(|glob| glob.is_match(path)) {
                let ignored = &mut settings.to_mut().ignored;
                ignored
                    .entry(row.rule.clone())
                    .or_insert_with(|| row.by.clone());
            }
        }
        settings
    }

    fn ignore(&mut self, rule: &str, by: &str) {
        let ignored = &mut self.settings.ignored;
        ignored.insert(rule.to_owned(), by.to_owned());
    }

    fn note(&mut self, name: &str, note: Text) {
        const MOST: usize = 100;
        if self.notes.len() < MOST {
            self.notes.push((name.to_owned(), note));
        }
    }
}

fn error(name: &str, reason: &dyn std::fmt::Display) -> ReadLintConfigError {
    ReadLintConfigError {
        name: name.to_owned(),
        reason: reason.to_string(),
    }
}

/// The kinds of labels by the words of hadolint, which are ours too.
fn label_kind(word: &str) -> Option<LabelKind> {
    Some(match word {
        "text" | "" => LabelKind::Text,
        "url" => LabelKind::Url,
        "rfc3339" => LabelKind::Rfc3339,
        "spdx" => LabelKind::Spdx,
        "hash" => LabelKind::GitHash,
        "semver" => LabelKind::SemVer,
        "email" => LabelKind::Email,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
