//! Processes that may gain rights.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Container, Manifest, World};
use crate::rules::privileges::security_options;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{is_privileged, linux, offer};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "privilege-escalation",
        aliases: &["KSV-0001", "CIS-5.26"],
        title: Text::fixed("privilege escalation allowed", "允许提升权限"),
        why: Text::fixed(
            "A setuid program in the image turns any user into root unless the kernel is told to forbid it.",
            "除非内核明确禁止,镜像中的 setuid 程序可让任意用户变为 root。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.26",
            "Kubernetes Pod Security Standards, Restricted",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--security-opt no-new-privileges:true",
        compose: "security_opt: [\"no-new-privileges:true\"]",
        kubernetes: "securityContext: {allowPrivilegeEscalation: false}",
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
    security_opt:
      - apparmor:unconfined
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt: ["no-new-privileges:false"]
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
        allowPrivilegeEscalation: true
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
      securityContext: {}
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt: ["no-new-privileges:true"]
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - no-new-privileges
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - no-new-privileges=true
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
        allowPrivilegeEscalation: false
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  os: {name: windows}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest) {
        match container.world {
            World::Compose => compose(manifest, container, sink),
            World::Kubernetes => kubernetes(manifest, container, sink),
        }
    }
}

fn compose(manifest: &Manifest<'_>, container: &Container, sink: &mut Sink<'_>) {
    let says = Text::fixed(
        "lets its processes gain rights by setuid programs",
        "允许进程通过 setuid 程序获取更多权限",
    );
    let mut denied = None;
    for option in security_options(manifest, container) {
        if option.name == "no-new-privileges" {
            denied = Some((
                option.value.is_empty() || option.value == "true",
                option.node,
            ));
        }
        if option.name.is_empty() {
            // A variable may stand for it.
            return;
        }
    }
    match denied {
        Some((false, node)) => {
            let found = sink.report(container, manifest.tree.span(node), &says);
            offer(
                found,
                edit::scalar(&manifest.tree, node, "no-new-privileges:true"),
            );
        }
        None if container.is_complete => {
            let found = sink.report(container, container.at, &says);
            let items = Value::List(&["no-new-privileges:true"]);
            offer(
                found,
                edit::set(&manifest.tree, container.node, &["security_opt"], items),
            );
        }
        _ => {}
    }
}

fn kubernetes(manifest: &Manifest<'_>, container: &Container, sink: &mut Sink<'_>) {
    let path = &["securityContext", "allowPrivilegeEscalation"];
    let setting = manifest.setting(container, path);
    if manifest.truth(container.world, setting) == Some(false) {
        return;
    }
    let says = Text::fixed(
        "may gain rights by setuid programs: `allowPrivilegeEscalation` is not false",
        "可通过 setuid 程序获取更多权限:`allowPrivilegeEscalation` 不为 false",
    );
    let span = setting.map_or(container.at, |setting| manifest.tree.span(setting.value));
    let found = sink.report(container, span, &says);
    // The API server takes no privileged container without it.
    if !is_privileged(manifest, container) {
        let value = Value::Bare("false");
        offer(
            found,
            edit::set(&manifest.tree, container.node, path, value),
        );
    }
}
