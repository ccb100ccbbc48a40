//! Labels that have to be semantic versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-version",
        aliases: &["DL3056"],
        title: Text::fixed(
            "label whose value is no semantic version",
            "标签值不符合语义化版本",
        ),
        why: Text::fixed(
            "Updaters order versions by it; one of another form has no order.",
            "更新工具据此比较版本;格式不同则无法排序。",
        ),
        severity: Severity::Medium,
        references: &["Semantic Versioning 2.0.0"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.version=1.2\n",
        "FROM debian:12\nLABEL org.example.version=v1.2.3\n",
        "FROM debian:12\nLABEL org.example.version=1.2.3.4\n",
        "FROM debian:12\nLABEL org.example.version=1.02.3\n",
        "FROM debian:12\nLABEL org.example.version=1.2.3-\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.version=1.2.3\n",
        "FROM debian:12\nLABEL org.example.version=1.2.3-rc.1+build.7\n",
        "FROM debian:12\nARG V\nLABEL org.example.version=$V\n",
        "FROM debian:12\nARG V=1.2.3\nLABEL org.example.version=$V\n",
        "FROM debian:12\nLABEL org.opencontainers.image.version=bookworm\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::SemVer,
    known: &[],
    alias: "DL3056",
    is_valid,
    name: Text::fixed("a semantic version", "语义化版本"),
    suggestion: Text::fixed(
        "write three numbers: `1.2.3`, with `-rc.1` or `+build` behind where needed",
        "请写成三段数字:`1.2.3`,必要时加 `-rc.1` 或 `+build`",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

/// Whether it is a version (Semantic Versioning 2.0.0, "Backus–Naur Form Grammar").
fn is_valid(value: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_plain = |word: &str| word == "0" || !word.starts_with('0');
    let is_digits = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let (value, build) = match value.split_once('+') {
        Some((value, build)) => (value, Some(build)),
        None => (value, None),
    };
    let (core, before) = match value.split_once('-') {
        Some((core, before)) => (core, Some(before)),
        None => (value, None),
    };
    core.split('.').count() == 3
        && core
            .split('.')
            .all(|part| is_digits(part) && is_plain(part))
        && before.is_none_or(|words| {
            let mut words = words.split('.');
            words.all(|word| is_word(word) && (!is_digits(word) || is_plain(word)))
        })
        && build.is_none_or(|words| words.split('.').all(is_word))
}
