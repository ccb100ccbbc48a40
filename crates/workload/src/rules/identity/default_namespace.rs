//! The namespace default.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "default-namespace",
        aliases: &["KSV-0110"],
        title: Text::fixed("namespace default", "default 命名空间"),
        why: Text::fixed(
            "Rights and policies are given by namespace; in `default` everything gets what anything needs.",
            "权限和策略按命名空间授予;`default` 中的一切都会得到任何一方所需的权限。",
        ),
        severity: Severity::Low,
        references: &[
            "CIS Kubernetes Benchmark, general policies: the default namespace should not be used",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "metadata: {namespace: app}",
    },
    check,
    bad: &["\
apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: default
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
"],
    good: &[
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: prod
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
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for pod in &manifest.pods {
        let Some(entry) = manifest.tree.at(pod.object, &["metadata", "namespace"]) else {
            // Whoever applies it names the namespace.
            continue;
        };
        if manifest.tree.scalar(entry.value) == Some("default") {
            let says = Text::fixed("lies in the namespace `default`", "位于 `default` 命名空间");
            sink.report(pod, manifest.tree.span(entry.value), &says);
        }
    }
}
