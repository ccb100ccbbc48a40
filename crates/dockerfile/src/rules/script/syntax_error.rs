//! A script that a shell refuses, and `[` that does.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::shell_forms;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{ErrorKind, SimpleCommand};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "syntax-error",
        aliases: &["SC1020", "SC1035", "SC1072", "SC1073"],
        title: Text::fixed("script that no shell reads", "无法被 shell 解析的脚本"),
        why: Text::fixed(
            "The build ends here with an error of the shell.",
            "构建会在此处因 shell 报错而终止。",
        ),
        severity: Severity::High,
        references: &["POSIX.1-2017, Shell, 2.10", "ShellCheck SC1072"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN if a; then b\n",
        "FROM debian:12\nRUN echo \"a\n",
        "FROM debian:12\nRUN a | | b\n",
        "FROM debian:12\nRUN (a\n",
        "FROM debian:12\nRUN [a = b ]\n",
        "FROM debian:12\nRUN if [ a = b]; then c; fi\n",
    ],
    good: &[
        "FROM debian:12\nRUN if a; then b; fi\n",
        "FROM debian:12\nRUN cat <<EOF\na\nEOF\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (instruction, form) in shell_forms(context) {
        for error in &form.script.errors {
            if error.kind == ErrorKind::UnclosedHereDocument {
                continue;
            }
            sink.report(
                instruction,
                form.span(error.span),
                error.message.clone(),
                Text::fixed("write what a shell can read", "请改为 shell 能解析的写法"),
            )
            .aliases(&["SC1072"]);
        }
        for seen in form.script.commands() {
            if let Some(span) = unclosed_test(seen.command) {
                let is_closed = seen.command.words.last().is_some_and(|word| word.is("]"));
                let known: &[_] = if is_closed { &["SC1035"] } else { &["SC1072"] };
                sink.report(
                    instruction,
                    form.span(span),
                    Text::fixed(
                        "`[` is a command, and its last argument has to be `]`",
                        "`[` 是一条命令,其最后一个参数必须是 `]`",
                    ),
                    Text::fixed(
                        "put blanks around both brackets: `[ a = b ]`",
                        "请在两个方括号前后加空格:`[ a = b ]`",
                    ),
                )
                .aliases(known);
            }
        }
    }
}

/// `[` without its `]` as a word of its own.
fn unclosed_test(command: &SimpleCommand) -> Option<Span> {
    let first = command.words.first()?;
    let last = command.words.last()?;
    let closed = command.words.len() > 1 && last.is("]");
    let glued = first.outline().starts_with('[') && !first.has_quotes() && !first.is("[[");
    (glued && !(closed && first.is("["))).then_some(command.span)
}
