//! A required label that the image does not get.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::final_labels;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-label",
        aliases: &["DL3049"],
        title: Text::fixed("required label missing", "缺少必需的标签"),
        why: Text::fixed(
            "The settings name labels that every image has to have, so that its owner and its source are found.",
            "设置中规定了每个镜像必须带有的标签,以便找到其负责人和来源。",
        ),
        severity: Severity::Low,
        references: &["image specification of OCI, Annotations"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.text=x\n",
        "FROM debian:12 AS build\nLABEL org.example.text=x org.example.url=u org.example.created=c org.example.license=l org.example.revision=r org.example.version=v org.example.contact=m\nFROM debian:12\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.text=x org.example.url=u org.example.created=c org.example.license=l org.example.revision=r org.example.version=v org.example.contact=m\n",
        "FROM debian:12 AS base\nLABEL org.example.text=x org.example.url=u org.example.created=c org.example.license=l org.example.revision=r org.example.version=v\nFROM base\nLABEL org.example.contact=m\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.settings.labels.is_empty() {
        return;
    }
    let Some((from, present)) = final_labels(context) else {
        return;
    };
    for name in context.settings.labels.keys() {
        if present.contains(name) {
            continue;
        }
        sink.report(
            from,
            from.span,
            Text::new(
                format!("the image gets no label `{name}`"),
                format!("镜像没有标签 `{name}`"),
            ),
            Text::new(
                format!("add `LABEL {name}=\"…\"` to this stage"),
                format!("请在此阶段添加 `LABEL {name}=\"…\"`"),
            ),
        );
    }
}
