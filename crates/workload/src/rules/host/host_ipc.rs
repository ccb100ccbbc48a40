//! The shared memory of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-ipc",
        aliases: &["KSV-0008", "CIS-5.17"],
        title: Text::fixed("host IPC namespace", "主机 IPC 命名空间"),
        why: Text::fixed(
            "The container reads and writes the shared memory of processes of the host.",
            "容器可读写主机进程的共享内存。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.17",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --ipc host",
        compose: "no ipc: host",
        kubernetes: "hostIPC: false",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    ipc: host
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostIPC: true
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
    ipc: shareable
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostIPC: false
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("shares the IPC of the host", "共享主机 IPC 命名空间");
    for container in &manifest.containers {
        let Some(setting) = manifest.setting(container, &["ipc"]) else {
            continue;
        };
        let value = manifest.known(container.world, setting.value);
        if container.world == World::Compose && value.as_deref() == Some("host") {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            offer(
                found,
                edit::remove_key(&manifest.tree, setting.holder, "ipc"),
            );
        }
    }
    for pod in &manifest.pods {
        let setting = manifest.pod_setting(pod, &["hostIPC"]);
        let Some(setting) = setting.filter(|_| manifest.is_true(World::Kubernetes, setting)) else {
            continue;
        };
        let found = sink.report(pod, manifest.tree.span(setting.value), &says);
        offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
    }
}
