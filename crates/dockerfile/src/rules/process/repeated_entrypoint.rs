//! Two `ENTRYPOINT` in a stage.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::repeated;
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "repeated-entrypoint",
        aliases: &["DL4004", "DS-0007", "MultipleInstructionsDisallowed"],
        title: Text::fixed(
            "more than one ENTRYPOINT in a stage",
            "同一阶段有多条 ENTRYPOINT",
        ),
        why: Text::fixed(
            "Only the last `ENTRYPOINT` of a stage holds; readers of the first take it for what happens.",
            "每个阶段只有最后一条 `ENTRYPOINT` 生效;前面的会误导读者。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, ENTRYPOINT"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5\nENTRYPOINT [\"a\"]\nCMD [\"x\"]\nENTRYPOINT [\"b\"]\n"],
    good: &[
        "FROM debian:12.5 AS a\nENTRYPOINT [\"a\"]\nFROM debian:12.5\nENTRYPOINT [\"b\"]\n",
        "FROM debian:12.5\nENTRYPOINT [\"a\"]\nONBUILD ENTRYPOINT [\"b\"]\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wanted = |kind: &Kind| matches!(kind, Kind::Entrypoint(_));
    repeated(
        context,
        sink,
        wanted,
        &["DL4004", "MultipleInstructionsDisallowed"],
        "DS-0007",
    );
}
