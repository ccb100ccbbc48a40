//! The name of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::refuse_mode;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-uts",
        aliases: &["CIS-5.21"],
        title: Text::fixed("host UTS namespace", "主机 UTS 命名空间"),
        why: Text::fixed("The container can rename the host.", "容器可以更改主机名。"),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.21", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --uts host",
        compose: "no uts: host",
        kubernetes: "",
    },
    check,
    bad: &["\
services:
  app:
    image: registry.example.org/app:1.2.3
    uts: host
"],
    good: &["\
services:
  app:
    image: registry.example.org/app:1.2.3
    hostname: app
"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed(
        "shares the host name of the host",
        "共享主机的 UTS 命名空间",
    );
    refuse_mode(context.manifest, "uts", "host", &says, sink);
}
