//! The image has no `HEALTHCHECK`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{effective, last_from, last_image};
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-healthcheck",
        aliases: &["DL3057", "DS-0026", "CIS-DI-0006"],
        title: Text::fixed("image without HEALTHCHECK", "镜像没有 HEALTHCHECK"),
        why: Text::fixed(
            "Docker and Swarm then see only whether the process lives, not whether it answers. Kubernetes uses its own \
             probes.",
            "没有它时 Docker 与 Swarm 只知道进程是否存活,不知道能否响应。Kubernetes 使用自己的探针。",
        ),
        severity: Severity::Low,
        references: &["requirements B 2.2", "CIS Docker Benchmark 1.6.0, 4.6"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCMD [\"app\"]\n",
        "FROM debian:12.5 AS a\nHEALTHCHECK CMD [\"x\"]\nFROM debian:12.5\n",
        "FROM debian:12.5\nONBUILD HEALTHCHECK CMD [\"x\"]\n",
    ],
    good: &[
        "FROM debian:12.5\nHEALTHCHECK CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK NONE\n",
        "FROM debian:12.5 AS a\nHEALTHCHECK CMD [\"x\"]\nFROM a\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let is_check = |kind: &Kind| matches!(kind, Kind::Healthcheck(_));
    let (None, Some(from)) = (effective(file, is_check), last_from(file)) else {
        return;
    };
    // Trivy is content with one in any stage.
    let somewhere = file
        .walk()
        .any(|placed| !placed.onbuild && is_check(&placed.instruction.kind));
    let settings = context.settings;
    // hadolint speaks of it only where it is told to.
    let is_asked = settings
        .enabled
        .iter()
        .chain(settings.severities.keys())
        .any(|name| name.eq_ignore_ascii_case("DL3057"));
    let mut aliases = vec!["CIS-DI-0006"];
    if is_asked {
        aliases.push("DL3057");
    }
    if !somewhere {
        aliases.push("DS-0026");
    }
    let image = last_image(file);
    let message = if image == "scratch" || image.is_empty() {
        Text::fixed(
            "nothing says how to tell that the program works",
            "没有说明如何判断程序是否正常",
        )
    } else {
        Text::new(
            format!("nothing says how to tell that the program works, unless `{image}` does"),
            format!("除非 `{image}` 中已有,否则没有说明如何判断程序是否正常"),
        )
    };
    sink.report(
        from,
        from.span,
        message,
        Text::fixed(
            "add `HEALTHCHECK CMD [\"/app\", \"healthcheck\"]` with a command that asks the program itself, or \
             `HEALTHCHECK NONE` where an orchestrator probes it",
            "请添加 `HEALTHCHECK CMD [\"/app\", \"healthcheck\"]`,其命令应真正询问程序;若由编排系统探测,请写 `HEALTHCHECK NONE`",
        ),
    )
    .aliases(&aliases);
}
