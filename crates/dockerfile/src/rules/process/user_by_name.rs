//! `USER app`.

use std::collections::HashSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{User, is_windows, last_image, user};
use crate::ast::{Dockerfile, Kind, Placed, Token};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "user-by-name",
        aliases: &["DL3066"],
        title: Text::fixed("user given by name", "USER 使用了用户名"),
        why: Text::fixed(
            "A name is looked up inside of the image when it starts; Kubernetes cannot tell that it is not root and \
             refuses it under `runAsNonRoot`.",
            "用户名要到启动时才在镜像内解析;Kubernetes 无法确认它不是 root,在 `runAsNonRoot` 下会拒绝启动。",
        ),
        severity: Severity::Negligible,
        references: &[
            "Kubernetes, Configure a Security Context for a Pod or Container, runAsNonRoot",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nUSER app\n",
        "FROM debian:12.5\nUSER app:1000\n",
        "FROM debian:12.5\nENV WHO=app\nUSER $WHO\n",
    ],
    good: &[
        "FROM debian:12.5\nUSER 1000:app\n",
        "FROM debian:12.5\nENV WHO=1000\nUSER $WHO\n",
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser\n",
        "FROM debian:12.5\nARG WHO\nUSER ${WHO}\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    if is_windows(file, &last_image(file)) {
        return;
    }
    // The arguments of the stage so far.
    let mut arguments: HashSet<&str> = HashSet::new();
    for placed in file.walk() {
        let word = match &placed.instruction.kind {
            Kind::User(word) => word,
            Kind::From(_) => {
                arguments.clear();
                continue;
            }
            Kind::Arg(pairs) => {
                arguments.extend(pairs.iter().map(|pair| pair.name.text.as_str()));
                continue;
            }
            _ => continue,
        };
        if placed.onbuild || word.text.is_empty() {
            continue;
        }
        let name = match user(file, &placed, word) {
            User::Name(name) => name,
            // `USER root` for a few lines is as much a name as any.
            User::Root if is_named(file, &placed, word) => "root".to_owned(),
            _ => continue,
        };
        // hadolint leaves a user alone that is an `ARG` of the stage and nothing else.
        let argument = word
            .text
            .strip_prefix('$')
            .map(|name| name.trim_start_matches('{').trim_end_matches('}'));
        let is_argument = argument.is_some_and(|name| arguments.contains(name));
        let aliases: &[_] = if is_argument { &[] } else { &["DL3066"] };
        sink.report(
            placed.instruction,
            word.span,
            Text::new(
                format!("`{name}` is a name; only the image knows its number"),
                format!("`{name}` 是用户名;其编号只有镜像内部知道"),
            ),
            Text::fixed(
                "give the user a fixed number when it is made, and write that number: `USER 10001:10001`",
                "创建用户时指定固定编号,并在此写编号:`USER 10001:10001`",
            ),
        )
        .aliases(aliases);
    }
}

/// Whether root is called by name.
fn is_named(file: &Dockerfile, placed: &Placed<'_>, word: &Token) -> bool {
    let expanded = file
        .variables
        .expand(placed.stage, placed.index, word, file.escape);
    expanded.text.split(':').next() == Some("root")
}
