//! `$@` and `$*` where they lose the borders of arguments.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Operator, Part, Place, Role, Visitor, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unquoted-arguments",
        aliases: &["SC2068", "SC2048", "SC2145"],
        title: Text::fixed(
            "list of arguments that loses its borders",
            "参数列表失去边界",
        ),
        why: Text::fixed(
            "Outside quotes, and among other text, `$@` does not pass on the arguments as they came.",
            "未加引号或与其他文本相连时,`$@` 不会按原样传递各个参数。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.5.2", "ShellCheck SC2068"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN echo $@\n",
        "FROM debian:12\nRUN for i in $*; do a; done\n",
        "FROM debian:12\nRUN echo \"a $@ b\"\n",
        "FROM debian:12\nRUN a ${x[@]}\n",
    ],
    good: &[
        "FROM debian:12\nRUN a \"$@\"\n",
        "FROM debian:12\nRUN x=$*; a \"$x\"\n",
        "FROM debian:12\nRUN a \"${x[@]}\"\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Lists(Vec::new());
        run.script().visit(&mut found);
        for (span, alias) in found.0 {
            let (message, suggestion) = if alias == "SC2145" {
                (
                    Text::fixed(
                        "the text before and behind goes to the first and the last argument only",
                        "前后的文本只会与第一个和最后一个参数相连",
                    ),
                    Text::fixed(
                        "write `$*` for one text, or `\"$@\"` as an argument of its own",
                        "若要合成一段文本请用 `$*`,否则请将 `\"$@\"` 作为单独的参数",
                    ),
                )
            } else {
                (
                    Text::fixed(
                        "the shell splits these arguments again",
                        "shell 会再次拆分这些参数",
                    ),
                    Text::fixed("write `\"$@\"`", "请写作 `\"$@\"`"),
                )
            };
            run.report(sink, span, message, suggestion)
                .aliases(&[alias]);
        }
    }
}

struct Lists(Vec<(Span, &'static str)>);

/// `@` or `*`, where the parameter is all arguments or all of an array.
fn kind(part: &Part) -> Option<(Span, char)> {
    let Part::Parameter(parameter) = part else {
        return None;
    };
    let sign = match &parameter.subscript {
        Some(word) => word.outline(),
        None => parameter.name.clone(),
    };
    let sign = match sign.as_str() {
        "@" => '@',
        "*" => '*',
        _ => return None,
    };
    (!parameter.length && !matches!(parameter.operator, Some(Operator::Alternative)))
        .then_some((parameter.span, sign))
}

impl<'a> Visitor<'a> for Lists {
    fn word(&mut self, word: &'a Word, role: Role, _: &Place<'a>) {
        if !matches!(
            role,
            Role::Argument | Role::Listed | Role::Element | Role::Name
        ) {
            return;
        }
        for part in &word.parts {
            match part {
                Part::DoubleQuoted { parts, .. } if parts.len() > 1 || word.parts.len() > 1 => {
                    let all = parts.iter().filter_map(kind);
                    let marked = all.filter(|(_, sign)| *sign == '@');
                    self.0.extend(marked.map(|(span, _)| (span, "SC2145")));
                }
                part => {
                    if let Some((span, sign)) = kind(part) {
                        let alias = if sign == '@' { "SC2068" } else { "SC2048" };
                        self.0.push((span, alias));
                    }
                }
            }
        }
    }
}
