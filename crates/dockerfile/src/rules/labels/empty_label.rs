//! `LABEL name=""`, where a value is asked for.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::labels;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "empty-label",
        aliases: &["DL3051"],
        title: Text::fixed("required label without a value", "必需的标签没有值"),
        why: Text::fixed(
            "Whoever reads the label relies on finding something there.",
            "读取该标签的人或工具期望得到实际内容。",
        ),
        severity: Severity::Medium,
        references: &["image specification of OCI, Annotations"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.text=\"\"\n",
        "ARG NONE=\nFROM debian:12\nARG NONE\nLABEL org.example.text=$NONE\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.text=shop\n",
        "FROM debian:12\nLABEL org.example.other=\"\"\n",
        "FROM debian:12\nARG TEXT\nLABEL org.example.text=$TEXT\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for label in labels(context) {
        let is_asked_for = context.settings.labels.contains_key(&label.key.text);
        if !is_asked_for || !label.value.known || !label.value.text.is_empty() {
            continue;
        }
        let key = &label.key.text;
        let mut found = sink.report(
            label.placed.instruction,
            label.pair.span,
            Text::new(
                format!("label `{key}` is empty"),
                format!("标签 `{key}` 的值为空"),
            ),
            Text::new(
                format!("give `{key}` a value"),
                format!("请为 `{key}` 填写值"),
            ),
        );
        if label.placed.onbuild {
            found.aliases(&[]);
        }
    }
}
