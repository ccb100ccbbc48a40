//! The control groups of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-cgroup",
        aliases: &["CIS-5.25"],
        title: Text::fixed("host cgroup namespace", "主机 cgroup 命名空间"),
        why: Text::fixed(
            "The container sees the control groups of the host, and limits that are set beside it may be left.",
            "容器可见主机的控制组,可能脱离其资源限制。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.25"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --cgroupns host",
        compose: "no cgroup: host",
        kubernetes: "",
    },
    check,
    bad: &["\
services:
  app:
    image: registry.example.org/app:1.2.3
    cgroup: host
"],
    good: &["\
services:
  app:
    image: registry.example.org/app:1.2.3
    cgroup: private
"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed(
        "shares the control groups of the host",
        "共享主机 cgroup 命名空间",
    );
    for container in &manifest.containers {
        let Some(setting) = manifest.setting(container, &["cgroup"]) else {
            continue;
        };
        let value = manifest.known(container.world, setting.value);
        if container.world == World::Compose && value.as_deref() == Some("host") {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            offer(
                found,
                edit::remove_key(&manifest.tree, setting.holder, "cgroup"),
            );
        }
    }
}
