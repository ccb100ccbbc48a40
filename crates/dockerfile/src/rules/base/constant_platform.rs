//! `FROM --platform=linux/amd64`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "constant-platform",
        aliases: &["DL3029", "FromPlatformFlagConstDisallowed"],
        title: Text::fixed("stage bound to one platform", "构建阶段被限定在单一平台"),
        why: Text::fixed(
            "The image is then of that platform, whatever the builder was asked for, and cannot be built for others.",
            "无论构建时指定什么平台,镜像都只会是该平台,无法为其他平台构建。",
        ),
        severity: Severity::Low,
        references: &[
            "Dockerfile reference, FROM --platform",
            "requirements B 3.3",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM --platform=linux/amd64 debian:12.5\n",
        "ARG P=linux/amd64\nFROM --platform=$P debian:12.5\n",
        "FROM --platform=linux/arm64 debian:12.5 AS build-arm64\n",
    ],
    good: &[
        "FROM debian:12.5\n",
        "FROM --platform=$BUILDPLATFORM debian:12.5\n",
        "FROM --platform=${BUILDPLATFORM:-linux/amd64} debian:12.5\n",
        "FROM --platform=$TARGETPLATFORM debian:12.5\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let Some(flag) = placed.instruction.flag("platform") else {
            continue;
        };
        let value = flag.value();
        if ["BUILDPLATFORM", "TARGETPLATFORM"]
            .iter()
            .any(|name| value.contains(name))
            || value.is_empty()
        {
            continue;
        }
        let is_constant = !value.contains('$');
        let stage = from.name.as_ref().map_or("", |name| name.text.as_str());
        // BuildKit lets a stage that is named for its platform be: `build_${TARGETARCH}` chooses among such.
        let is_named = is_constant && value.split('/').take(2).any(|part| stage.contains(part));
        let aliases: &[_] = if is_constant && !is_named {
            &["DL3029", "FromPlatformFlagConstDisallowed"]
        } else {
            &["DL3029"]
        };
        let mut found = sink.report(
            placed.instruction,
            flag.span,
            Text::new(
                format!("the stage is of `{value}`, whatever platform is asked for"),
                format!("无论要求什么平台,该阶段总是 `{value}`"),
            ),
            Text::fixed(
                "leave the flag out and give `--platform` to the build, or use `$BUILDPLATFORM` for a stage of tools",
                "请去掉此选项并在构建命令中指定 `--platform`,工具阶段可使用 `$BUILDPLATFORM`",
            ),
        );
        found.aliases(aliases);
        if is_named || !is_constant {
            found.severity(Severity::Negligible);
        } else {
            let end = from.image.span.start;
            found.unsafe_fix(vec![fix::remove(Span::new(flag.span.start, end))]);
        }
    }
}
