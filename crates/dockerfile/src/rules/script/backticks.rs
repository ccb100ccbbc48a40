//! `` `…` ``.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "backticks",
        aliases: &["SC2006"],
        title: Text::fixed("backticks", "使用反引号"),
        why: Text::fixed(
            "Backticks cannot be nested without backslashes and change what backslashes in them mean.",
            "反引号嵌套时必须加反斜杠转义,还会改变其中反斜杠的含义。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, Shell, 2.6.3", "ShellCheck SC2006"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN echo \"`date`\"\n",
        "FROM debian:12\nRUN x=`a \"b\"`; c\n",
    ],
    good: &[
        "FROM debian:12\nRUN echo \"$(date)\"\n",
        "FROM debian:12\nRUN echo '`date`'\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Backticks(Vec::new());
        run.script().visit(&mut found);
        for span in found.0 {
            let inside = Span::new(span.start.saturating_add(1), span.end.saturating_sub(1));
            let plain = !inside.of(run.text()).contains(['\\', '#', '`']);
            let mut said = run.report(
                sink,
                span,
                Text::fixed(
                    "an old way to take the output of a command",
                    "这是获取命令输出的旧写法",
                ),
                Text::fixed("write `$(…)`", "请写作 `$(…)`"),
            );
            if plain {
                said.safe_fix(vec![
                    run.replace(Span::new(span.start, inside.start), "$("),
                    run.replace(Span::new(inside.end, span.end), ")"),
                ]);
            }
        }
    }
}

struct Backticks(Vec<Span>);

impl<'a> Visitor<'a> for Backticks {
    fn part(&mut self, part: &'a Part, _: bool, _: Role, _: &Place<'a>) {
        if let Part::Command {
            span,
            backticks: true,
            ..
        } = part
        {
            self.0.push(*span);
        }
    }
}
