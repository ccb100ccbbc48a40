//! Directories of the host that decide over it.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::{Subject, shown};
use crate::mounts::{self, Mount};
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "sensitive-host-path",
        aliases: &["KSV-0023", "KSV-0121", "CIS-5.6"],
        title: Text::fixed("sensitive host path mounted", "挂载了敏感的主机路径"),
        why: Text::fixed(
            "These directories hold the programs, accounts, devices and containers of the host: who writes there owns it, who reads there knows its secrets.",
            "这些目录存放主机的程序、账户、设备和容器:可写即控制主机,可读即知其机密。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.6",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "-v data:/data",
        compose: "volumes: [data:/data]",
        kubernetes: "persistentVolumeClaim: {claimName: data}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /:/host:ro
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /etc:/etc/host
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - type: bind
        source: /proc
        target: /host/proc
        read_only: true
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    volumes: ["/var/lib/docker/:/var/lib/docker"]
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  volumes:
    - name: etc
      hostPath: {path: /etc/kubernetes/pki}
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
    - name: run
      hostPath:
        path: /var/run
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
    volumes:
      - /etc/localtime:/etc/localtime:ro
      - data:/etc
      - ./etc:/etc/app
      - /srv/data:/data
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /root-data
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  volumes:
    - name: tz
      hostPath: {path: /etc/localtime}
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for mount in mounts::of_service(manifest, container) {
            report(container, &mount, sink);
        }
    }
    for pod in &manifest.pods {
        for mount in mounts::of_pod(manifest, pod) {
            report(pod, &mount, sink);
        }
    }
}

fn report(subject: &dyn Subject, mount: &Mount, sink: &mut Sink<'_>) {
    if !mounts::is_sensitive(&mount.source) {
        return;
    }
    let path = shown(&mount.source);
    let says = if mount.is_read_only {
        Text::new(
            format!("reads `{path}` of the host"),
            format!("可读取主机的 `{path}`"),
        )
    } else {
        Text::new(
            format!("can write to `{path}` of the host"),
            format!("可写入主机的 `{path}`"),
        )
    };
    let mut found = sink.report(subject, mount.span, &says);
    if mount.is_read_only {
        found.severity(Severity::Medium);
    }
}
