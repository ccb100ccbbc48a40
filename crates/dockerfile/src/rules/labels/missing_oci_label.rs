//! Labels of OCI that say where an image comes from.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::final_labels;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-oci-label",
        aliases: &[],
        title: Text::fixed(
            "no label says where the image comes from",
            "没有说明镜像来源的标签",
        ),
        why: Text::fixed(
            "Source, commit, version and licence are what people ask of an image that they find in production, and what updaters read.",
            "在生产环境中遇到一个镜像时,人们要问的是源代码、提交、版本与许可证,更新工具读取的也是这些。",
        ),
        severity: Severity::Negligible,
        references: &["image specification of OCI, Annotations, Pre-Defined Annotation Keys"],
    },
    applies: Applies::BuildFile,
    default: Default::Off,
    check,
    bad: &[
        "FROM debian:12\n",
        "FROM debian:12\nLABEL org.opencontainers.image.source=https://example.org\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.opencontainers.image.source=s org.opencontainers.image.revision=r org.opencontainers.image.version=1 org.opencontainers.image.licenses=MIT\n",
    ],
};

const WANTED: &[&str] = &["source", "revision", "version", "licenses"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((from, present)) = final_labels(context) else {
        return;
    };
    let missing: Vec<String> = WANTED
        .iter()
        .map(|name| format!("org.opencontainers.image.{name}"))
        .filter(|name| !present.contains(name))
        .collect();
    if missing.is_empty() {
        return;
    }
    let quoted: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    sink.report(
        from,
        from.span,
        Text::new(
            format!("the image gets no label {}", quoted.join(", ")),
            format!("镜像没有标签 {}", quoted.join("、")),
        ),
        Text::fixed(
            "add them to this stage, with values that the build hands in as arguments, or let `docker buildx build --label` or the build service set them",
            "请在此阶段添加这些标签,值由构建参数传入;或由 `docker buildx build --label` 及构建服务设置",
        ),
    );
}
