//! A label that the settings do not name, where they allow no other.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::labels;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "superfluous-label",
        aliases: &["DL3050"],
        title: Text::fixed("label that the settings do not allow", "设置不允许的标签"),
        why: Text::fixed(
            "The settings say that an image has the labels they name and no others.",
            "设置规定镜像只能带有其中列出的标签。",
        ),
        severity: Severity::Low,
        references: &["image specification of OCI, Annotations"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12\nLABEL org.example.other=x\n"],
    good: &[
        "FROM debian:12\nLABEL org.example.text=x\n",
        "FROM debian:12\nARG NAME\nLABEL $NAME=x\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if !context.settings.strict_labels {
        return;
    }
    for label in labels(context) {
        let key = &label.key.text;
        if !label.key.known || context.settings.labels.contains_key(key) {
            continue;
        }
        let shown: String = key.chars().take(60).collect();
        let mut found = sink.report(
            label.placed.instruction,
            label.pair.span,
            Text::new(
                format!("the settings know no label `{shown}`"),
                format!("设置中没有标签 `{shown}`"),
            ),
            Text::fixed(
                "remove it, or name it in the settings",
                "请删除该标签,或将其加入设置",
            ),
        );
        if label.placed.onbuild {
            found.aliases(&[]);
        }
    }
}
