//! Processes without a limit.

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
        id: "missing-pids-limit",
        aliases: &["CIS-5.29"],
        title: Text::fixed("number of processes not limited", "进程数未限制"),
        why: Text::fixed(
            "A fork bomb in one container stops the whole host. In Kubernetes the kubelet sets this limit.",
            "一个容器中的 fork 炸弹会使整台主机瘫痪。在 Kubernetes 中由 kubelet 设置此限制。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.29", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--pids-limit 200",
        compose: "deploy: {resources: {limits: {pids: 200}}}",
        kubernetes: "",
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
    pids_limit: -1
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    pids_limit: 0
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    pids_limit: 100
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          pids: 100
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
    ],
};

/// Where Compose has it. (Compose specification; legacy file format 2.)
const COMPOSE: &[&[&str]] = &[&["deploy", "resources", "limits", "pids"], &["pids_limit"]];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("has no limit of processes", "没有进程数限制");
    for container in &manifest.containers {
        if container.world != World::Compose {
            continue;
        }
        let path = compose_path(manifest, container, "pids");
        let (limits, value) = (COMPOSE, "200");
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
