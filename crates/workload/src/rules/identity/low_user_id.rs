//! Users and groups that the host may have.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::linux;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "low-user-id",
        aliases: &["KSV-0020", "KSV-0021"],
        title: Text::fixed(
            "user or group id of 10,000 or less",
            "用户或组 ID 不大于 10000",
        ),
        why: Text::fixed(
            "Low numbers are those of accounts of the host, so that a way out of the container lands in one of them.",
            "较小的编号与主机账户重合,容器逃逸后会落入其中之一。",
        ),
        severity: Severity::Low,
        references: &["Trivy KSV-0020 and KSV-0021"],
    },
    default: Default::Off,
    repair: Repair {
        docker_run: "--user 10001:10001",
        compose: "user: \"10001:10001\"",
        kubernetes: "securityContext: {runAsUser: 10001, runAsGroup: 10001}",
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
      securityContext:
        runAsUser: 1000
        runAsGroup: 20000
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
  securityContext: {runAsGroup: 3000, runAsUser: 20000}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
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
      securityContext:
        runAsUser: 20000
        runAsGroup: 20000
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    const ENOUGH: u64 = 10_000;
    let manifest = context.manifest;
    for container in linux(manifest).filter(|container| container.world == World::Kubernetes) {
        for (field, alias, en, zh) in [
            ("runAsUser", "KSV-0020", "user", "用户"),
            ("runAsGroup", "KSV-0021", "group", "组"),
        ] {
            let setting = manifest.security(container, &[field]);
            let number = setting
                .and_then(|setting| manifest.tree.scalar(setting.value))
                .and_then(|text| text.parse::<u64>().ok());
            if number.is_some_and(|number| number > ENOUGH) {
                continue;
            }
            let says = Text::new(
                format!("has no {en} id above {ENOUGH}"),
                format!("的{zh} ID 不大于 {ENOUGH}"),
            );
            let span = setting.map_or(container.at, |setting| manifest.tree.span(setting.value));
            sink.report(container, span, &says).aliases(&[alias]);
        }
    }
}
