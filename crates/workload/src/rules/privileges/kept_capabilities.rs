//! Capabilities that are not dropped.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::privileges::bare;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer};
use crate::yaml::NodeId;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "kept-capabilities",
        aliases: &["KSV-0003", "KSV-0004", "KSV-0106", "CIS-5.4"],
        title: Text::fixed("default capabilities kept", "保留了默认能力"),
        why: Text::fixed(
            "The default set lets a process forge packets, change owners and switch users. Hardly a service needs any of it.",
            "默认能力集允许进程伪造数据包、更改文件属主和切换用户,而绝大多数服务都用不到。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.4",
            "Kubernetes Pod Security Standards, Restricted",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--cap-drop ALL",
        compose: "cap_drop: [ALL]",
        kubernetes: "securityContext: {capabilities: {drop: [ALL]}}",
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
    cap_drop:
      - NET_RAW
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_drop: [NET_RAW]
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
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        capabilities:
          drop:
            - NET_RAW
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
      securityContext: {runAsNonRoot: true}
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
      securityContext:
        capabilities:
          add: [NET_BIND_SERVICE]
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_drop: [ALL]
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_drop:
      - all
    cap_add:
      - NET_BIND_SERVICE
",
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        capabilities:
          drop: ["ALL"]
"#,
        "\
services:
  app:
    extends:
      file: other.yaml
      service: app
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  os: {name: windows}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest).filter(|container| container.is_complete) {
        let path: &[&str] = match container.world {
            World::Compose => &["cap_drop"],
            World::Kubernetes => &["securityContext", "capabilities", "drop"],
        };
        let dropped = manifest.list(container, path);
        let names = |item: &NodeId| manifest.known(container.world, *item);
        let is_all = |name: &str| bare(name) == "ALL";
        // A variable may stand for ALL.
        let is_open = dropped
            .iter()
            .any(|item| names(item).is_none_or(|name| is_all(&name)));
        if is_open {
            continue;
        }
        let kept = if dropped.is_empty() {
            Text::fixed("keeps all default capabilities", "保留全部默认能力")
        } else {
            Text::fixed(
                "drops some capabilities and keeps the other defaults",
                "只丢弃了部分能力,保留其余默认能力",
            )
        };
        let mut found = sink.report(container, container.at, &kept);
        // Trivy's 0004 asks for any drop at all.
        if !dropped.is_empty() {
            found.aliases(&["KSV-0003", "KSV-0106", "CIS-5.4"]);
        }
        let items = &["ALL"];
        offer(
            found,
            edit::set(&manifest.tree, container.node, path, Value::List(items)),
        );
    }
}
