//! Devices of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::{World, shown};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-device",
        aliases: &["CIS-5.18"],
        title: Text::fixed("host device", "主机设备"),
        why: Text::fixed(
            "A device goes past every namespace: a disk gives all files of the host, its memory device everything.",
            "设备会绕过所有命名空间:磁盘设备可访问主机全部文件,内存设备可访问一切。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.18"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --device",
        compose: "no devices",
        kubernetes: "",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    devices:
      - /dev/sda:/dev/xvda:rwm
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    devices:
      - source: /dev/mem
        target: /dev/mem
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
"#,
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    devices:
      - vendor.example/gpu=all
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    devices: [/dev/fuse, "/dev/dri:/dev/dri"]
"#,
    ],
};

/// Devices that many may open at once, each for itself.
const SHARED: &[&str] = &[
    "/dev/dri",
    "/dev/fuse",
    "/dev/kfd",
    "/dev/net/tun",
    "/dev/null",
    "/dev/nvidia",
    "/dev/random",
    "/dev/shm",
    "/dev/urandom",
    "/dev/zero",
];

/// Devices that hold the host's memory or disks.
const WHOLE: &[&str] = &[
    "/dev/dm-",
    "/dev/hd",
    "/dev/kmem",
    "/dev/mapper",
    "/dev/mem",
    "/dev/nvme",
    "/dev/port",
    "/dev/sd",
    "/dev/vd",
    "/dev/xvd",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        if container.world != World::Compose {
            continue;
        }
        for item in manifest.list(container, &["devices"]) {
            let source = match manifest.tree.get(item, "source") {
                Some(source) => source.value,
                None => item,
            };
            let Some(text) = manifest.known(container.world, source) else {
                continue;
            };
            let path = text.split(':').next().unwrap_or_default();
            let starts = |list: &[&str]| list.iter().any(|start| path.starts_with(start));
            if !path.starts_with("/dev") || starts(SHARED) {
                continue;
            }
            let path_shown = shown(path);
            let says = Text::new(
                format!("gets the device `{path_shown}` of the host"),
                format!("获得主机设备 `{path_shown}`"),
            );
            let mut found = sink.report(container, manifest.tree.span(source), &says);
            if starts(WHOLE) || path.trim_end_matches('/') == "/dev" {
                found.severity(Severity::High);
            }
        }
    }
}
