//! `[ -f *.c ]`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "glob-in-test",
        aliases: &["SC2144"],
        title: Text::fixed("test of a glob", "对通配符做文件测试"),
        why: Text::fixed(
            "`[ -f *.c ]` is wrong usage as soon as two files match.",
            "一旦有两个文件匹配,`[ -f *.c ]` 就会出现用法错误。",
        ),
        severity: Severity::High,
        references: &["ShellCheck SC2144"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN [ -f *.c ] && a\n",
        "FROM debian:12\nRUN if [ ! -d /x/* ]; then a; fi\n",
    ],
    good: &[
        "FROM debian:12\nRUN [ -f a.c ] && b\n",
        "FROM debian:12\nRUN [ -f \"*.c\" ] && a\n",
        "FROM debian:12\nRUN ls *.c\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            if seen.command.name() != Some("[") {
                continue;
            }
            let args = seen.command.args();
            for (operator, operand) in args.iter().zip(args.iter().skip(1)) {
                let unary = operator.text().is_some_and(|text| {
                    matches!(text.as_bytes(), [b'-', letter] if letter.is_ascii_alphabetic())
                        && !matches!(text, "-a" | "-o")
                });
                if !unary || !operand.has_glob() {
                    continue;
                }
                run.report(
                    sink,
                    operator.span.to(operand.span),
                    Text::fixed(
                        "this test takes one file, and the glob may give several",
                        "此测试只接受一个文件,而通配符可能给出多个",
                    ),
                    Text::fixed("go through the files with `for`", "请用 `for` 逐个处理文件"),
                );
            }
        }
    }
}
