//! Windows containers on the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-process",
        aliases: &["KSV-0103"],
        title: Text::fixed("host process container", "主机进程容器"),
        why: Text::fixed(
            "A host process container of Windows is no container: it runs on the node with its rights.",
            "Windows 的主机进程容器不是容器:它以节点权限直接在节点上运行。",
        ),
        severity: Severity::High,
        references: &["Kubernetes Pod Security Standards, Baseline"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "securityContext: {windowsOptions: {hostProcess: false}}",
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
        windowsOptions:
          hostProcess: true
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    windowsOptions:
      hostProcess: true
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
        windowsOptions:
          hostProcess: false
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
    for container in &manifest.containers {
        let setting = manifest.security(container, &["windowsOptions", "hostProcess"]);
        let Some(setting) = setting.filter(|_| manifest.is_true(container.world, setting)) else {
            continue;
        };
        let says = Text::fixed("runs as a process of the host", "以主机进程方式运行");
        let found = sink.report(container, manifest.tree.span(setting.value), &says);
        offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
    }
}
