//! `cd x; …; cd ..`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::stops_at_failure;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{AndOr, Command, SimpleCommand};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "cd-and-back",
        aliases: &["SC2103"],
        title: Text::fixed("cd to a directory and back", "cd 进入目录后再返回"),
        why: Text::fixed(
            "When the first `cd` fails, `cd ..` leaves a directory in which it never was.",
            "若第一个 `cd` 失败,`cd ..` 会离开原本的目录。",
        ),
        severity: Severity::Low,
        references: &["ShellCheck SC2103"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12\nRUN for i in a b; do cd \"$i\"; make; cd ..; done\n"],
    good: &[
        "FROM debian:12\nRUN for i in a b; do (cd \"$i\" && make); done\n",
        "FROM debian:12\nRUN cd x && make && cd .. && a\n",
        "FROM debian:12\nRUN set -e; cd x; make; cd ..\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        if run
            .script()
            .commands()
            .iter()
            .any(|seen| stops_at_failure(seen.command))
        {
            continue;
        }
        for (list, _) in run.script().lists() {
            let mut went = false;
            for command in list.items.iter().filter_map(alone) {
                let [name, directory] = command.words.as_slice() else {
                    continue;
                };
                if !name.is("cd") {
                    continue;
                }
                if directory.is("..") {
                    if went {
                        run.report(
                            sink,
                            command.span,
                            Text::fixed(
                                "when the `cd` before it failed, this leaves the wrong directory",
                                "若之前的 `cd` 失败,此处会离开错误的目录",
                            ),
                            Text::fixed(
                                "use a subshell: `(cd x && …)`",
                                "请使用子 shell:`(cd x && …)`",
                            ),
                        );
                    }
                    went = false;
                } else {
                    went = !directory.is("-");
                }
            }
        }
    }
}

/// The command, where an and-or list is one simple command.
fn alone(item: &AndOr) -> Option<&SimpleCommand> {
    match item.links.as_slice() {
        [link] => match link.pipeline.commands.as_slice() {
            [Command::Simple(command)] => Some(command),
            _ => None,
        },
        _ => None,
    }
}
