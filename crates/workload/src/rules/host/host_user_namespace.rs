//! The users of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::refuse_mode;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-user-namespace",
        aliases: &["CIS-5.31"],
        title: Text::fixed("host user namespace", "主机用户命名空间"),
        why: Text::fixed(
            "Where the daemon maps users, this container alone is left out, and its root is the root of the host.",
            "在守护进程启用用户映射时,唯独此容器被排除,其 root 即主机的 root。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.31", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --userns host",
        compose: "no userns_mode: host",
        kubernetes: "",
    },
    check,
    bad: &["\
services:
  app:
    image: registry.example.org/app:1.2.3
    userns_mode: host
"],
    good: &[r#"services:
  app:
    image: registry.example.org/app:1.2.3
    userns_mode: ""
"#],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("shares the users of the host", "共享主机用户命名空间");
    refuse_mode(context.manifest, "userns_mode", "host", &says, sink);
}
