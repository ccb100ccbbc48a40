//! `FROM --platform=$TARGETPLATFORM`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "redundant-platform",
        aliases: &["DL3065", "RedundantTargetPlatform"],
        title: Text::fixed("platform that is the default", "指定了本就是默认值的平台"),
        why: Text::fixed(
            "A stage is of the target platform anyway; the flag only makes readers look for a reason.",
            "构建阶段默认就使用目标平台;多余的选项只会让读者费解。",
        ),
        severity: Severity::Negligible,
        references: &["Dockerfile reference, FROM --platform"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM --platform=$TARGETPLATFORM debian:12.5\n",
        "FROM  --platform=${TARGETPLATFORM}  debian:12.5 AS x\n",
    ],
    good: &[
        "FROM --platform=$BUILDPLATFORM debian:12.5\n",
        "FROM --platform=$TARGETPLATFORM/v7 debian:12.5\n",
        "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM debian:12.5\n",
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
        if !matches!(flag.value(), "$TARGETPLATFORM" | "${TARGETPLATFORM}")
            || file.variables.is_global("TARGETPLATFORM")
        {
            continue;
        }
        let mut found = sink.report(
            placed.instruction,
            flag.span,
            Text::fixed("this platform is the default", "该平台就是默认平台"),
            Text::fixed("leave the flag out", "请去掉此选项"),
        );
        // hadolint sees it without quotes only.
        if flag.span.of(&file.text).contains('"') {
            found.aliases(&["RedundantTargetPlatform"]);
        }
        if from.image.span.start >= flag.span.end {
            found.safe_fix(vec![fix::remove(Span::new(
                flag.span.start,
                from.image.span.start,
            ))]);
        }
    }
}
