//! The control groups of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::refuse_mode;
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
    let says = Text::fixed(
        "shares the control groups of the host",
        "共享主机 cgroup 命名空间",
    );
    refuse_mode(context.manifest, "cgroup", "host", &says, sink);
}
