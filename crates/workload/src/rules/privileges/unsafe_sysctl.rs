//! Kernel settings that reach beyond the pod.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unsafe-sysctl",
        aliases: &["KSV-0026"],
        title: Text::fixed("unsafe sysctl", "不安全的 sysctl"),
        why: Text::fixed(
            "Kernel settings that are not on the safe list change other pods or the node, and most nodes refuse the pod.",
            "不在安全列表中的内核设置会影响其他 Pod 或节点,多数节点会拒绝该 Pod。",
        ),
        severity: Severity::Medium,
        references: &["Kubernetes Pod Security Standards, Baseline"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "no sysctls",
    },
    check,
    bad: &[
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    sysctls:
      - name: kernel.msgmax
        value: "65536"
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"#,
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {sysctls: [{name: net.core.somaxconn, value: "1024"}]}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"#,
    ],
    good: &[
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.tcp_syncookies
        value: "1"
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"#,
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: "60"}]}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    sysctls:
      net.core.somaxconn: 1024
",
    ],
};

/// What the pod has to itself. (Kubernetes, "Using sysctls in a Kubernetes Cluster", safe set.)
const SAFE: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for pod in &manifest.pods {
        let Some(list) = manifest.pod_setting(pod, &["securityContext", "sysctls"]) else {
            continue;
        };
        for item in manifest.tree.items(list.value) {
            let Some(name) = manifest.tree.get(*item, "name") else {
                continue;
            };
            let text = manifest.tree.scalar(name.value).unwrap_or_default();
            if SAFE.contains(&text) {
                continue;
            }
            let text = shown(text);
            let says = Text::new(
                format!("sets `{text}`, which is not on the safe list"),
                format!("设置了不在安全列表中的 `{text}`"),
            );
            sink.report(pod, manifest.tree.span(name.value), &says);
        }
    }
}
