//! `FROM image:latest`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "latest-base",
        aliases: &["DL3007", "DS-0001", "DKL-DI-0006"],
        title: Text::fixed("base image with the tag latest", "基础镜像使用 latest 标签"),
        why: Text::fixed(
            "`latest` is another image tomorrow, so that the same file builds something else and nobody can say what.",
            "`latest` 明天可能指向另一个镜像,同一文件会构建出不同的结果,且无法追溯。",
        ),
        severity: Severity::High,
        references: &["requirements A 5.2", "requirements B 2.1"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:latest\n",
        "ARG TAG=latest\nFROM debian:${TAG}\n",
    ],
    good: &[
        "FROM debian:12.5\n",
        "FROM debian:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "FROM debian:12.5 AS latest\nFROM latest\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let image = file
            .variables
            .expand(None, placed.index, &from.image, file.escape);
        let name = &image.text;
        if !image.known || name.contains('@') || !name.ends_with(":latest") {
            continue;
        }
        sink.report(
            placed.instruction,
            from.image.span,
            Text::new(
                format!("`{name}` is another image tomorrow"),
                format!("`{name}` 明天可能是另一个镜像"),
            ),
            Text::fixed(
                "name an exact version and its digest: `image:1.2.3@sha256:…`",
                "请指定精确版本及其摘要:`image:1.2.3@sha256:…`",
            ),
        );
    }
}
