//! `.plimsoll.toml`, table `lint`. Unknown keys are errors, so that a slip of the pen changes nothing unseen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_model::Severity;
use plimsoll_model::lint::settings::{LabelKind, Settings};
use serde::Deserialize;

use super::{FailOn, LintConfig, ReadLintConfigError, error, label_kind};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    lint: Lint,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Lint {
    ignore: Vec<String>,
    enable: BTreeSet<String>,
    severity: BTreeMap<String, String>,
    fail_on: Option<String>,
    trusted_registries: Vec<String>,
    labels: BTreeMap<String, String>,
    strict_labels: bool,
    disable_ignore_comments: bool,
}

pub(super) fn read(
    name: &str,
    text: &str,
    _: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let file: File = toml::from_str(text).map_err(|reason| error(name, &reason))?;
    let lint = file.lint;
    let fail_on = lint.fail_on.as_deref().map(|word| match word {
        "never" => Ok(FailOn::Never),
        word => severity(name, "fail-on", word).map(FailOn::From),
    });
    let severities = lint.severity.into_iter().map(|(rule, word)| {
        let severity = severity(name, &rule, &word)?;
        Ok((rule, severity))
    });
    let labels = lint.labels.into_iter().map(|(label, word)| {
        let kind: Option<LabelKind> = label_kind(&word);
        let kind = kind.ok_or_else(|| {
            let reason = format!(
                "label `{label}` is to be `{word}`, which is none of text, url, rfc3339, spdx, hash, semver, email"
            );
            error(name, &reason)
        })?;
        Ok((label, kind))
    });
    let ignored = lint.ignore.into_iter();
    Ok(LintConfig {
        settings: Settings {
            ignored: ignored.map(|rule| (rule, name.to_owned())).collect(),
            enabled: lint.enable,
            severities: severities.collect::<Result<_, _>>()?,
            trusted_registries: lint.trusted_registries,
            labels: labels.collect::<Result<_, _>>()?,
            strict_labels: lint.strict_labels,
            disable_ignore_comments: lint.disable_ignore_comments,
            ..Settings::default()
        },
        fail_on: fail_on.transpose()?,
        ..LintConfig::default()
    })
}

fn severity(name: &str, key: &str, word: &str) -> Result<Severity, ReadLintConfigError> {
    let mut known = Severity::WORST_FIRST.into_iter();
    let found = known.find(|one| one.name() == word && *one != Severity::Unknown);
    found.ok_or_else(|| {
        let reason = format!(
            "`{key}` is `{word}`, which is none of critical, high, medium, low, negligible"
        );
        error(name, &reason)
    })
}
