//! `FROM image:stable`, `FROM image:1`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::tag::Tag;
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

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for base in images(context.file) {
        let Some(tag) = base.tag().filter(|_| base.known && !base.has_digest()) else {
            continue;
        };
        // No tag, or `latest`, is a rule of its own.
        if tag.is_empty() || tag.eq_ignore_ascii_case("latest") {
            continue;
        }
        let name = base.last_part().split(':').next().unwrap_or_default();
        let message = match Tag::of(tag) {
            Tag::Channel => Text::new(
                format!("`{tag}` names a channel, not a version"),
                format!("`{tag}` 是渠道名,不是版本号"),
            ),
            // A release of Ubuntu has two parts and no third.
            Tag::Partial { parts: 2 } if name == "ubuntu" => continue,
            Tag::Partial { .. } => Text::new(
                format!("`{tag}` is not a full version"),
                format!("`{tag}` 不是完整的版本号"),
            ),
            // Of a name such as `bookworm` it is not known from here how it moves.
            Tag::Name | Tag::Exact => continue,
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
