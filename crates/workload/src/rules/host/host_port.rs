//! A port of the node.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-port",
        aliases: &["KSV-0024"],
        title: Text::fixed("host port", "主机端口"),
        why: Text::fixed(
            "The port is open on the node past services and network policies, and only one pod on a node can have it.",
            "该端口绕过 Service 和网络策略直接在节点上开放,且每个节点只能有一个 Pod 使用。",
        ),
        severity: Severity::Medium,
        references: &["Kubernetes Pod Security Standards, Baseline"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "no hostPort",
    },
    check,
    bad: &[
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
        - containerPort: 8080
          hostPort: 8080
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
      ports: [{containerPort: 53, hostPort: 53}]
",
    ],
    good: &[
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
        - containerPort: 8080
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
      ports:
        - containerPort: 8080
          hostPort: 0
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        if container.world != World::Kubernetes {
            continue;
        }
        for item in manifest.list(container, &["ports"]) {
            let Some(entry) = manifest.tree.get(item, "hostPort") else {
                continue;
            };
            let port = manifest
                .tree
                .scalar(entry.value)
                .and_then(|port| port.parse::<u16>().ok());
            let Some(port) = port.filter(|port| *port != 0) else {
                continue;
            };
            let says = Text::new(
                format!("takes port {port} of its node"),
                format!("占用节点端口 {port}"),
            );
            let found = sink.report(container, manifest.tree.span(entry.value), &says);
            offer(found, edit::remove_key(&manifest.tree, item, "hostPort"));
        }
    }
}
