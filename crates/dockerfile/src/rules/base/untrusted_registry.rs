//! `FROM` of a registry that the settings do not name.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "untrusted-registry",
        aliases: &["DL3026", "CIS-DI-0002"],
        title: Text::fixed(
            "base image of a registry that is not trusted",
            "基础镜像来自不受信任的仓库",
        ),
        why: Text::fixed(
            "Whoever controls the base controls the image; the settings say which registries may supply one.",
            "谁控制基础镜像,谁就控制最终镜像;配置规定了哪些仓库可以提供基础镜像。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.2", "requirements B 1.1"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\n",
        "FROM other.example.com/app:1\n",
        "ARG REGISTRY=other.example.com\nFROM $REGISTRY/app:1\n",
        "ARG REGISTRY\nFROM $REGISTRY/app:1\n",
    ],
    good: &[
        "FROM registry.example.org/app:1\n",
        "FROM Registry.example.org/app:1\n",
        "FROM scratch\n",
        "FROM registry.example.org/app:1 AS build\nFROM build\n",
        "ARG REGISTRY=registry.example.org\nFROM $REGISTRY/app:1\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let trusted = &context.settings.trusted_registries;
    if trusted.is_empty() {
        return;
    }
    for base in images(context.file) {
        let registry = registry(&base.image);
        let is_open = !base.known && registry.contains('$');
        if !is_open && trusted.iter().any(|pattern| is_of(registry, pattern)) {
            continue;
        }
        let message = if is_open {
            Text::new(
                format!(
                    "only the build says from which registry `{}` comes",
                    base.image
                ),
                format!("`{}` 来自哪个仓库由构建参数决定", base.image),
            )
        } else {
            Text::new(
                format!("`{registry}` is none of the trusted registries"),
                format!("`{registry}` 不在受信任的仓库之列"),
            )
        };
        sink.report(
            base.placed.instruction,
            base.from.image.span,
            message,
            Text::new(
                format!("take the image from {}", trusted.join(", ")),
                format!("请从以下仓库获取镜像:{}", trusted.join("、")),
            ),
        );
    }
}

/// The registry of an image; one without a host is of Docker Hub.
fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':', '$']) || host == "localhost" => host,
        _ => "docker.io",
    }
}

/// Whether a host is of a pattern: `registry.example.org`, `*.example.org`, `*`.
fn is_of(host: &str, pattern: &str) -> bool {
    let (host, pattern) = (host.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    match pattern.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix) && host.len() >= suffix.len(),
        None => host == pattern || host == "docker.io" && pattern == "index.docker.io",
    }
}
