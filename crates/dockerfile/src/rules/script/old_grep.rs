//! `egrep` and `fgrep`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "old-grep",
        aliases: &["SC2196", "SC2197"],
        title: Text::fixed("egrep and fgrep", "使用 egrep 或 fgrep"),
        why: Text::fixed(
            "POSIX has neither, and GNU grep warns at every call.",
            "POSIX 中没有这两个命令,GNU grep 每次调用都会给出警告。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, grep", "ShellCheck SC2196"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN egrep a b\n",
        "FROM debian:12\nRUN x | fgrep a\n",
    ],
    good: &[
        "FROM debian:12\nRUN grep -E a b\n",
        "FROM debian:12\nRUN echo egrep\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            let (alias, name, instead) = match seen.command.name() {
                Some("egrep") => ("SC2196", "egrep", "grep -E"),
                Some("fgrep") => ("SC2197", "fgrep", "grep -F"),
                _ => continue,
            };
            let Some(word) = seen.command.words.first() else {
                continue;
            };
            run.report(
                sink,
                word.span,
                Text::new(format!("`{name}` is obsolete"), format!("`{name}` 已过时")),
                Text::new(format!("write `{instead}`"), format!("请写作 `{instead}`")),
            )
            .aliases(&[alias])
            .safe_fix(vec![run.replace(word.span, instead)]);
        }
    }
}
