//! Two `HEALTHCHECK` in a stage.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::repeated;
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "repeated-healthcheck",
        aliases: &["DL3012", "DS-0023", "MultipleInstructionsDisallowed"],
        title: Text::fixed(
            "more than one HEALTHCHECK in a stage",
            "同一阶段有多条 HEALTHCHECK",
        ),
        why: Text::fixed(
            "Only the last `HEALTHCHECK` of a stage holds; readers of the first take it for what happens.",
            "每个阶段只有最后一条 `HEALTHCHECK` 生效;前面的会误导读者。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, HEALTHCHECK"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nHEALTHCHECK CMD [\"a\"]\nHEALTHCHECK CMD [\"b\"]\n",
        "FROM debian:12.5\nHEALTHCHECK NONE\nHEALTHCHECK CMD [\"b\"]\n",
    ],
    good: &[
        "FROM debian:12.5\nHEALTHCHECK CMD [\"a\"]\n",
        "FROM debian:12.5 AS a\nHEALTHCHECK CMD [\"a\"]\nFROM a\nHEALTHCHECK CMD [\"b\"]\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wanted = |kind: &Kind| matches!(kind, Kind::Healthcheck(_));
    repeated(
        context,
        sink,
        wanted,
        &["DL3012", "MultipleInstructionsDisallowed"],
        "DS-0023",
    );
}
