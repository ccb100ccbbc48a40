//! `[ $? -eq 0 ]`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Command, CompoundKind, Condition, Part, Place, Visitor, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "status-by-number",
        aliases: &["SC2181"],
        title: Text::fixed("status asked for by number", "通过数字判断状态"),
        why: Text::fixed(
            "A command between changes `$?` unseen; `if command` cannot go wrong.",
            "中间插入的命令会悄悄改变 `$?`,而 `if 命令` 不会出错。",
        ),
        severity: Severity::Low,
        references: &["ShellCheck SC2181"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN a; if [ $? -eq 0 ]; then b; fi\n",
        "FROM debian:12\nRUN a; [ \"$?\" != 0 ] && b\n",
    ],
    good: &[
        "FROM debian:12\nRUN if a; then b; fi\n",
        "FROM debian:12\nRUN a; [ $? -eq 2 ] && b\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Statuses(Vec::new());
        run.script().visit(&mut found);
        for span in found.0 {
            run.report(
                sink,
                span,
                Text::fixed("`$?` is whatever ran last", "`$?` 是最后执行的命令的状态"),
                Text::fixed(
                    "put the command itself behind `if`",
                    "请将命令本身放在 `if` 之后",
                ),
            );
        }
    }
}

struct Statuses(Vec<Span>);

impl<'a> Visitor<'a> for Statuses {
    fn command(&mut self, command: &'a Command, _: &Place<'a>) {
        match command {
            Command::Simple(simple) if simple.name() == Some("[") => {
                if let [left, operator, right, _] = simple.args() {
                    let compares = ["-eq", "-ne", "=", "==", "!="]
                        .iter()
                        .any(|name| operator.is(name));
                    self.compared(compares, left, right);
                }
            }
            Command::Compound(compound) => {
                if let CompoundKind::Test(Some(condition)) = &compound.kind
                    && let Condition::Binary {
                        left,
                        operator,
                        right,
                    } = condition.as_ref()
                {
                    let compares = matches!(operator.as_str(), "-eq" | "-ne" | "=" | "==" | "!=");
                    self.compared(compares, left, right);
                }
            }
            _ => {}
        }
    }
}

impl Statuses {
    fn compared(&mut self, compares: bool, left: &Word, right: &Word) {
        for (status, number) in [(left, right), (right, left)] {
            if let Some(span) = status_in(status).filter(|_| compares && number.is("0")) {
                self.0.push(span);
            }
        }
    }
}

fn status_in(word: &Word) -> Option<Span> {
    let parts = match word.parts.as_slice() {
        [Part::DoubleQuoted { parts, .. }] => parts.as_slice(),
        parts => parts,
    };
    match parts {
        [Part::Parameter(parameter)] if parameter.name == "?" => Some(parameter.span),
        _ => None,
    }
}
