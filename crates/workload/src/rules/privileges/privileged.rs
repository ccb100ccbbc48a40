//! `privileged: true`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::rules::{Default, Repair, Rule};
use crate::rules::{offer, privileged};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "privileged",
        aliases: &["KSV-0017", "CIS-5.5"],
        title: Text::fixed("privileged container", "特权容器"),
        why: Text::fixed(
            "A privileged container has every capability, every device and no confinement: root in it is root on the host.",
            "特权容器拥有全部能力和设备,且没有任何隔离:其中的 root 就是主机的 root。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.5",
            "Kubernetes Pod Security Standards, Baseline",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --privileged",
        compose: "privileged: false",
        kubernetes: "securityContext: {privileged: false}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    privileged: true
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    privileged: "yes"
"#,
        "\
services:
  base:
    image: a:1
    privileged: true
  app:
    extends:
      service: base
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
        privileged: true
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  initContainers:
    - name: first
      image: a:1
      securityContext: {privileged: true}
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
    privileged: false
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    privileged: ${PRIVILEGED:-false}
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
        privileged: false
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        if let Some(setting) = privileged(manifest, container) {
            let says = Text::fixed("is privileged", "是特权容器");
            let span = manifest.tree.span(setting.value);
            let found = sink.report(container, span, &says);
            offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
        }
    }
}
