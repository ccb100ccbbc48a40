//! `FROM image AS scratch`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "reserved-stage-name",
        aliases: &["DL3063", "ReservedStageName"],
        title: Text::fixed("stage with a reserved name", "构建阶段使用了保留名称"),
        why: Text::fixed(
            "`scratch` is the empty base and `context` the files of the build; a stage of that name cannot be meant.",
            "`scratch` 表示空基础镜像,`context` 表示构建上下文;使用这些名称的阶段无法被引用。",
        ),
        severity: Severity::Medium,
        references: &["Docker build checks, ReservedStageName"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5 AS scratch\n",
        "FROM debian:12.5 AS Context\n",
    ],
    good: &["FROM debian:12.5 AS contexts\n", "FROM scratch AS final\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let Some(name) = &from.name else { continue };
        let lower = name.text.to_ascii_lowercase();
        if lower != "scratch" && lower != "context" {
            continue;
        }
        // hadolint knows them in lower case only.
        let aliases: &[_] = if name.text == lower {
            &["DL3063", "ReservedStageName"]
        } else {
            &["ReservedStageName"]
        };
        sink.report(
            placed.instruction,
            name.span,
            Text::new(
                format!("`{lower}` means something else to the builder"),
                format!("`{lower}` 对构建器另有含义"),
            ),
            Text::fixed("give the stage another name", "请为该阶段换一个名称"),
        )
        .aliases(aliases);
    }
}
