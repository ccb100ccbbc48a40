//! `FROM $NAME` where no `ARG` before the first `FROM` has that name.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Kind, Token};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::Value;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "undefined-from-arg",
        aliases: &["UndefinedArgInFrom"],
        title: Text::fixed("undeclared argument in FROM", "FROM 中使用了未声明的参数"),
        why: Text::fixed(
            "`FROM` sees only arguments that are declared before the first stage; any other is empty there.",
            "`FROM` 只能看到第一个阶段之前声明的参数;其他参数在此为空。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, Understand how ARG and FROM interact"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:$TAG\n",
        "FROM debian:12.5\nARG TAG=11\nFROM debian:$TAG\n",
        "FROM --platform=$PLATFORM debian:12.5\n",
    ],
    good: &[
        "ARG TAG\nFROM debian:$TAG\n",
        "FROM debian:${TAG:-12.5}\n",
        "FROM --platform=$BUILDPLATFORM debian:12.5\n",
        "FROM debian:12.5 AS build-amd64\nFROM build-$TARGETARCH\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let platform = placed
            .instruction
            .flag("platform")
            .and_then(|flag| flag.value.as_ref());
        let words: [Option<&Token>; 2] = [platform, Some(&from.image)];
        for word in words.into_iter().flatten() {
            let expanded = file.variables.expand(None, placed.index, word, file.escape);
            for it in &expanded.uses {
                // An operator says what holds without the variable.
                if it.value != Value::Undeclared || it.operator.is_some() {
                    continue;
                }
                let name = &it.name;
                sink.report(
                    placed.instruction,
                    word.span,
                    Text::new(
                        format!("no `ARG {name}` stands before the first `FROM`"),
                        format!("第一个 `FROM` 之前没有 `ARG {name}`"),
                    ),
                    Text::new(
                        format!("declare `ARG {name}` with a default before the first `FROM`"),
                        format!("请在第一个 `FROM` 之前声明 `ARG {name}` 并给出默认值"),
                    ),
                );
            }
        }
    }
}
