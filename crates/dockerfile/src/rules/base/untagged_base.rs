//! `FROM image`, which means `latest`.

use std::collections::HashSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Base, images};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::{Use, Value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "untagged-base",
        aliases: &["DL3006", "DS-0001"],
        title: Text::fixed("base image without a tag", "基础镜像未指定标签"),
        why: Text::fixed(
            "Without a tag the builder takes `latest`, which is another image tomorrow.",
            "未写标签时构建器会使用 `latest`,而它明天可能是另一个镜像。",
        ),
        severity: Severity::High,
        references: &["requirements B 2.1", "Dockerfile reference, FROM"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian\n",
        "FROM localhost:5000/debian AS build\n",
        "ARG IMAGE=debian\nFROM ${IMAGE}\n",
        "ARG PREFIX\nFROM ${PREFIX}debian\n",
        "FROM debian:12 AS later\nFROM late\n",
    ],
    good: &[
        "FROM debian:12.5\n",
        "FROM scratch\n",
        "FROM debian@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "FROM debian:12.5 AS build\nFROM Build\n",
        "ARG IMAGE\nFROM $IMAGE\n",
        "ARG TAG\nFROM debian$TAG\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let names = context
        .file
        .stages
        .iter()
        .filter_map(|stage| stage.name.as_ref());
    let names: HashSet<&str> = names.map(|name| name.text.as_str()).collect();
    for base in images(context.file) {
        let name = &base.image;
        if base.has_digest() || base.tag().is_some() || name.is_empty() || !has_its_end(&base) {
            continue;
        }
        let written = base.written();
        let mut aliases = Vec::new();
        // hadolint takes what begins with a variable for tagged, and a port behind a host without a dot for a tag.
        let host = written.split('/').next().unwrap_or_default();
        if !written.starts_with('$') && (host.contains('.') || !written.contains(':')) {
            aliases.push("DL3006");
        }
        // Trivy takes a colon anywhere in the text that it has replaced for that of a tag, and the name of any stage,
        // of later ones too, for no image.
        let follows = |it: &Use| it.operator.is_none();
        if base.uses.iter().all(follows)
            && (base.known || !written.contains(':'))
            && !names.contains(name.as_str())
        {
            aliases.push("DS-0001");
        }
        sink.report(
            base.placed.instruction,
            base.from.image.span,
            Text::new(
                format!("`{name}` has no tag, which means `latest`"),
                format!("`{name}` 没有标签,等同于 `latest`"),
            ),
            Text::new(
                format!("name an exact version and its digest: `{name}:1.2.3@sha256:…`"),
                format!("请指定精确版本及其摘要:`{name}:1.2.3@sha256:…`"),
            ),
        )
        .aliases(&aliases);
    }
}

/// Whether the end of the name, where a tag would stand, is not left to the build.
fn has_its_end(base: &Base<'_>) -> bool {
    let open = base
        .uses
        .iter()
        .rfind(|it| matches!(it.value, Value::Open) && it.operator.is_none());
    match open {
        _ if base.known => true,
        Some(last) => {
            let rest = base.written().get(last.span.end..).unwrap_or_default();
            rest.contains('/') || rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        }
        None => false,
    }
}
