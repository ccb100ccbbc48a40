//! Memory without a limit.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::resources::{Limit, ask_for_limit};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-memory-limit",
        aliases: &["KSV-0018", "CIS-5.11"],
        title: Text::fixed("memory not limited", "内存未限制"),
        why: Text::fixed(
            "A leak in one container takes the memory of the host until the kernel kills something else.",
            "一个容器的内存泄漏会耗尽主机内存,直到内核杀死其他进程。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.11", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--memory 512m",
        compose: "deploy: {resources: {limits: {memory: 512M}}}",
        kubernetes: "resources: {limits: {memory: 512Mi}}",
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
    mem_limit: 0
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          cpus: "1"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      replicas: 2
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
        requests:
          memory: 1Gi
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
      resources: {}
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
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    mem_limit: 512m
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          memory: 1G
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    mem_limit: ${MEM}
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
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  resources: {limits: {memory: 1Gi}}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

const LIMIT: Limit = Limit {
    deploy: &["deploy", "resources", "limits", "memory"],
    service: "mem_limit",
    also: &[],
    compose_value: "512M",
    kubernetes: Some((&["resources", "limits", "memory"], "512Mi")),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("has no limit of memory", "没有内存限制");
    ask_for_limit(context.manifest, &LIMIT, &says, sink);
}
