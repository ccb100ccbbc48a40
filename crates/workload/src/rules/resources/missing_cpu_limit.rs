//! CPU without a limit.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::resources::{Limit, ask_for_limit};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-cpu-limit",
        aliases: &["KSV-0011", "CIS-5.12"],
        title: Text::fixed("CPU not limited", "CPU 未限制"),
        why: Text::fixed(
            "One busy container slows everything else on the host.",
            "一个繁忙的容器会拖慢主机上的所有其他服务。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.12", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--cpus 1",
        compose: "deploy: {resources: {limits: {cpus: \"1\"}}}",
        kubernetes: "resources: {limits: {cpu: \"1\"}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cpus: 0
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    mem_limit: 1g
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
      resources:
        limits:
          memory: 1Gi
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cpus: 0.5
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cpu_shares: 512
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    deploy: {resources: {limits: {cpus: "0.5"}}}
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      resources:
        limits:
          cpu: 500m
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
      resources: {limits: {cpu: 1}}
",
    ],
};

const LIMIT: Limit = Limit {
    deploy: &["deploy", "resources", "limits", "cpus"],
    service: "cpus",
    also: &["cpu_quota", "cpu_shares", "cpuset"],
    compose_value: "\"1\"",
    kubernetes: Some((&["resources", "limits", "cpu"], "\"1\"")),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("has no limit of CPU", "没有 CPU 限制");
    ask_for_limit(context.manifest, &LIMIT, &says, sink);
}
