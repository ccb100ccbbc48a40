//! `"a"b"c"`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "broken-quotes",
        aliases: &["SC2026", "SC2140"],
        title: Text::fixed(
            "word between two quoted texts",
            "两段引号文本之间有未加引号的词",
        ),
        why: Text::fixed(
            "The quotes end where they were meant to be part of the text.",
            "引号在本应作为文本一部分的位置结束了。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.2", "ShellCheck SC2140"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN echo \"key=\"value\"\" > f\n",
        "FROM debian:12\nRUN echo 'a 'b' c'\n",
    ],
    good: &[
        "FROM debian:12\nRUN echo \"a\"b\n",
        "FROM debian:12\nRUN echo \"a\"=\"b\"\n",
        "FROM debian:12\nRUN echo 'a'\"b\"'c'\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Broken(Vec::new());
        run.script().visit(&mut found);
        for (span, alias) in found.0 {
            run.report(
                sink,
                span,
                Text::fixed(
                    "this stands outside the quotes around it",
                    "此处位于前后引号之外",
                ),
                Text::fixed(
                    "escape the inner quotes, or leave them out",
                    "请转义内层引号,或将其去掉",
                ),
            )
            .aliases(&[alias]);
        }
    }
}

struct Broken(Vec<(Span, &'static str)>);

impl<'a> Visitor<'a> for Broken {
    fn word(&mut self, word: &'a Word, role: Role, _: &Place<'a>) {
        if matches!(role, Role::HereDocument | Role::Inner | Role::Condition) {
            return;
        }
        let mut parts = word.parts.as_slice();
        while let [first, rest @ ..] = parts {
            match parts {
                [
                    Part::DoubleQuoted { .. },
                    Part::Literal {
                        span,
                        text,
                        escaped: false,
                    },
                    Part::DoubleQuoted { .. },
                    ..,
                ] if !matches!(text.as_str(), "=" | ":" | "/") => self.0.push((*span, "SC2140")),
                [
                    Part::SingleQuoted { .. },
                    Part::Literal {
                        span,
                        text,
                        escaped: false,
                    },
                    Part::SingleQuoted { .. },
                    ..,
                ] if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
                    self.0.push((*span, "SC2026"));
                }
                _ => {}
            }
            let _ = first;
            parts = rest;
        }
    }
}
