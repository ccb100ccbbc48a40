//! The network that all share.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::refuse_mode;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "default-bridge",
        aliases: &["CIS-5.30"],
        title: Text::fixed("default bridge network", "默认桥接网络"),
        why: Text::fixed(
            "On the default bridge every container reaches every other, and names are not resolved.",
            "默认桥接网络上的容器可互相访问,且不能解析名称。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.30", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--network app-net",
        compose: "networks: [app-net]",
        kubernetes: "",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: bridge
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: "bridge"
    user: "1"
"#,
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    networks: [app]
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: none
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("uses the default bridge", "使用默认桥接网络");
    refuse_mode(context.manifest, "network_mode", "bridge", &says, sink);
}
