//! `FROM image:stable`, `FROM image:1`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "moving-base-tag",
        aliases: &[],
        title: Text::fixed(
            "base image with a tag that moves",
            "基础镜像使用会变动的标签",
        ),
        why: Text::fixed(
            "A channel or a version with parts left out gets new images, so that a build today and one tomorrow differ.",
            "渠道标签或不完整的版本号会指向新的镜像,今天与明天的构建结果不同。",
        ),
        severity: Severity::Low,
        references: &["requirements B 2.1"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:stable\n",
        "FROM node:lts-alpine\n",
        "FROM nginx:1\n",
        "ARG V=20\nFROM node:${V}-slim\n",
    ],
    good: &[
        "FROM nginx:1.27.3\n",
        "FROM debian:bookworm-20240904-slim\n",
        "FROM debian:latest\n",
        "FROM debian:stable@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "FROM example.org/app:8f3e9a1\n",
        "ARG V\nFROM node:$V\n",
        "FROM ubuntu:24.04\n",
    ],
};

/// Names of channels.
const CHANNELS: &[&str] = &[
    "stable",
    "mainline",
    "edge",
    "nightly",
    "rolling",
    "lts",
    "current",
    "main",
    "master",
    "dev",
    "develop",
    "devel",
    "test",
    "testing",
    "unstable",
    "sid",
    "snapshot",
    "canary",
    "beta",
    "alpha",
    "rc",
    "next",
    "prod",
    "production",
    "staging",
    "release",
    "slim",
    "alpine",
    "debug",
    "nonroot",
    "latest",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for base in images(context.file) {
        let Some(tag) = base.tag().filter(|_| base.known && !base.has_digest()) else {
            continue;
        };
        let name = base.last_part().split(':').next().unwrap_or_default();
        let message = match classify(name, tag) {
            Tag::Channel => Text::new(
                format!("`{tag}` names a channel, not a version"),
                format!("`{tag}` 是渠道名,不是版本号"),
            ),
            Tag::Partial => Text::new(
                format!("`{tag}` is not a full version"),
                format!("`{tag}` 不是完整的版本号"),
            ),
            Tag::Exact => continue,
        };
        sink.report(
            base.placed.instruction,
            base.from.image.span,
            message,
            Text::fixed(
                "name the full version, or add the digest that the tag has now",
                "请写出完整版本号,或加上标签当前的摘要",
            ),
        );
    }
}

enum Tag {
    Channel,
    Partial,
    Exact,
}

fn classify(name: &str, tag: &str) -> Tag {
    let lower = tag.to_ascii_lowercase();
    // `latest` alone is a rule of its own.
    if lower == "latest" || lower.is_empty() {
        return Tag::Exact;
    }
    let parts = || lower.split(['-', '_', '+']);
    if parts().any(is_build) {
        return Tag::Exact;
    }
    let first = parts().next().unwrap_or_default();
    if CHANNELS.contains(&first) {
        return Tag::Channel;
    }
    let version = first.strip_prefix('v').unwrap_or(first);
    let numbers = version
        .split('.')
        .take_while(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        .count();
    match numbers {
        1 => Tag::Partial,
        // A release of Ubuntu has two parts and no third.
        2 if name != "ubuntu" => Tag::Partial,
        // Of a name such as `bookworm` it is not known from here how it moves.
        _ => Tag::Exact,
    }
}

/// Whether a part of a tag is a date (`20240304`) or a commit (`8f3e9a1`), which by custom are not pushed again.
fn is_build(part: &str) -> bool {
    let digits: String = part.chars().filter(|c| *c != '.').collect();
    let is_date = (8..=14).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.starts_with("20") || digits.starts_with("19"));
    let hash = part.strip_prefix("sha").unwrap_or(part);
    let is_hash = (7..=64).contains(&hash.len())
        && hash.bytes().all(|b| b.is_ascii_hexdigit())
        && hash.bytes().any(|b| b.is_ascii_digit())
        && hash.bytes().any(|b| b.is_ascii_alphabetic());
    is_date || is_hash
}
