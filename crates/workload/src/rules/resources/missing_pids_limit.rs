//! Processes without a limit.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::resources::{Limit, ask_for_limit};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-pids-limit",
        aliases: &["CIS-5.29"],
        title: Text::fixed("number of processes not limited", "进程数未限制"),
        why: Text::fixed(
            "A fork bomb in one container stops the whole host. In Kubernetes the kubelet sets this limit.",
            "一个容器中的 fork 炸弹会使整台主机瘫痪。在 Kubernetes 中由 kubelet 设置此限制。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.29", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--pids-limit 200",
        compose: "deploy: {resources: {limits: {pids: 200}}}",
        kubernetes: "",
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
    pids_limit: -1
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    pids_limit: 0
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    pids_limit: 100
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      resources:
        limits:
          pids: 100
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

const LIMIT: Limit = Limit {
    deploy: &["deploy", "resources", "limits", "pids"],
    service: "pids_limit",
    also: &[],
    compose_value: "200",
    kubernetes: None,
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("has no limit of processes", "没有进程数限制");
    ask_for_limit(context.manifest, &LIMIT, &says, sink);
}
