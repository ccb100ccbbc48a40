//! `a && b || c`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::is_condition;
use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Command, Connector, Pipeline};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "and-or-is-no-if",
        aliases: &["SC2015"],
        title: Text::fixed("`a && b || c` as an if", "把 `a && b || c` 当作 if 使用"),
        why: Text::fixed(
            "`c` also runs when `a` succeeds and `b` fails; that is no if and else.",
            "`a` 成功而 `b` 失败时 `c` 也会执行,这与 if/else 不同。",
        ),
        severity: Severity::Low,
        references: &["ShellCheck SC2015"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN a && b || c\n",
        "FROM debian:12\nRUN x; a && b && c || d\n",
    ],
    good: &[
        "FROM debian:12\nRUN a && b || true\n",
        "FROM debian:12\nRUN a && b || exit 1\n",
        "FROM debian:12\nRUN a && b || echo c\n",
        "FROM debian:12\nRUN a || b\n",
        "FROM debian:12\nRUN if a && b || c; then d; fi\n",
        "FROM debian:12\nRUN a && b || c=1\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for place in run.script().pipelines() {
            let links = &place.and_or.links;
            let is_last = place.link.saturating_add(1) == links.len();
            let before = place.link.checked_sub(1).and_then(|at| links.get(at));
            let joined = (
                before.and_then(|link| link.connector),
                place.connector_before(),
            );
            if !is_last
                || joined != (Some(Connector::And), Some(Connector::Or))
                || is_condition(&place)
                || is_harmless(place.pipeline)
            {
                continue;
            }
            run.report(
                sink,
                place.and_or.span,
                Text::fixed(
                    "what follows `||` also runs when what follows `&&` fails",
                    "`&&` 之后的命令失败时,`||` 之后的命令也会执行",
                ),
                Text::fixed(
                    "write `if a; then b; else c; fi`",
                    "请写作 `if a; then b; else c; fi`",
                ),
            );
        }
    }
}

/// Whether it does no harm when it runs too often: it says something, ends the script, or sets a variable.
fn is_harmless(pipeline: &Pipeline) -> bool {
    let [Command::Simple(command)] = pipeline.commands.as_slice() else {
        return false;
    };
    (command.words.is_empty() && !command.assignments.is_empty())
        || command.runs_any(&["echo", "exit", "return", "printf", "true", ":"])
}
