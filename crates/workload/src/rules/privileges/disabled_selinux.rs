//! Labels switched off or bent.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::rules::linux;
use crate::rules::privileges::refuse_option;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "disabled-selinux",
        aliases: &["KSV-0025", "CIS-5.3"],
        title: Text::fixed(
            "SELinux label disabled or custom",
            "SELinux 标签被禁用或自定义",
        ),
        why: Text::fixed(
            "The label keeps a container from the files of the host and of other containers.",
            "该标签使容器无法访问主机和其他容器的文件。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.3",
            "Kubernetes Pod Security Standards, Baseline",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --security-opt label=disable",
        compose: "no label:disable",
        kubernetes: "securityContext: {seLinuxOptions: {type: container_t}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt:
      - label:disable
      - no-new-privileges:true
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
        seLinuxOptions:
          type: spc_t
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext: {seLinuxOptions: {user: root}}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    security_opt: ["label:type:svirt_lxc_net_t"]
"#,
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        seLinuxOptions:
          level: "s0:c1,c2"
          type: container_t
"#,
    ],
};

/// Types that confine. (Pod Security Standards, Baseline.)
const CONFINED: &[&str] = &[
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest) {
        let says = Text::fixed("runs without SELinux", "运行时没有 SELinux");
        refuse_option(manifest, container, ("label", "disable"), &says, sink);
        for field in ["type", "user", "role"] {
            let Some(setting) = manifest.security(container, &["seLinuxOptions", field]) else {
                continue;
            };
            let value = manifest.tree.scalar(setting.value).unwrap_or_default();
            let is_fine = if field == "type" {
                CONFINED.contains(&value)
            } else {
                value.is_empty()
            };
            if is_fine {
                continue;
            }
            let value = shown(value);
            let says = Text::new(
                format!("sets the SELinux {field} `{value}`"),
                format!("设置了 SELinux {field} `{value}`"),
            );
            sink.report(container, manifest.tree.span(setting.value), &says)
                .aliases(&["KSV-0025"]);
        }
    }
}
