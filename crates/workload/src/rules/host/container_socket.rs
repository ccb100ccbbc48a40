//! The socket of a container engine.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::mounts;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "container-socket",
        aliases: &["KSV-0006", "KSV-0023", "CIS-5.32"],
        title: Text::fixed("container engine socket mounted", "挂载了容器引擎套接字"),
        why: Text::fixed(
            "Who reaches the socket of the engine starts a privileged container and owns the host; `:ro` does not change that.",
            "能访问引擎套接字者可启动特权容器并控制主机;`:ro` 也无济于事。",
        ),
        severity: Severity::Critical,
        references: &["CIS Docker Benchmark 1.6.0, 5.32", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no -v /var/run/docker.sock:/var/run/docker.sock",
        compose: "no /var/run/docker.sock:/var/run/docker.sock",
        kubernetes: "no hostPath: {path: /var/run/docker.sock}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - type: bind
        source: /run/containerd/containerd.sock
        target: /run/containerd/containerd.sock
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - ${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    volumes:
      - $SOCKET:/var/run/docker.sock
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  volumes:
    - name: sock
      hostPath:
        path: /var/run/docker.sock
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
      - ./app.sock:/run/app.sock
",
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
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for mount in mounts::of_service(manifest, container) {
            if mounts::is_engine_socket(&mount.source) || mounts::is_engine_socket(&mount.target) {
                let path = shown(if mount.source.is_empty() {
                    &mount.target
                } else {
                    &mount.source
                });
                let says = Text::new(
                    format!("reaches the container engine through `{path}`"),
                    format!("可通过 `{path}` 控制容器引擎"),
                );
                sink.report(container, mount.span, &says)
                    .aliases(&["CIS-5.32"]);
            }
        }
    }
    for pod in &manifest.pods {
        for mount in mounts::of_pod(manifest, pod) {
            if mounts::is_engine_socket(&mount.source) {
                let path = shown(&mount.source);
                let says = Text::new(
                    format!("reaches the container engine through `{path}`"),
                    format!("可通过 `{path}` 控制容器引擎"),
                );
                let mut found = sink.report(pod, mount.span, &says);
                // Trivy's 0006 knows Docker's alone.
                if !mount.source.ends_with("docker.sock") {
                    found.aliases(&["KSV-0023", "CIS-5.32"]);
                }
            }
        }
    }
}
