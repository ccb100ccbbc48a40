//! `mkdir -p -m`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "mode-of-parents",
        aliases: &["SC2174"],
        title: Text::fixed("mkdir -p with a mode", "mkdir -p 同时指定权限"),
        why: Text::fixed(
            "The mode holds for the last directory only; those above it get the default.",
            "权限只作用于最后一级目录,上级目录仍使用默认权限。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, mkdir", "ShellCheck SC2174"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN mkdir -p -m 755 a/b\n",
        "FROM debian:12\nRUN mkdir -pm 700 /a/b && c\n",
    ],
    good: &[
        "FROM debian:12\nRUN mkdir -p a/b\n",
        "FROM debian:12\nRUN mkdir -m 755 a\n",
        "FROM debian:12\nRUN mkdir -p -m 755 a\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            let command = seen.command;
            if !command.runs("mkdir") || !command.has_flag('p', "parents") {
                continue;
            }
            let Some(flag) = command.flag('m', "mode") else {
                continue;
            };
            let operands = command.operands(&["m", "mode"]);
            let deep = operands.iter().any(|word| {
                let path = word.outline();
                path.contains('/') && !path.trim_end_matches('/').is_empty()
            });
            if deep {
                run.report(
                    sink,
                    flag.span,
                    Text::fixed(
                        "the mode is that of the last directory only",
                        "该权限只作用于最后一级目录",
                    ),
                    Text::fixed(
                        "make the directories above first, or `chmod` them",
                        "请先建立上级目录,或用 `chmod` 设置其权限",
                    ),
                );
            }
        }
    }
}
