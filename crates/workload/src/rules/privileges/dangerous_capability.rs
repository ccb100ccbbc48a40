//! Capabilities that open the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::privileges::bare;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "dangerous-capability",
        aliases: &[
            "KSV-0005",
            "KSV-0022",
            "KSV-0106",
            "KSV-0119",
            "KSV-0120",
            "CIS-5.4",
            "CIS-C.5.3.1",
            "CIS-C.5.3.2",
            "CIS-C.5.3.3",
            "CIS-C.5.3.4",
        ],
        title: Text::fixed("dangerous capability added", "添加了危险能力"),
        why: Text::fixed(
            "With some capabilities a process in the container loads kernel modules, reads any file of the host or traces its processes.",
            "某些能力允许容器内的进程加载内核模块、读取主机任意文件或跟踪主机进程。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.4",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--cap-drop ALL",
        compose: "cap_drop: [ALL]",
        kubernetes: "securityContext: {capabilities: {drop: [ALL]}}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_add:
      - SYS_ADMIN
      - NET_BIND_SERVICE
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_add: [NET_BIND_SERVICE, CAP_SYS_PTRACE]
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_add: [ALL]
",
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        capabilities:
          drop: [ALL]
          add: ["NET_ADMIN"]
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
      securityContext:
        capabilities:
          add:
          - SYS_MODULE
          - DAC_READ_SEARCH
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_add: [NET_BIND_SERVICE, CHOWN]
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
        capabilities:
          add: [NET_BIND_SERVICE]
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    cap_drop: [SYS_ADMIN]
",
    ],
};

/// Capabilities that reach beyond the container, and what each gives. (capabilities(7).)
const DANGEROUS: &[(&str, Severity, &str, &str)] = &[
    ("ALL", Severity::Critical, "everything", "一切权限"),
    (
        "SYS_ADMIN",
        Severity::High,
        "mounts, namespaces and nearly all of root",
        "挂载、命名空间以及几乎全部 root 权限",
    ),
    (
        "SYS_MODULE",
        Severity::High,
        "loads modules into the host's kernel",
        "向主机内核加载模块",
    ),
    (
        "SYS_PTRACE",
        Severity::High,
        "reads and changes other processes",
        "读取和修改其他进程",
    ),
    (
        "SYS_RAWIO",
        Severity::High,
        "reads and writes the host's memory and disks",
        "读写主机内存和磁盘",
    ),
    ("SYS_BOOT", Severity::High, "restarts the host", "重启主机"),
    (
        "DAC_READ_SEARCH",
        Severity::High,
        "reads any file, also of the host",
        "读取任意文件,包括主机文件",
    ),
    (
        "BPF",
        Severity::High,
        "runs programs in the host's kernel",
        "在主机内核中运行程序",
    ),
    (
        "PERFMON",
        Severity::High,
        "watches the host's kernel",
        "监视主机内核",
    ),
    (
        "MAC_ADMIN",
        Severity::High,
        "changes the host's security policy",
        "更改主机安全策略",
    ),
    (
        "MAC_OVERRIDE",
        Severity::High,
        "goes past the host's security policy",
        "绕过主机安全策略",
    ),
    (
        "SYSLOG",
        Severity::Medium,
        "reads the kernel's log with its addresses",
        "读取含地址的内核日志",
    ),
    (
        "SYS_TIME",
        Severity::Medium,
        "sets the host's clock",
        "设置主机时钟",
    ),
    (
        "NET_ADMIN",
        Severity::Medium,
        "changes addresses, routes and firewall rules",
        "更改地址、路由和防火墙规则",
    ),
    ("NET_RAW", Severity::Medium, "forges packets", "伪造数据包"),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in linux(manifest) {
        let path: &[&str] = match container.world {
            World::Compose => &["cap_add"],
            World::Kubernetes => &["securityContext", "capabilities", "add"],
        };
        for list in manifest.lists(container, path) {
            for item in manifest.tree.items(list) {
                let Some(name) = manifest.known(container.world, *item) else {
                    continue;
                };
                let name = bare(&name);
                let Some((_, severity, en, zh)) =
                    DANGEROUS.iter().find(|(other, ..)| *other == name)
                else {
                    continue;
                };
                let says = Text::new(
                    format!("gets the capability {name}: {en}"),
                    format!("获得能力 {name}:{zh}"),
                );
                let mut found = sink.report(container, manifest.tree.span(*item), &says);
                found.severity(*severity).aliases(aliases(&name));
                offer(found, edit::remove_item(&manifest.tree, list, *item));
            }
        }
    }
}

fn aliases(name: &str) -> &'static [&'static str] {
    match name {
        "SYS_ADMIN" => &["KSV-0005", "KSV-0022", "KSV-0106", "CIS-5.4", "CIS-C.5.3.3"],
        "NET_RAW" => &["KSV-0022", "KSV-0106", "KSV-0119", "CIS-5.4"],
        "SYS_MODULE" => &["KSV-0022", "KSV-0106", "KSV-0120", "CIS-5.4", "CIS-C.5.3.2"],
        "DAC_READ_SEARCH" => &["KSV-0022", "KSV-0106", "CIS-5.4", "CIS-C.5.3.1"],
        "SYS_PTRACE" => &["KSV-0022", "KSV-0106", "CIS-5.4", "CIS-C.5.3.4"],
        _ => &["KSV-0022", "KSV-0106", "CIS-5.4"],
    }
}
