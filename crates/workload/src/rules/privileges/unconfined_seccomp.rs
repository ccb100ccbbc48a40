//! Seccomp switched off.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::privileges::refuse_option;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, refuse_value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unconfined-seccomp",
        aliases: &["KSV-0104", "KSV-0030", "CIS-5.22"],
        title: Text::fixed("seccomp switched off", "seccomp 已关闭"),
        why: Text::fixed(
            "The default profile denies some sixty system calls that containers do not need and exploits do.",
            "默认配置禁止了约六十个容器用不到、而漏洞利用会用到的系统调用。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.22",
            "Kubernetes Pod Security Standards, Baseline",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --security-opt seccomp=unconfined",
        compose: "no seccomp:unconfined",
        kubernetes: "securityContext: {seccompProfile: {type: RuntimeDefault}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - seccomp:unconfined
      - no-new-privileges:true
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt: ["seccomp=unconfined", "no-new-privileges"]
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
        seccompProfile:
          type: Unconfined
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {seccompProfile: {type: Unconfined}}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: unconfined
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
    security_opt: ["seccomp:profile.json"]
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {seccompProfile: {type: Unconfined}}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        seccompProfile:
          type: RuntimeDefault
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("runs without seccomp", "运行时没有 seccomp");
    for container in linux(manifest) {
        refuse_option(manifest, container, ("seccomp", "unconfined"), &says, sink);
        if let Some(setting) = manifest.security(container, &["seccompProfile", "type"]) {
            let wrong = (setting.value, "Unconfined", "RuntimeDefault");
            refuse_value(manifest, container, wrong, &says, sink);
        }
    }
    for pod in &manifest.pods {
        for (key, value) in manifest.annotations(pod) {
            let is_seccomp = manifest.tree.scalar(key).is_some_and(|key| {
                key == "seccomp.security.alpha.kubernetes.io/pod"
                    || key.starts_with("container.seccomp.security.alpha.kubernetes.io/")
            });
            if is_seccomp && manifest.tree.scalar(value) == Some("unconfined") {
                sink.report(pod, manifest.tree.span(value), &says);
            }
        }
    }
}
