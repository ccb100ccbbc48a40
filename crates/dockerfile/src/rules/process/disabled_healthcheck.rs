//! `HEALTHCHECK NONE`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::effective;
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "disabled-healthcheck",
        aliases: &[],
        title: Text::fixed("HEALTHCHECK switched off", "HEALTHCHECK 被关闭"),
        why: Text::fixed(
            "`NONE` also takes the check of the base away; then nobody asks the program unless an orchestrator does.",
            "`NONE` 会同时关闭基础镜像的检查;除非编排系统探测,否则无人检查程序状态。",
        ),
        severity: Severity::Negligible,
        references: &["requirements B 2.2", "Dockerfile reference, HEALTHCHECK"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5\nHEALTHCHECK NONE\n"],
    good: &[
        "FROM debian:12.5\nHEALTHCHECK CMD [\"x\"]\n",
        "FROM debian:12.5 AS a\nHEALTHCHECK NONE\nFROM a\nHEALTHCHECK CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=5s\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(placed) = effective(context.file, |kind| matches!(kind, Kind::Healthcheck(_))) else {
        return;
    };
    let arguments = placed.instruction.arguments.text();
    if !arguments.eq_ignore_ascii_case("NONE") {
        return;
    }
    sink.report(
        placed.instruction,
        placed.instruction.span,
        Text::fixed("the image has no health check by its own will", "该镜像主动关闭了健康检查"),
        Text::fixed(
            "keep it where an orchestrator probes the program; else give a command that asks the program",
            "若由编排系统探测可保留;否则请给出真正询问程序的命令",
        ),
    );
}
