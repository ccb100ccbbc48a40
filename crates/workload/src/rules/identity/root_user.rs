//! Root, by name or number.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::World;
use crate::rules::{Default, Repair, Rule};
use crate::rules::{linux, offer};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "root-user",
        aliases: &["KSV-0105", "KSV-0012", "CIS-4.1"],
        title: Text::fixed("runs as root", "以 root 运行"),
        why: Text::fixed(
            "Root in a container is root in the kernel: one flaw in the runtime and it is root on the host.",
            "容器中的 root 在内核中就是 root:运行时一个漏洞即可成为主机的 root。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.1",
            "Kubernetes Pod Security Standards, Restricted",
            "requirements B 1.4",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--user 10001:10001",
        compose: "user: \"10001:10001\"",
        kubernetes: "securityContext: {runAsUser: 10001, runAsNonRoot: true}",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    user: root
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    user: "0:0"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    user: 0
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    user: "00"
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
        runAsUser: 0
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    runAsUser: 0
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    user: "1000:0"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    user: ${UID}
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    user: app
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  securityContext:
    runAsUser: 0
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      securityContext:
        runAsUser: 1000
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
    for container in linux(manifest) {
        let setting = match container.world {
            World::Compose => manifest.setting(container, &["user"]),
            World::Kubernetes => manifest.security(container, &["runAsUser"]),
        };
        let Some(setting) = setting else { continue };
        let Some(text) = manifest.known(container.world, setting.value) else {
            continue;
        };
        if !is_root(&text) {
            continue;
        }
        let says = Text::fixed("runs as root", "以 root 运行");
        let mut found = sink.report(container, manifest.tree.span(setting.value), &says);
        // Kubernetes then refuses to start it.
        if manifest.is_true(
            container.world,
            manifest.security(container, &["runAsNonRoot"]),
        ) {
            found.aliases(&["KSV-0105", "CIS-4.1"]);
        }
        let user = match container.world {
            World::Compose => "\"10001:10001\"",
            World::Kubernetes => "10001",
        };
        offer(found, edit::scalar(&manifest.tree, setting.value, user));
    }
}

/// Whether the user of `user:group` is root: by name, or a number that is zero.
fn is_root(text: &str) -> bool {
    let user = text.split(':').next().unwrap_or_default().trim();
    user == "root" || !user.is_empty() && user.chars().all(|digit| digit == '0')
}
