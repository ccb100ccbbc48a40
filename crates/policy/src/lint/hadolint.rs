//! `.hadolint.yaml` (hadolint's README, "Configure"). Its four levels are ours from high to negligible.

use jiff::Timestamp;
use plimsoll_model::{Severity, Text};
use serde_yaml_ng::{Mapping, Value};

use super::{FailOn, LintConfig, ReadLintConfigError, error, label_kind};
use crate::yaml;

/// Keys that say how hadolint writes, and nothing of what it finds.
const QUIET: &[&str] = &["format", "no-color", "verbose"];

pub(super) fn read(
    name: &str,
    text: &str,
    _: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let file: Option<Mapping> = yaml::read(text).map_err(|reason| error(name, &reason))?;
    let mut out = LintConfig::default();
    let mut never = false;
    for (key, value) in file.unwrap_or_default() {
        let key = key.as_str().unwrap_or_default();
        match key {
            "ignored" => {
                for rule in list(name, key, &value)? {
                    ignore(&mut out, name, &rule);
                }
            }
            "override" => override_levels(&mut out, name, &value)?,
            "trustedRegistries" => out.settings.trusted_registries = list(name, key, &value)?,
            "label-schema" => labels(&mut out, name, &value)?,
            "strict-labels" => out.settings.strict_labels = is_true(name, key, &value)?,
            "disable-ignore-pragma" => {
                out.settings.disable_ignore_comments = is_true(name, key, &value)?;
            }
            "failure-threshold" => {
                let word = value.as_str().unwrap_or_default();
                let known = threshold(word);
                let wrong = || error(name, &format!("`{key}` is `{word}`, which is no level"));
                out.fail_on = Some(known.ok_or_else(wrong)?);
            }
            "no-fail" => never = is_true(name, key, &value)?,
            key if QUIET.contains(&key) => {}
            key => out.note(
                name,
                Text::new(
                    format!("`{key}` means nothing here"),
                    format!("`{key}` 在此无效"),
                ),
            ),
        }
    }
    if never {
        out.fail_on = Some(FailOn::Never);
    }
    Ok(out)
}

/// Lays a rule aside; only ids of hadolint and of `ShellCheck` are laid aside by hadolint.
fn ignore(out: &mut LintConfig, name: &str, rule: &str) {
    if is_id(rule) {
        out.ignore(rule, name);
    } else {
        out.note(
            name,
            Text::new(
                format!("`{rule}` is no rule of hadolint"),
                format!("`{rule}` 不是 hadolint 的规则"),
            ),
        );
    }
}

fn is_id(rule: &str) -> bool {
    let number = rule.strip_prefix("DL").or_else(|| rule.strip_prefix("SC"));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn override_levels(
    out: &mut LintConfig,
    name: &str,
    value: &Value,
) -> Result<(), ReadLintConfigError> {
    let Some(levels) = value.as_mapping() else {
        return Err(error(name, &"`override` has no levels"));
    };
    for (level, rules) in levels {
        let level = level.as_str().unwrap_or_default();
        let Some(severity) = severity(level) else {
            return Err(error(name, &format!("`override.{level}` is no level")));
        };
        for rule in list(name, level, rules)?
            .into_iter()
            .filter(|rule| is_id(rule))
        {
            // A rule that is off by default is on once it has a level.
            out.settings.enabled.insert(rule.clone());
            out.settings.severities.insert(rule, severity);
        }
    }
    Ok(())
}

fn labels(out: &mut LintConfig, name: &str, value: &Value) -> Result<(), ReadLintConfigError> {
    let Some(rows) = value.as_mapping() else {
        return Err(error(name, &"`label-schema` is no list of labels"));
    };
    for (label, kind) in rows {
        let (label, word) = (
            label.as_str().unwrap_or_default(),
            kind.as_str().unwrap_or_default(),
        );
        let Some(kind) = label_kind(word) else {
            let reason = format!("label `{label}` is to be `{word}`, which hadolint does not know");
            return Err(error(name, &reason));
        };
        out.settings.labels.insert(label.to_owned(), kind);
    }
    Ok(())
}

fn severity(level: &str) -> Option<Severity> {
    Some(match level {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "info" => Severity::Low,
        "style" => Severity::Negligible,
        _ => return None,
    })
}

fn threshold(word: &str) -> Option<FailOn> {
    match word {
        "ignore" | "none" => Some(FailOn::Never),
        level => severity(level).map(FailOn::From),
    }
}

/// One word, or a list of words.
fn list(name: &str, key: &str, value: &Value) -> Result<Vec<String>, ReadLintConfigError> {
    let wrong = || error(name, &format!("`{key}` is no list of words"));
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(word) => Ok(vec![word.clone()]),
        Value::Sequence(words) => words
            .iter()
            .map(|word| word.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        _ => Err(wrong()),
    }
}

fn is_true(name: &str, key: &str, value: &Value) -> Result<bool, ReadLintConfigError> {
    let wrong = || error(name, &format!("`{key}` is neither true nor false"));
    value.as_bool().ok_or_else(wrong)
}
