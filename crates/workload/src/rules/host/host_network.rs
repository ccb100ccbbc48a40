//! The network of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-network",
        aliases: &["KSV-0009", "CIS-5.10"],
        title: Text::fixed("host network", "主机网络"),
        why: Text::fixed(
            "The container sees all traffic of the host, its loopback services included, and may listen on any port.",
            "容器可见主机的全部流量,包括环回服务,并可监听任意端口。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.10",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --network host",
        compose: "no network_mode: host",
        kubernetes: "hostNetwork: false",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: host
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: "host"
    user: "1000"
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostNetwork: true
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: none
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostNetwork: false
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
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("uses the network of the host", "使用主机网络");
    for container in &manifest.containers {
        let Some(setting) = manifest.setting(container, &["network_mode"]) else {
            continue;
        };
        let value = manifest.known(container.world, setting.value);
        if container.world == World::Compose && value.as_deref() == Some("host") {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            offer(
                found,
                edit::remove_key(&manifest.tree, setting.holder, "network_mode"),
            );
        }
    }
    for pod in &manifest.pods {
        let setting = manifest.pod_setting(pod, &["hostNetwork"]);
        let Some(setting) = setting.filter(|_| manifest.is_true(World::Kubernetes, setting)) else {
            continue;
        };
        let found = sink.report(pod, manifest.tree.span(setting.value), &says);
        offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
    }
}
