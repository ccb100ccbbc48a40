//! Nobody says which user.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Container, Manifest, World};
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer, offer_safe};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-user",
        aliases: &["KSV-0012", "CIS-4.1"],
        title: Text::fixed("user not set", "未设置用户"),
        why: Text::fixed(
            "The image decides which user runs, and most images run as root unless they are told otherwise.",
            "运行用户由镜像决定,而多数镜像默认以 root 运行。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.1",
            "Kubernetes Pod Security Standards, Restricted",
            "requirements B 1.4",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--user 10001:10001",
        compose: "user: \"10001:10001\"",
        kubernetes: "securityContext: {runAsNonRoot: true, runAsUser: 10001}",
    },
    check,
    bad: &[
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
        runAsUser: 1000
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {runAsNonRoot: true}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        runAsNonRoot: false
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    runAsUser: 1000
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    user: "1000"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    user: ${UID}
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
        runAsNonRoot: true
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {runAsNonRoot: true}
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
  os: {name: windows}
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
      securityContext: {runAsUser: 0}
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest) {
        match container.world {
            World::Compose => {
                if !container.is_complete || manifest.setting(container, &["user"]).is_some() {
                    continue;
                }
                let says = Text::fixed(
                    "runs as whatever user its image names, root where it names none",
                    "以镜像指定的用户运行,未指定时为 root",
                );
                let mut found = sink.report(container, container.at, &says);
                found.severity(Severity::Low).aliases(&["CIS-4.1"]);
                let value = Value::Bare("\"10001:10001\"");
                offer(
                    found,
                    edit::set(&manifest.tree, container.node, &["user"], value),
                );
            }
            World::Kubernetes => kubernetes(manifest, container, sink),
        }
    }
}

fn kubernetes(manifest: &Manifest<'_>, container: &Container, sink: &mut Sink<'_>) {
    let setting = manifest.security(container, &["runAsNonRoot"]);
    if manifest.is_true(container.world, setting) {
        return;
    }
    let user = manifest.security(container, &["runAsUser"]);
    let user = user.and_then(|user| manifest.tree.scalar(user.value));
    let number = user.and_then(|user| user.parse::<u64>().ok());
    if number == Some(0) {
        // Root is a finding of its own, and asking for another user would stop the pod.
        return;
    }
    let says = if number.is_some() {
        Text::fixed(
            "names a user but does not forbid root: `runAsNonRoot` is not true",
            "指定了用户但未禁止 root:`runAsNonRoot` 不为 true",
        )
    } else {
        Text::fixed(
            "may run as root: `runAsNonRoot` is not true",
            "可能以 root 运行:`runAsNonRoot` 不为 true",
        )
    };
    let span = setting.map_or(container.at, |setting| manifest.tree.span(setting.value));
    let mut found = sink.report(container, span, &says);
    let path = &["securityContext", "runAsNonRoot"];
    let edits = edit::set(&manifest.tree, container.node, path, Value::Bare("true"));
    if number.is_some() {
        // The user is no root already, so this changes nothing of what runs.
        found.severity(Severity::Low);
        offer_safe(found, edits);
    } else {
        offer(found, edits);
    }
}
