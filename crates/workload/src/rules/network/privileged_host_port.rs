//! A port below 1024 of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::ports;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "privileged-host-port",
        aliases: &["CIS-5.8"],
        title: Text::fixed("privileged host port", "主机特权端口"),
        why: Text::fixed(
            "Ports below 1024 belong to the services of the host. 80 and 443 are what a web server is for and are not counted.",
            "1024 以下端口属于主机服务;80 和 443 是 Web 服务的正常端口,不计入。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.8"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "-p 8025:25",
        compose: "ports: [\"8025:25\"]",
        kubernetes: "",
    },
    check,
    bad: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - "25:25"
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["127.0.0.1:53:53/udp"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - target: 389
        published: "389"
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["100-102:8000-8002"]
"#,
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["80:80", "443:443"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["8025:25"]
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - 25
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["${PORT}:25"]
"#,
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for port in ports::of_service(manifest, container) {
            let Some((first, last)) = port.published else {
                continue;
            };
            let is_web = first == last && matches!(first, 80 | 443);
            if first == 0 || first >= 1024 || is_web {
                continue;
            }
            let says = Text::new(
                format!("takes the privileged port {first} of the host"),
                format!("占用主机特权端口 {first}"),
            );
            sink.report(container, port.span, &says);
        }
    }
}
