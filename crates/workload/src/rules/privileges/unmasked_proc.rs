//! /proc without its masks.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::privileges::refuse_option;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, refuse_value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unmasked-proc",
        aliases: &["KSV-0027"],
        title: Text::fixed("unmasked /proc", "/proc 未屏蔽"),
        why: Text::fixed(
            "The runtime hides the parts of /proc and /sys that tell of the host and change it.",
            "运行时会隐藏 /proc 和 /sys 中泄露或更改主机信息的部分。",
        ),
        severity: Severity::High,
        references: &["Kubernetes Pod Security Standards, Baseline"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --security-opt systempaths=unconfined",
        compose: "no systempaths:unconfined",
        kubernetes: "securityContext: {procMount: Default}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - systempaths=unconfined
      - no-new-privileges:true
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
        procMount: Unmasked
",
    ],
    good: &[
        "\
services:
  app:
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
        procMount: Default
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("sees all of /proc", "可见完整的 /proc");
    for container in linux(manifest) {
        refuse_option(
            manifest,
            container,
            ("systempaths", "unconfined"),
            &says,
            sink,
        );
        if let Some(setting) = manifest.setting(container, &["securityContext", "procMount"]) {
            let wrong = (setting.value, "Unmasked", "Default");
            refuse_value(manifest, container, wrong, &says, sink);
        }
    }
}
