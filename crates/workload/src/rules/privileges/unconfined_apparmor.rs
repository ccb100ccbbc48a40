//! Profiles switched off.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::privileges::refuse_option;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, refuse_value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unconfined-apparmor",
        aliases: &["KSV-0002", "CIS-5.2"],
        title: Text::fixed("AppArmor switched off", "AppArmor 已关闭"),
        why: Text::fixed(
            "The default profile keeps a container from mounting and from writing to the kernel through /proc.",
            "默认配置阻止容器执行挂载以及通过 /proc 写入内核。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.2",
            "Kubernetes Pod Security Standards, Baseline",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --security-opt apparmor=unconfined",
        compose: "no apparmor:unconfined",
        kubernetes: "securityContext: {appArmorProfile: {type: RuntimeDefault}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - apparmor:unconfined
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
        appArmorProfile:
          type: Unconfined
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    container.apparmor.security.beta.kubernetes.io/app: unconfined
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt: ["apparmor:docker-default"]
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
      securityContext:
        appArmorProfile:
          type: RuntimeDefault
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    container.apparmor.security.beta.kubernetes.io/app: runtime/default
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("runs without AppArmor", "运行时没有 AppArmor");
    for container in linux(manifest) {
        refuse_option(manifest, container, ("apparmor", "unconfined"), &says, sink);
        if let Some(setting) = manifest.security(container, &["appArmorProfile", "type"]) {
            let wrong = (setting.value, "Unconfined", "RuntimeDefault");
            refuse_value(manifest, container, wrong, &says, sink);
        }
        let Some(pod) = manifest.pod(container) else {
            continue;
        };
        let key = format!(
            "container.apparmor.security.beta.kubernetes.io/{}",
            container.name
        );
        let path = &["metadata", "annotations", key.as_str()];
        if let Some(entry) = manifest.tree.at(pod.template, path) {
            let wrong = (entry.value, "unconfined", "runtime/default");
            refuse_value(manifest, container, wrong, &says, sink);
        }
    }
}
