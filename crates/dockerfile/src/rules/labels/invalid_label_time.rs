//! Labels that have to be times.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-time",
        aliases: &["DL3053"],
        title: Text::fixed(
            "label whose value is no time of RFC 3339",
            "标签值不符合 RFC 3339 时间格式",
        ),
        why: Text::fixed(
            "The age of an image is computed from it; a time of another form is read by none or as another day.",
            "镜像的构建时间由它得出;格式不同的时间无法解析,或被解析成另一天。",
        ),
        severity: Severity::Medium,
        references: &[
            "RFC 3339, section 5.6",
            "image specification of OCI, Annotations",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.created=2024-05-01\n",
        "FROM debian:12\nLABEL org.example.created=\"2024-05-01 10:00:00\"\n",
        "FROM debian:12\nLABEL org.example.created=2024-02-30T10:00:00Z\n",
        "FROM debian:12\nLABEL org.opencontainers.image.created=yesterday\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.created=2024-05-01T10:00:00Z\n",
        "FROM debian:12\nLABEL org.example.created=2024-05-01T10:00:00.5+02:00\n",
        "FROM debian:12\nARG WHEN\nLABEL org.example.created=$WHEN\n",
        "FROM debian:12\nLABEL org.opencontainers.image.created=2024-05-01T10:00:00Z\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::Rfc3339,
    known: &["org.opencontainers.image.created"],
    alias: "DL3053",
    is_valid,
    name: Text::fixed("a time of RFC 3339", "符合 RFC 3339 的时间"),
    suggestion: Text::fixed(
        "write it as `2024-05-01T10:00:00Z`, as `date -u +%Y-%m-%dT%H:%M:%SZ` does",
        "请写成 `2024-05-01T10:00:00Z`,可用 `date -u +%Y-%m-%dT%H:%M:%SZ` 生成",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

fn is_valid(value: &str) -> bool {
    // The library reads more forms than RFC 3339 has: a space for the `T`, no seconds, a zone in brackets.
    let shape: String = value
        .chars()
        .take(40)
        .map(|c| {
            if c.is_ascii_digit() {
                '0'
            } else {
                c.to_ascii_uppercase()
            }
        })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else {
        return false;
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return false,
        None => rest,
    };
    let is_zone = rest == "Z" || matches!(rest.strip_prefix(['+', '-']), Some("00:00"));
    is_zone && value.parse::<jiff::Timestamp>().is_ok()
}
