//! `[foo]` and `[:digit:]`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::command_at;
use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "odd-bracket-glob",
        aliases: &["SC2101", "SC2102"],
        title: Text::fixed("brackets that match one character", "方括号只匹配单个字符"),
        why: Text::fixed(
            "`[foo]` matches a file with a name of one character; a program that is meant to see the brackets gets that name.",
            "`[foo]` 匹配单字符的文件名;若程序本应看到方括号,得到的却会是该文件名。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, Shell, 2.13", "ShellCheck SC2102"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN pip install a[all]\n",
        "FROM debian:12\nRUN ls [:digit:]\n",
        "FROM debian:12\nRUN ls [0-99]\n",
    ],
    good: &[
        "FROM debian:12\nRUN pip install 'a[all]'\n",
        "FROM debian:12\nRUN ls [a-z]\n",
        "FROM debian:12\nRUN ls [[:digit:]]*\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Brackets(Vec::new());
        run.script().visit(&mut found);
        for (span, alias) in found.0 {
            run.report(
                sink,
                span,
                Text::fixed(
                    "this matches one character of the name of a file",
                    "此处匹配文件名中的单个字符",
                ),
                if alias == "SC2101" {
                    Text::fixed("write `[[:class:]]`", "请写作 `[[:class:]]`")
                } else {
                    Text::fixed(
                        "put the word in quotes if it is no pattern",
                        "若并非模式,请加引号",
                    )
                },
            )
            .aliases(&[alias]);
        }
    }
}

struct Brackets(Vec<(Span, &'static str)>);

impl<'a> Visitor<'a> for Brackets {
    fn part(&mut self, part: &'a Part, _: bool, role: Role, place: &Place<'a>) {
        let Part::Glob { span, text } = part else {
            return;
        };
        let inside = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let Some(inside) = inside.filter(|inside| !inside.contains('[')) else {
            return;
        };
        let in_tr = command_at(place).is_some_and(|command| command.runs("tr"));
        if role == Role::Element || in_tr {
            return;
        }
        if inside.starts_with(':') && inside.ends_with(':') && inside.len() > 2 {
            self.0.push((*span, "SC2101"));
        } else if !inside.contains(':') && repeats(inside) {
            self.0.push((*span, "SC2102"));
        }
    }
}

/// Whether a character stands there twice, which changes nothing in a class of characters.
fn repeats(inside: &str) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let inside = inside.trim_start_matches(['!', '^']);
    inside
        .chars()
        .filter(|c| *c != '-')
        .any(|c| !seen.insert(c))
}
