//! `$(…)` outside quotes.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::{DECLARATIONS, assigned_name, command_at};
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unquoted-substitution",
        aliases: &["SC2046"],
        title: Text::fixed("output of a command outside quotes", "命令输出未加引号"),
        why: Text::fixed(
            "The shell splits the output at blanks and replaces `*` in it by names of files.",
            "shell 会在空白处拆分命令的输出,并将其中的 `*` 替换为文件名。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.6.5", "ShellCheck SC2046"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN rm $(cat x)\n",
        "FROM debian:12\nRUN make -j`nproc`\n",
        "FROM debian:12\nRUN export A=$(b)\n",
    ],
    good: &[
        "FROM debian:12\nRUN rm \"$(cat x)\"\n",
        "FROM debian:12\nRUN A=$(b) c\n",
        "FROM debian:12\nRUN for i in $(seq 3); do a; done\n",
        "FROM debian:12\nRUN x=$(a \"$(b)\")\n",
        "FROM debian:12\nRUN $(a) b\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Unquoted {
            extended: run.extended(),
            found: Vec::new(),
        };
        run.script().visit(&mut found);
        for span in found.found {
            let mut said = run.report(
                sink,
                span,
                Text::fixed(
                    "the shell splits this output into words and looks for files in it",
                    "shell 会将此输出拆分成多个词,并按文件名模式展开",
                ),
                Text::fixed(
                    "put it in double quotes, unless it is meant to be several words",
                    "除非本意就是多个词,否则请加双引号",
                ),
            );
            said.unsafe_fix(vec![
                run.insert(span.start, "\""),
                run.insert(span.end, "\""),
            ]);
        }
    }
}

struct Unquoted {
    extended: bool,
    found: Vec<Span>,
}

impl<'a> Visitor<'a> for Unquoted {
    fn part(&mut self, part: &'a Part, quoted: bool, role: Role, place: &Place<'a>) {
        let Part::Command { span, .. } = part else {
            return;
        };
        let declared = self.extended
            && command_at(place).is_some_and(|command| {
                command.runs_any(DECLARATIONS)
                    && command
                        .args()
                        .iter()
                        .any(|word| word.span.contains(*span) && assigned_name(word).is_some())
            });
        if !quoted && role == Role::Argument && !declared {
            self.found.push(*span);
        }
    }
}
