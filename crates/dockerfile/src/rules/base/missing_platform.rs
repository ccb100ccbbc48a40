//! `FROM --platform=…` of an image that is not made for that platform.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
use crate::ast::Dockerfile;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::{self, Value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-platform",
        aliases: &["InvalidBaseImagePlatform"],
        title: Text::fixed(
            "base image that is not made for the platform",
            "基础镜像不支持所要求的平台",
        ),
        why: Text::fixed(
            "The build ends with an error, or goes on with an image of another platform that runs emulated or not at \
             all. Only the registry knows it, so `--pin` asks.",
            "构建会出错,或继续使用其他平台的镜像,只能模拟运行甚至无法运行。只有仓库知道,因此由 `--pin` 查询。",
        ),
        severity: Severity::High,
        references: &["BuildKit, build checks, InvalidBaseImagePlatform"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM --platform=linux/s390x registry.example.org/app:1\n",
        "ARG P=linux/s390x\nFROM --platform=$P registry.example.org/app:1 AS a\n",
    ],
    good: &[
        "FROM --platform=linux/amd64 registry.example.org/app:1\n",
        "FROM --platform=linux/s390x registry.example.org/other:1\n",
        "FROM --platform=$BUILDPLATFORM registry.example.org/app:1\n",
        "ARG P\nFROM --platform=$P registry.example.org/app:1\n",
        "FROM registry.example.org/app:1\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let missing = &context.settings.missing_platforms;
    if missing.is_empty() {
        return;
    }
    for wanted in wanted(context.file) {
        let (image, platform) = wanted.pair;
        let key = (image, platform);
        let Some(offered) = missing.get(&key) else {
            continue;
        };
        let (image, platform) = key;
        let offered = offered.join(", ");
        sink.report(
            wanted.placed.instruction,
            wanted.span,
            Text::new(
                format!("`{image}` is not made for `{platform}`, but for {offered}"),
                format!("`{image}` 不支持 `{platform}`,仅支持 {offered}"),
            ),
            Text::new(
                format!(
                    "take an image that is made for it, or a platform that the image has: {offered}"
                ),
                format!("请改用支持该平台的镜像,或使用镜像支持的平台:{offered}"),
            ),
        );
    }
}

/// A `FROM` whose image and platform do not hang on the build.
struct Wanted<'a> {
    placed: crate::ast::Placed<'a>,
    span: crate::Span,
    pair: (String, String),
}

fn wanted(file: &Dockerfile) -> impl Iterator<Item = Wanted<'_>> {
    images(file).filter_map(|base| {
        let flag = base.placed.instruction.flag("platform")?;
        let value = |name: &str| match file.variables.at(None, base.placed.index, name) {
            Value::Undeclared => Value::Known(String::new()),
            value => value,
        };
        // The platforms that the builder sets are told by no file.
        let is_of_build = ["BUILD", "TARGET"]
            .iter()
            .any(|head| flag.value().contains(head));
        let platform = variables::expand(flag.value(), file.escape, value);
        let is_known = base.known && platform.known && !is_of_build && !platform.text.is_empty();
        is_known.then_some(Wanted {
            placed: base.placed,
            span: flag.span,
            pair: (base.image, platform.text),
        })
    })
}

/// The images of a file that are to be of a certain platform, each with it and the line: what somebody who asks
/// registries has to ask for [`crate::Settings::missing_platforms`].
#[must_use]
pub fn wanted_platforms(file: &Dockerfile) -> Vec<(u32, (String, String))> {
    wanted(file)
        .map(|wanted| (file.lines.line(wanted.span.start), wanted.pair))
        .collect()
}
