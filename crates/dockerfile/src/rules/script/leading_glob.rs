//! `*` at the start of an argument.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Part;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "leading-glob",
        aliases: &["SC2035"],
        title: Text::fixed(
            "glob that may give names with a dash",
            "通配符可能匹配以短横线开头的文件名",
        ),
        why: Text::fixed(
            "A file whose name begins with `-` becomes an option of the command.",
            "以 `-` 开头的文件名会被命令当作选项。",
        ),
        severity: Severity::Low,
        references: &["ShellCheck SC2035"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN rm *\n",
        "FROM debian:12\nRUN cp *.c /x\n",
    ],
    good: &[
        "FROM debian:12\nRUN rm ./*\n",
        "FROM debian:12\nRUN rm -- *\n",
        "FROM debian:12\nRUN echo *\n",
        "FROM debian:12\nRUN for i in *; do a; done\n",
        "FROM debian:12\nRUN ls a*\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            if seen.command.runs_any(&["echo", "printf", "[", "[["]) {
                continue;
            }
            for word in seen.command.args() {
                if word.is("--") {
                    break;
                }
                let Some(Part::Glob { span, text }) = word.parts.first() else {
                    continue;
                };
                if text.starts_with('[') {
                    continue;
                }
                run.report(
                    sink,
                    word.span,
                    Text::fixed(
                        "a file whose name begins with `-` becomes an option here",
                        "文件名若以 `-` 开头,在此会成为选项",
                    ),
                    Text::new(format!("write `./{text}…`"), format!("请写作 `./{text}…`")),
                )
                .unsafe_fix(vec![run.insert(span.start, "./")]);
            }
        }
    }
}
