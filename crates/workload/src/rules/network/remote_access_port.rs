//! SSH, RDP and their like.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::ports;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "remote-access-port",
        aliases: &["CIS-5.7"],
        title: Text::fixed("remote access port", "远程访问端口"),
        why: Text::fixed(
            "A container is not logged into: `docker exec` and `kubectl exec` do that, and SSH brings keys and accounts that nobody looks after.",
            "容器不应远程登录:`docker exec` 和 `kubectl exec` 足矣,而 SSH 会带来无人管理的密钥和账户。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 5.7", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no -p 2222:22",
        compose: "no ports: [\"2222:22\"]",
        kubernetes: "no containerPort: 22",
    },
    check,
    bad: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["2222:22"]
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - 3389:3389
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    ports:
      - target: 5900
        published: 5900
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    expose: ["22"]
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      ports:
        - containerPort: 22
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["2222:2222"]
"#,
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    ports: ["22:8080"]
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      ports:
        - containerPort: 8022
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    expose: [8080]
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for port in ports::of(manifest, container) {
            let Some((first, last)) = port.target else {
                continue;
            };
            let services = [(22, "SSH"), (23, "Telnet"), (3389, "RDP"), (5900, "VNC")];
            let Some((number, name)) = services
                .into_iter()
                .find(|(number, _)| first <= *number && *number <= last)
            else {
                continue;
            };
            let says = Text::new(
                format!("offers {name} on port {number}"),
                format!("在端口 {number} 提供 {name}"),
            );
            sink.report(container, port.span, &says);
        }
    }
}
