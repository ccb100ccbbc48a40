//! Other directories of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::mounts;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-path",
        aliases: &["KSV-0023"],
        title: Text::fixed("host path mounted", "挂载了主机路径"),
        why: Text::fixed(
            "A pod that mounts a directory of its node hangs on that node and shares the directory with every pod that names it.",
            "挂载节点目录的 Pod 会依赖该节点,并与所有挂载同一目录的 Pod 共享数据。",
        ),
        severity: Severity::Medium,
        references: &["Kubernetes Pod Security Standards, Baseline"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "",
        compose: "",
        kubernetes: "persistentVolumeClaim: {claimName: data}",
    },
    check,
    bad: &[
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  volumes:
    - name: data
      hostPath:
        path: /srv/data
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
  volumes:
    - {name: data, hostPath: {path: /srv/data, type: Directory}}
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
  volumes:
    - name: data
      emptyDir: {}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /srv/data:/data
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  volumes:
    - name: etc
      hostPath: {path: /etc}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for pod in &manifest.pods {
        for mount in mounts::of_pod(manifest, pod) {
            // Those have rules of their own.
            if mounts::is_sensitive(&mount.source) || mounts::is_engine_socket(&mount.source) {
                continue;
            }
            let path = shown(&mount.source);
            let says = Text::new(
                format!("mounts `{path}` of its node"),
                format!("挂载了节点的 `{path}`"),
            );
            sink.report(pod, mount.span, &says);
        }
    }
}
