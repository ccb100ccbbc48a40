//! A container without a readiness probe.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::health::ask_for_probe;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-readiness-probe",
        aliases: &[],
        title: Text::fixed("no readiness probe", "没有就绪探针"),
        why: Text::fixed(
            "Traffic is sent to the container before it can serve and while it cannot.",
            "容器尚未就绪或无法服务时也会收到流量。",
        ),
        severity: Severity::Low,
        references: &[
            "Kubernetes, \"Liveness, Readiness, and Startup Probes\"",
            "requirements B 2.2",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--health-cmd \"…\"",
        compose: "healthcheck: {test: [CMD, …]}",
        kubernetes: "readinessProbe: {httpGet: {path: /healthz, port: 8080}}",
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
        - containerPort: 9000
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
      readinessProbe:
        httpGet:
          path: /healthz
          port: 8080
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  restartPolicy: Never
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        "\
apiVersion: batch/v1
kind: Job
metadata:
  name: once
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: app
          image: a:1
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  initContainers:
    - {name: first, image: b:1}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      readinessProbe:
        httpGet:
          path: /healthz
          port: 8080
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("has no readiness probe", "没有就绪探针");
    ask_for_probe(context.manifest, "readinessProbe", &says, sink);
}
