//! What the scheduler has to keep free.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Role, World};
use crate::rules::offer;
use crate::rules::resources::is_limited;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-resource-request",
        aliases: &["KSV-0015", "KSV-0016"],
        title: Text::fixed("resources not requested", "未声明资源请求"),
        why: Text::fixed(
            "Without a request the scheduler counts nothing for the container and it is the first to be evicted. A limit is a request as well.",
            "没有请求时,调度器不会为容器预留资源,且容器最先被驱逐。设置限制等同于设置请求。",
        ),
        severity: Severity::Low,
        references: &["Kubernetes, \"Resource Management for Pods and Containers\""],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--memory-reservation 256m",
        compose: "deploy: {resources: {reservations: {memory: 256M}}}",
        kubernetes: "resources: {requests: {cpu: 100m, memory: 256Mi}}",
    },
    check,
    bad: &[
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
          cpu: 100m
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
    ],
    good: &[
        "\
services:
  app:
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
          cpu: 100m
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
      resources:
        limits: {cpu: 1, memory: 1Gi}
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
        requests:
          cpu: 1
",
    ],
};

/// The resource, what to write, Trivy's id.
const RESOURCES: &[(&str, &str, &[&str])] = &[
    ("cpu", "100m", &["KSV-0015"]),
    ("memory", "256Mi", &["KSV-0016"]),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        if container.world != World::Kubernetes || container.role == Role::Ephemeral {
            continue;
        }
        for (resource, value, aliases) in RESOURCES {
            let paths = ["requests", "limits"].map(|kind| ["resources", kind, *resource]);
            if is_limited(manifest, container, &[&paths[0], &paths[1]]) {
                continue;
            }
            let says = Text::new(
                format!("requests no {resource}"),
                format!("未请求 {resource}"),
            );
            let mut found = sink.report(container, container.at, &says);
            found.aliases(aliases);
            let edits = edit::set(
                &manifest.tree,
                container.node,
                &paths[0],
                Value::Bare(value),
            );
            offer(found, edits);
        }
    }
}
