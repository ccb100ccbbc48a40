//! `ENTRYPOINT node server.js`: the shell gets the signals.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::effective;
use crate::ast::{Command, Kind};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "shell-form-entrypoint",
        aliases: &[],
        title: Text::fixed("entry point that swallows signals", "入口程序收不到信号"),
        why: Text::fixed(
            "The shell is process 1 and passes no SIGTERM on, so that every stop waits for the time-out and kills; and \
             `CMD` and the arguments of `docker run` are ignored.",
            "shell 成为 1 号进程且不转发 SIGTERM,每次停止都要等到超时后强制杀死;`CMD` 与 `docker run` 的参数也会被忽略。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, Shell form ENTRYPOINT example"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nENTRYPOINT node server.js\n",
        "FROM debian:12.5\nENTRYPOINT ./prepare && ./run\n",
    ],
    good: &[
        "FROM debian:12.5\nENTRYPOINT exec node server.js\n",
        "FROM debian:12.5\nENTRYPOINT [\"node\", \"server.js\"]\n",
        "FROM debian:12.5\nENTRYPOINT ./prepare && exec ./run\n",
        "FROM debian:12.5\nENTRYPOINT [\"sh\"]\nFROM debian:12.5\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(placed) = effective(context.file, |kind| matches!(kind, Kind::Entrypoint(_))) else {
        return;
    };
    let Some(Command::Shell(form)) = placed.instruction.command() else {
        return;
    };
    let text = form.text.text().trim();
    let has_exec = text.split_whitespace().any(|word| word == "exec");
    if has_exec || text.is_empty() || text.starts_with('[') || !form.interpreter.is_posix() {
        return;
    }
    let span = form.span(Span::new(0, form.text.text().len()));
    let is_simple = !text.contains(['|', '&', ';', '(', '{', '\n', '`', '<', '>']);
    let mut found = sink.report(
        placed.instruction,
        span,
        Text::fixed(
            "the shell is process 1 here and passes no signal on",
            "此处 shell 是 1 号进程,不会转发信号",
        ),
        Text::fixed(
            "write a JSON array, or let the program take the place of the shell: `ENTRYPOINT exec …`",
            "请写成 JSON 数组,或让程序取代 shell:`ENTRYPOINT exec …`",
        ),
    );
    let is_assignment = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.contains('='));
    if is_simple && !is_assignment {
        found.unsafe_fix(vec![fix::insert(span.start, "exec ")]);
    }
}
