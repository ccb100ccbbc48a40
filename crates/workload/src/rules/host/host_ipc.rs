//! The shared memory of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::host::refuse_in_pods;
use crate::rules::refuse_mode;
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
    let says = Text::fixed("shares the IPC of the host", "共享主机 IPC 命名空间");
    refuse_mode(context.manifest, "ipc", "host", &says, sink);
    refuse_in_pods(context.manifest, "hostIPC", &says, sink);
}
