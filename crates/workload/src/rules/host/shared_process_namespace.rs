//! Containers that see each other.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::host::refuse_in_pods;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "shared-process-namespace",
        aliases: &[],
        title: Text::fixed("shared process namespace", "共享进程命名空间"),
        why: Text::fixed(
            "Every container of the pod sees the processes of the others, with their environment and files.",
            "Pod 中的每个容器都可见其他容器的进程及其环境变量和文件。",
        ),
        severity: Severity::Low,
        references: &["Kubernetes, \"Share Process Namespace between Containers in a Pod\""],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "shareProcessNamespace: false",
    },
    check,
    bad: &["\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  shareProcessNamespace: true
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"],
    good: &[
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  shareProcessNamespace: false
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
    let says = Text::fixed(
        "lets its containers see each other's processes",
        "的容器彼此可见进程",
    );
    refuse_in_pods(context.manifest, "shareProcessNamespace", &says, sink);
}
