//! Mounts that reach back into the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::{World, shown};
use crate::mounts;
use crate::rules::refuse_value;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "shared-mount",
        aliases: &["CIS-5.20"],
        title: Text::fixed("shared mount propagation", "共享的挂载传播"),
        why: Text::fixed(
            "What the container mounts there appears on the host and in other containers.",
            "容器在该处的挂载会出现在主机和其他容器中。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 5.20"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no :shared",
        compose: "no :shared",
        kubernetes: "mountPropagation: None",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /srv/data:/data:shared
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /srv/data:/data:rw,rshared
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - type: bind
        source: /srv
        target: /srv
        bind:
          propagation: rshared
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
      volumeMounts:
        - name: data
          mountPath: /data
          mountPropagation: Bidirectional
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /srv/data:/data:rslave
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /srv/shared:/shared
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
      volumeMounts:
        - name: data
          mountPath: /data
          mountPropagation: HostToContainer
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for mount in mounts::of_service(manifest, container) {
            if mount.is_shared {
                let says = Text::new(
                    format!(
                        "shares its mounts below `{}` with the host",
                        shown(&mount.target)
                    ),
                    format!("与主机共享 `{}` 下的挂载", shown(&mount.target)),
                );
                sink.report(container, mount.span, &says);
            }
        }
        if container.world != World::Kubernetes {
            continue;
        }
        for item in manifest.list(container, &["volumeMounts"]) {
            let Some(entry) = manifest.tree.get(item, "mountPropagation") else {
                continue;
            };
            let says = Text::fixed("shares its mounts with the host", "与主机共享挂载");
            let wrong = (entry.value, "Bidirectional", "None");
            refuse_value(manifest, container, wrong, &says, sink);
        }
    }
}
