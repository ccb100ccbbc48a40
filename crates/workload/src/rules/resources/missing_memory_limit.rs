//! Memory without a limit.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Role, World};
use crate::rules::offer;
use crate::rules::resources::{compose_path, is_limited};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-memory-limit",
        aliases: &["KSV-0018", "CIS-5.11"],
        title: Text::fixed("memory not limited", "内存未限制"),
        why: Text::fixed(
            "A leak in one container takes the memory of the host until the kernel kills something else.",
            "一个容器的内存泄漏会耗尽主机内存,直到内核杀死其他进程。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.11", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--memory 512m",
        compose: "deploy: {resources: {limits: {memory: 512M}}}",
        kubernetes: "resources: {limits: {memory: 512Mi}}",
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
    mem_limit: 0
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          cpus: "1"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      replicas: 2
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
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      resources:
        requests:
          memory: 1Gi
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
      resources: {}
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
      resources: {limits: {cpu: 1}}
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    mem_limit: 512m
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          memory: 1G
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    mem_limit: ${MEM}
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
      resources:
        limits:
          memory: 1Gi
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  resources: {limits: {memory: 1Gi}}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

/// Where Compose has it. (Compose specification; legacy file format 2.)
const COMPOSE: &[&[&str]] = &[&["deploy", "resources", "limits", "memory"], &["mem_limit"]];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("has no limit of memory", "没有内存限制");
    for container in &manifest.containers {
        let (limits, path, value): (&[&[&str]], &[&str], &str) = match container.world {
            World::Compose => (COMPOSE, compose_path(manifest, container, "memory"), "512M"),
            World::Kubernetes => (
                &[&["resources", "limits", "memory"]],
                &["resources", "limits", "memory"],
                "512Mi",
            ),
        };
        if is_limited(manifest, container, limits) || container.role == Role::Ephemeral {
            continue;
        }
        let none = limits
            .iter()
            .find_map(|path| manifest.setting(container, path));
        let span = match none {
            Some(setting) => manifest.tree.span(setting.value),
            None if container.is_complete => container.at,
            None => continue,
        };
        let found = sink.report(container, span, &says);
        if none.is_none() {
            let value = Value::Bare(value);
            offer(
                found,
                edit::set(&manifest.tree, container.node, path, value),
            );
        }
    }
}
