//! A token of the cluster that nobody asked for.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "service-account-token",
        aliases: &["KSV-0036"],
        title: Text::fixed("service account token mounted", "挂载了服务账户令牌"),
        why: Text::fixed(
            "Every pod gets a token for the API of the cluster unless it says no; who breaks in has it.",
            "除非明确拒绝,每个 Pod 都会获得集群 API 令牌;入侵者也随之获得。",
        ),
        severity: Severity::Low,
        references: &["Kubernetes, \"Configure Service Accounts for Pods\""],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "automountServiceAccountToken: false",
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
  automountServiceAccountToken: true
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
  serviceAccountName: default
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
  automountServiceAccountToken: false
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
  serviceAccountName: app
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for pod in &manifest.pods {
        let path = &["automountServiceAccountToken"];
        let setting = manifest.pod_setting(pod, path);
        // Who names an account means to use it, and the account may say no for all its pods.
        let account = ["serviceAccountName", "serviceAccount"]
            .iter()
            .find_map(|key| manifest.text_at(pod.spec, &[key]))
            .unwrap_or_default();
        let is_named = !matches!(account, "" | "default");
        let truth = manifest.truth(World::Kubernetes, setting);
        if truth == Some(false) || is_named && truth.is_none() {
            continue;
        }
        let span = setting.map_or(pod.at, |setting| manifest.tree.span(setting.value));
        let says = Text::fixed(
            "mounts a token for the API of the cluster",
            "挂载了集群 API 的令牌",
        );
        let mut found = sink.report(pod, span, &says);
        if setting.is_none() {
            found.aliases(&[]);
        }
        let value = Value::Bare("false");
        offer(found, edit::set(&manifest.tree, pod.spec, path, value));
    }
}
