//! The group of root.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::linux;
use crate::rules::{Default, Repair, Rule};
use crate::yaml::NodeId;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "root-group",
        aliases: &["KSV-0116"],
        title: Text::fixed("group id 0", "组 ID 为 0"),
        why: Text::fixed(
            "Files that the group of root may read or write are open to the process. Images for OpenShift want it so.",
            "root 组可读写的文件对该进程开放。OpenShift 镜像需要这样设置。",
        ),
        severity: Severity::Low,
        references: &["Trivy KSV-0116"],
    },
    default: Default::Off,
    repair: Repair {
        docker_run: "--user 10001:10001",
        compose: "user: \"10001:10001\"",
        kubernetes: "securityContext: {runAsGroup: 10001, fsGroup: 10001}",
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
        runAsGroup: 0
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    fsGroup: 0
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
  securityContext:
    supplementalGroups: [0]
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
  securityContext: {fsGroup: 2000, supplementalGroups: [3000]}
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
      securityContext: {runAsGroup: 10001}
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    user: "1000:0"
"#,
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let is_root = |value: NodeId| {
        let number = manifest
            .tree
            .scalar(value)
            .and_then(|text| text.parse::<u64>().ok());
        number == Some(0)
    };
    let says = Text::fixed("runs with the group of root", "以 root 组运行");
    for container in linux(manifest) {
        let setting = manifest.setting(container, &["securityContext", "runAsGroup"]);
        if let Some(setting) = setting.filter(|setting| is_root(setting.value)) {
            sink.report(container, manifest.tree.span(setting.value), &says);
        }
    }
    for pod in &manifest.pods {
        for field in ["runAsGroup", "fsGroup", "supplementalGroups"] {
            let Some(setting) = manifest.pod_setting(pod, &["securityContext", field]) else {
                continue;
            };
            let listed = manifest.tree.items(setting.value).iter().copied();
            for value in listed
                .chain([setting.value])
                .filter(|value| is_root(*value))
            {
                sink.report(pod, manifest.tree.span(value), &says);
            }
        }
    }
}
