//! `export x=$(…)`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::{DECLARATIONS, assigned_name};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Part;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "masked-status",
        aliases: &["SC2155"],
        title: Text::fixed("assignment that hides a failure", "赋值掩盖了命令失败"),
        why: Text::fixed(
            "The status is that of `export`, not of the command in it, so that its failure goes unseen.",
            "整体状态是 `export` 的状态而非其中命令的状态,命令失败不会被发现。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.9.1", "ShellCheck SC2155"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN export A=\"$(b)\"\n",
        "FROM debian:12\nRUN readonly x=`y`; a\n",
    ],
    good: &[
        "FROM debian:12\nRUN A=\"$(b)\"; export A\n",
        "FROM debian:12\nRUN export A=b\n",
        "FROM debian:12\nRUN A=$(b) c\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            if !seen.command.runs_any(DECLARATIONS) {
                continue;
            }
            for word in seen.command.args() {
                let Some(name) = assigned_name(word) else {
                    continue;
                };
                if !has_substitution(&word.parts) {
                    continue;
                }
                run.report(
                    sink,
                    word.span,
                    Text::new(
                        format!(
                            "when the command fails that gives `{name}` its value, nobody sees it"
                        ),
                        format!("为 `{name}` 赋值的命令若失败,不会被发现"),
                    ),
                    Text::new(
                        format!("assign first, `{name}=$(…)`, and declare `{name}` behind it"),
                        format!("请先赋值 `{name}=$(…)`,再单独声明 `{name}`"),
                    ),
                );
            }
        }
    }
}

fn has_substitution(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Command { .. } => true,
        Part::DoubleQuoted { parts, .. } => has_substitution(parts),
        _ => false,
    })
}
