//! `ARG` without a default that makes `FROM` no image.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::{self, PLATFORM, Value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-default-base",
        aliases: &["InvalidDefaultArgInFrom"],
        title: Text::fixed(
            "no image without a build argument",
            "缺少构建参数时基础镜像无效",
        ),
        why: Text::fixed(
            "Without `--build-arg` the name of the base is empty or broken, and whoever builds the file has to guess.",
            "不传 `--build-arg` 时基础镜像名称为空或不合法,构建者只能猜测。",
        ),
        severity: Severity::Low,
        references: &["Docker build checks, InvalidDefaultArgInFrom"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "ARG TAG\nFROM debian:${TAG}\n",
        "ARG IMAGE\nFROM $IMAGE\n",
        "ARG NAME=Debian\nFROM $NAME:12\n",
    ],
    good: &[
        "ARG TAG=12.5\nFROM debian:${TAG}\n",
        "ARG TAG\nFROM debian:${TAG:-12.5}\n",
        "ARG PREFIX\nFROM ${PREFIX}debian:12.5\n",
        "FROM debian:12.5 AS build-amd64\nFROM build-$TARGETARCH\n",
        "FROM debian:12.5 AS Build\nFROM Build\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let (Kind::From(from), Some(stage)) = (&placed.instruction.kind, placed.stage) else {
            continue;
        };
        let word = &from.image;
        let is_of_stage = file
            .stages
            .get(stage)
            .is_some_and(|stage| stage.parent.is_some());
        if placed.onbuild || is_of_stage || !word.text.contains('$') {
            continue;
        }
        let mut is_platform = false;
        let expanded = variables::expand(&word.text, file.escape, |name| {
            let value = file.variables.at(None, placed.index, name);
            // The builder always knows these.
            is_platform |=
                value == Value::Open && PLATFORM.contains(&name) && !file.variables.is_global(name);
            match value {
                Value::Known(value) => Value::Known(value),
                _ => Value::Known(String::new()),
            }
        });
        if is_platform || !expanded.known || is_reference(&expanded.text) {
            continue;
        }
        let (written, image) = (&word.text, &expanded.text);
        let message = if image.is_empty() {
            Text::new(
                format!("`{written}` is empty without build arguments, which is no image"),
                format!("不传构建参数时 `{written}` 为空,不是有效的镜像"),
            )
        } else {
            Text::new(
                format!("`{written}` is `{image}` without build arguments, which is no image"),
                format!("不传构建参数时 `{written}` 为 `{image}`,不是有效的镜像"),
            )
        };
        sink.report(
            placed.instruction,
            word.span,
            message,
            Text::fixed(
                "give the argument a default that builds",
                "请为该参数设置可以成功构建的默认值",
            ),
        );
    }
}

/// Whether a text is a reference of an image as Docker reads it: host, lower-case path, tag, digest.
fn is_reference(text: &str) -> bool {
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        let Some((algorithm, hex)) = digest.split_once(':') else {
            return false;
        };
        if algorithm.is_empty() || hex.len() < 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return false;
        }
    }
    let slash = name.rfind('/').map_or(0, |at| at.saturating_add(1));
    let last = name.get(slash..).unwrap_or_default();
    let (last, tag) = match last.split_once(':') {
        Some((last, tag)) => (last, Some(tag)),
        None => (last, None),
    };
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if let Some(tag) = tag {
        let is_tag = tag.len() <= 128
            && tag.bytes().next().is_some_and(is_word)
            && tag.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'));
        if !is_tag {
            return false;
        }
    }
    let mut path: Vec<&str> = name.get(..slash).unwrap_or_default().split('/').collect();
    path.pop();
    path.push(last);
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    if path.len() > 1 && path.first().is_some_and(|part| is_host(part)) {
        let host = path.remove(0);
        if host.starts_with(['.', ':', '-']) || host.ends_with([':', '-']) {
            return false;
        }
    }
    path.iter().all(|part| {
        let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        part.bytes().next().is_some_and(is_inner)
            && part.bytes().next_back().is_some_and(is_inner)
            && part
                .bytes()
                .all(|b| is_inner(b) || matches!(b, b'.' | b'_' | b'-'))
    })
}
