//! A container without a liveness probe.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::health::ask_for_probe;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-liveness-probe",
        aliases: &[],
        title: Text::fixed("no liveness probe", "没有存活探针"),
        why: Text::fixed(
            "A container that hangs is never restarted.",
            "挂起的容器永远不会被重启。",
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
        kubernetes: "livenessProbe: {httpGet: {path: /healthz, port: 8080}}",
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
      livenessProbe:
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
      livenessProbe:
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
    let says = Text::fixed("has no liveness probe", "没有存活探针");
    ask_for_probe(context.manifest, "livenessProbe", &says, sink);
}
