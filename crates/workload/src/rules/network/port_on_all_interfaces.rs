//! A port that everybody can reach.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::ports;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "port-on-all-interfaces",
        aliases: &["CIS-5.14"],
        title: Text::fixed("port on all interfaces", "端口绑定到所有网络接口"),
        why: Text::fixed(
            "A published port without an address is open on every interface, and Docker writes the firewall rule that lets it through.",
            "未指定地址的端口会在所有接口上开放,且 Docker 会写入放行的防火墙规则。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.14"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "-p 127.0.0.1:8080:8080",
        compose: "ports: [\"127.0.0.1:8080:8080\"]",
        kubernetes: "",
    },
    check,
    bad: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - "8080:80"
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["0.0.0.0:8080:80", "[::]:8081:81"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - target: 80
        published: "8080"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - 8080:80
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["127.0.0.1:8080:80"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["192.0.2.1:8080:80"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - "80"
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - target: 80
        published: "8080"
        host_ip: 127.0.0.1
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    expose: ["80"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["${BIND}:80:80"]
"#,
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for port in ports::of_service(manifest, container) {
            let is_any = matches!(port.address.as_deref(), None | Some("0.0.0.0" | "::" | "*"));
            if port.published.is_none() || !is_any {
                continue;
            }
            let says = Text::new(
                format!(
                    "opens `{}` on every interface of the host",
                    shown(&port.text)
                ),
                format!("在主机所有接口上开放 `{}`", shown(&port.text)),
            );
            let found = sink.report(container, port.span, &says);
            if port.is_short && port.address.is_none() {
                let bound = format!("\"127.0.0.1:{}\"", port.text);
                offer(found, edit::scalar(&manifest.tree, port.node, &bound));
            }
        }
    }
}
