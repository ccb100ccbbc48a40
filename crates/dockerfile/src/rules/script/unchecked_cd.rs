//! `cd` whose failure nobody sees.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::{is_condition, stops_at_failure};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Invocation, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unchecked-cd",
        aliases: &["SC2164"],
        title: Text::fixed("cd without a check", "cd 失败时未处理"),
        why: Text::fixed(
            "When the directory is not there, what follows runs in the wrong one.",
            "目录不存在时,后续命令会在错误的目录中执行。",
        ),
        severity: Severity::Medium,
        references: &["ShellCheck SC2164"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN cd /x; make\n",
        "FROM debian:12\nRUN (cd /x; make)\n",
        "FROM debian:12\nRUN a && cd /x\n",
        "FROM debian:12\nRUN ! cd x\n",
    ],
    good: &[
        "FROM debian:12\nRUN cd /x && make\n",
        "FROM debian:12\nRUN cd /x || exit 1\n",
        "FROM debian:12\nRUN set -e; cd /x; make\n",
        "FROM debian:12\nRUN if cd /x; then a; fi\n",
        "FROM debian:12\nRUN cd ..; a\n",
        "FROM debian:12\nRUN { cd x; a; } || exit 1\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let commands = run.script().commands();
        if commands.iter().any(|seen| stops_at_failure(seen.command)) {
            continue;
        }
        let functions = run.functions();
        for seen in &commands {
            let command = Invocation {
                words: match seen.command.name() {
                    Some("builtin" | "command") => seen.command.args(),
                    _ => &seen.command.words,
                },
            };
            let Some(name @ ("cd" | "pushd" | "popd")) = command.name() else {
                continue;
            };
            let harmless = command.args().len() == 1 && command.args().iter().all(is_harmless);
            if harmless || functions.contains(name) || is_condition(seen) {
                continue;
            }
            run.report(
                sink,
                seen.command.span,
                Text::new(
                    format!("when this `{name}` fails, the script goes on in the wrong directory"),
                    format!("若此 `{name}` 失败,脚本会在错误的目录中继续执行"),
                ),
                Text::new(
                    format!("join what follows with `&&`, or write `{name} … || exit 1`; for all of the build, use `WORKDIR`"),
                    format!("请用 `&&` 连接后续命令,或写作 `{name} … || exit 1`;若对整个构建有效,请用 `WORKDIR`"),
                ),
            );
        }
    }
}

/// Whether it is a directory that is always there: `/`, `.`, `..` and what they make.
fn is_harmless(word: &Word) -> bool {
    word.literal().is_some_and(|path| {
        !path.is_empty() && path.split('/').all(|part| matches!(part, "" | "." | ".."))
    })
}
