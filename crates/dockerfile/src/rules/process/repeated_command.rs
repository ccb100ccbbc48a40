//! Two `CMD` in a stage.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::repeated;
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "repeated-command",
        aliases: &["DL4003", "DS-0016", "MultipleInstructionsDisallowed"],
        title: Text::fixed("more than one CMD in a stage", "同一阶段有多条 CMD"),
        why: Text::fixed(
            "Only the last `CMD` of a stage holds; readers of the first take it for what happens.",
            "每个阶段只有最后一条 `CMD` 生效;前面的会误导读者。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, CMD"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCMD [\"a\"]\nCMD [\"b\"]\n",
        "FROM debian:12.5\nCMD [\"a\", \\\n  \"x\"]\n# note\nRUN true\ncmd b\nCMD [\"c\"]\n",
    ],
    good: &[
        "FROM debian:12.5 AS a\nCMD [\"a\"]\nFROM a\nCMD [\"b\"]\n",
        "FROM debian:12.5\nCMD [\"a\"]\nONBUILD CMD [\"b\"]\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wanted = |kind: &Kind| matches!(kind, Kind::Cmd(_));
    repeated(
        context,
        sink,
        wanted,
        &["DL4003", "MultipleInstructionsDisallowed"],
        "DS-0016",
    );
}
