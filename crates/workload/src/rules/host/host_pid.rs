//! The processes of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::host::refuse_in_pods;
use crate::rules::refuse_mode;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-pid",
        aliases: &["KSV-0010", "CIS-5.16"],
        title: Text::fixed("host process namespace", "主机进程命名空间"),
        why: Text::fixed(
            "The container sees the processes of the host, with their arguments and environment, and may stop them.",
            "容器可见主机进程及其参数和环境变量,并可终止它们。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.16",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --pid host",
        compose: "no pid: host",
        kubernetes: "hostPID: false",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    pid: host
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostPID: true
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    pid: "service:db"
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostPID: false
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("shares the processes of the host", "共享主机进程命名空间");
    refuse_mode(context.manifest, "pid", "host", &says, sink);
    refuse_in_pods(context.manifest, "hostPID", &says, sink);
}
