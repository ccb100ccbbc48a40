//! A service that nobody asks how it is.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::{Manifest, World};
use crate::rules::{Default, Repair, Rule};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-healthcheck",
        aliases: &["CIS-5.27"],
        title: Text::fixed("no health check", "没有健康检查"),
        why: Text::fixed(
            "Without a check a hung service counts as running. An image may bring a check of its own; this file does not say.",
            "没有检查,挂起的服务仍被视为运行中。镜像可能自带检查,但此文件没有说明。",
        ),
        severity: Severity::Low,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.27",
            "requirements A 3",
            "requirements B 2.2",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--health-cmd \"…\" --health-interval 30s",
        compose: "healthcheck: {test: [CMD, …], interval: 30s, timeout: 3s, retries: 3}",
        kubernetes: "livenessProbe: {httpGet: {path: /healthz, port: 8080}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck:
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck:
      test: [CMD, /app, health]
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy: {mode: replicated-job}
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck: {disable: true}
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        r#"services:
  init:
    image: a:1
    healthcheck:
      test: none
  app:
    image: b:1
    healthcheck: {test: [CMD, "true"]}
    depends_on:
      init: {condition: service_completed_successfully}
"#,
        "\
services:
  migrate:
    image: a:1
  app:
    image: b:1
    healthcheck: {test: [CMD, x]}
    depends_on:
      migrate:
        condition: service_completed_successfully
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let tasks = tasks(manifest);
    for container in manifest
        .containers
        .iter()
        .filter(|container| container.is_complete)
    {
        let mode = manifest.setting(container, &["deploy", "mode"]);
        let mode = mode
            .and_then(|mode| manifest.tree.scalar(mode.value))
            .unwrap_or_default();
        if container.world != World::Compose
            || mode.ends_with("-job")
            || tasks.contains(&container.name)
            || manifest.setting(container, &["healthcheck"]).is_some()
            || manifest.setting(container, &["provider"]).is_some()
        {
            continue;
        }
        let says = Text::fixed("has no health check here", "在此没有健康检查");
        sink.report(container, container.at, &says);
    }
}

/// Services for whose end others wait.
fn tasks(manifest: &Manifest<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for container in &manifest.containers {
        let Some(needs) = manifest.setting(container, &["depends_on"]) else {
            continue;
        };
        for (name, value) in manifest.tree.all(needs.value) {
            if manifest.text_at(value, &["condition"]) == Some("service_completed_successfully") {
                found.extend(manifest.tree.scalar(name).map(str::to_owned));
            }
        }
    }
    found
}
