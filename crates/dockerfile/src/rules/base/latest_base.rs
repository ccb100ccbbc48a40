//! `FROM image:latest`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
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
        "FROM debian:${TAG:-latest}\n",
        "FROM localhost:5000/debian:latest AS build\n",
    ],
    good: &[
        "FROM debian:12.5\n",
        "FROM debian:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "FROM debian:12.5 AS latest\nFROM latest\n",
        "ARG TAG\nFROM debian:${TAG}\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for base in images(context.file) {
        let name = &base.image;
        if base.has_digest() || base.tag() != Some("latest") {
            continue;
        }
        // hadolint follows no variables, Trivy none with operators, and neither looks into quotes.
        let aliases: &[_] = match (base.is_plain(), base.is_simple()) {
            (true, _) => &["DL3007", "DS-0001", "DKL-DI-0006"],
            (false, true) => &["DS-0001", "DKL-DI-0006"],
            _ => &["DKL-DI-0006"],
        };
        sink.report(
            base.placed.instruction,
            base.from.image.span,
            Text::new(
                format!("`{name}` is another image tomorrow"),
                format!("`{name}` 明天可能是另一个镜像"),
            ),
            Text::fixed(
                "name an exact version and its digest: `image:1.2.3@sha256:…`",
                "请指定精确版本及其摘要:`image:1.2.3@sha256:…`",
            ),
        )
        .aliases(aliases);
    }
}
