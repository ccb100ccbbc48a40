//! `[ a -a b ]`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Word;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "and-in-test",
        aliases: &["SC2166"],
        title: Text::fixed("-a and -o in a test", "测试中使用 -a 或 -o"),
        why: Text::fixed(
            "Shells read `-a` and `-o` differently when a value looks like an operator; POSIX marks both obsolescent.",
            "值形似运算符时,各 shell 对 `-a` 与 `-o` 的解释不一;POSIX 已将二者标为过时。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, test", "ShellCheck SC2166"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN [ -f a -a -f b ] && c\n",
        "FROM debian:12\nRUN if [ \"$x\" = 1 -o \"$y\" = 2 ]; then a; fi\n",
    ],
    good: &[
        "FROM debian:12\nRUN [ -f a ] && [ -f b ]\n",
        "FROM debian:12\nRUN [ \"$x\" = -a ] && b\n",
        "FROM debian:12\nRUN ls -a\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            if seen.command.name() != Some("[") {
                continue;
            }
            let mut before: Option<&Word> = None;
            for word in seen.command.args() {
                let joins = (word.is("-a") || word.is("-o")) && !word.is_quoted();
                let operand = before.is_some_and(|before| !is_operator(before));
                if joins && operand {
                    let and = word.is("-a");
                    run.report(
                        sink,
                        word.span,
                        Text::fixed(
                            "shells do not agree what this means",
                            "各 shell 对此的解释并不一致",
                        ),
                        if and {
                            Text::fixed("write `[ a ] && [ b ]`", "请写作 `[ a ] && [ b ]`")
                        } else {
                            Text::fixed("write `[ a ] || [ b ]`", "请写作 `[ a ] || [ b ]`")
                        },
                    );
                }
                before = Some(word);
            }
        }
    }
}

/// Whether an operand has to follow.
fn is_operator(word: &Word) -> bool {
    !word.is_quoted()
        && word.text().is_some_and(|text| {
            matches!(text, "!" | "=" | "==" | "!=" | "(" | "<" | ">")
                || matches!(text.as_bytes(), [b'-', letter, ..] if letter.is_ascii_alphabetic())
        })
}
