//! `echo "a\n"`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "echo-escape",
        aliases: &["SC2028"],
        title: Text::fixed("echo with an escape", "echo 的参数含转义序列"),
        why: Text::fixed(
            "Some shells print `\\n` as a new line and some as it stands, so that the file differs from image to image.",
            "有的 shell 把 `\\n` 输出为换行,有的则原样输出,不同镜像会得到不同的内容。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, echo", "ShellCheck SC2028"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN echo \"a\\nb\"\n",
        "FROM debian:12\nRUN echo 'a\\tb' > c\n",
    ],
    good: &[
        "FROM debian:12\nRUN printf \"a\\nb\"\n",
        "FROM debian:12\nRUN echo \"a\"\n",
        "FROM debian:12\nRUN echo -e \"a\\nb\"\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            if !seen.command.runs("echo") || seen.command.has_flag('e', "") {
                continue;
            }
            for word in seen.command.args() {
                if !has_escape(&word.outline()) {
                    continue;
                }
                run.report(
                    sink,
                    word.span,
                    Text::fixed(
                        "whether `echo` prints this escape as it stands depends on the shell",
                        "`echo` 是否解释此转义序列取决于所用的 shell",
                    ),
                    Text::fixed("use `printf`", "请使用 `printf`"),
                );
            }
        }
    }
}

/// A backslash and what some `echo` takes for an escape.
fn has_escape(text: &str) -> bool {
    let mut before = None;
    text.chars().any(|next| {
        let found = before == Some('\\') && "abefnrtvx'01234567".contains(next);
        before = Some(next);
        found
    })
}
