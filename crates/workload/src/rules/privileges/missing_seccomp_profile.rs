//! No seccomp profile in Kubernetes.

use std::collections::BTreeSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Pod, World};
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "missing-seccomp-profile",
        aliases: &["KSV-0104", "KSV-0030"],
        title: Text::fixed("no seccomp profile set", "未设置 seccomp 配置"),
        why: Text::fixed(
            "Unlike Docker, Kubernetes runs containers without seccomp unless the pod or the node asks for it.",
            "与 Docker 不同,除非 Pod 或节点要求,Kubernetes 运行容器时不启用 seccomp。",
        ),
        severity: Severity::Low,
        references: &["Kubernetes Pod Security Standards, Restricted"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "securityContext: {seccompProfile: {type: RuntimeDefault}}",
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
        seccompProfile:
          type: RuntimeDefault
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    seccompProfile:
      type: Localhost
      localhostProfile: p.json
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
      securityContext: {seccompProfile: {type: Unconfined}}
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
    let is_annotated = |pod: &Pod| {
        let annotations = manifest.annotations(pod).into_iter();
        let mut keys = annotations.filter_map(|(key, _)| manifest.tree.scalar(key));
        keys.any(|key| key.contains("seccomp.security.alpha.kubernetes.io"))
    };
    let pods = manifest.pods.iter().enumerate();
    let annotated: BTreeSet<usize> = pods
        .filter(|(_, pod)| is_annotated(pod))
        .map(|(at, _)| at)
        .collect();
    for container in linux(manifest).filter(|container| container.world == World::Kubernetes) {
        let is_annotated = container.pod.is_some_and(|pod| annotated.contains(&pod));
        let path = &["seccompProfile", "type"];
        if is_annotated || manifest.security(container, path).is_some() {
            continue;
        }
        let says = Text::fixed("sets no seccomp profile", "未设置 seccomp 配置");
        let found = sink.report(container, container.at, &says);
        let path = &["securityContext", "seccompProfile", "type"];
        let value = Value::Bare("RuntimeDefault");
        offer(
            found,
            edit::set(&manifest.tree, container.node, path, value),
        );
    }
}
