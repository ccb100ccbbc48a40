//! A root file system that can be written.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "writable-root",
        aliases: &["KSV-0014", "CIS-5.13"],
        title: Text::fixed("writable root file system", "根文件系统可写"),
        why: Text::fixed(
            "Who breaks in can replace programs and leave tools behind. With a read-only root nothing stays.",
            "入侵者可替换程序并留下工具;根文件系统只读则什么都留不下。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.13", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--read-only + --tmpfs /tmp",
        compose: "read_only: true + tmpfs: [/tmp]",
        kubernetes: "securityContext: {readOnlyRootFilesystem: true} + volumes: [{name: tmp, emptyDir: {}}]",
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
    read_only: false
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
        readOnlyRootFilesystem: false
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
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    read_only: true
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    read_only: ${READ_ONLY}
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
        readOnlyRootFilesystem: true
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
services:
  base:
    image: a:1
    read_only: true
  app:
    extends: base
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest) {
        let path: &[&str] = match container.world {
            World::Compose => &["read_only"],
            World::Kubernetes => &["securityContext", "readOnlyRootFilesystem"],
        };
        let says = Text::fixed("can write to its root file system", "可以写入根文件系统");
        let setting = manifest.setting(container, path);
        let span = match setting {
            Some(setting) if manifest.truth(container.world, Some(setting)) == Some(false) => {
                manifest.tree.span(setting.value)
            }
            None if container.is_complete => container.at,
            _ => continue,
        };
        let found = sink.report(container, span, &says);
        let edits = match setting {
            Some(setting) => edit::scalar(&manifest.tree, setting.value, "true"),
            None => edit::set(&manifest.tree, container.node, path, Value::Bare("true")),
        };
        offer(found, edits);
    }
}
