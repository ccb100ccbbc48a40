//! `latest`, said or meant.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::image_name::ImageName;
use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::rules::image::pulled;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "latest-image",
        aliases: &["KSV-0013", "CIS-5.28"],
        title: Text::fixed(
            "image with the tag latest or none",
            "镜像使用 latest 标签或没有标签",
        ),
        why: Text::fixed(
            "`latest` is another image tomorrow: two hosts run different programs, and nobody can go back.",
            "`latest` 明天可能是另一个镜像:两台主机会运行不同的程序,且无法回滚。",
        ),
        severity: Severity::High,
        references: &["requirements A 5.2", "requirements B 2.1"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "name:1.2.3@sha256:…",
        compose: "image: name:1.2.3@sha256:…",
        kubernetes: "image: name:1.2.3@sha256:…",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: nginx
",
        "\
services:
  app:
    image: nginx:latest
",
        "\
services:
  app:
    image: registry.example.org:5000/app
",
        "\
services:
  app:
    image: nginx:${TAG:-latest}
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: nginx
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: nginx:latest
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  initContainers: [{name: a, image: busybox}]
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
",
        "\
services:
  app:
    image: nginx:${TAG}
",
        "\
services:
  app:
    image: nginx:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
",
        "\
services:
  app:
    image: app
    build: .
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: nginx:1.27.3
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: nginx@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
",
        "\
services:
  app:
    image: ${IMAGE}
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        let Some((text, value)) = pulled(manifest, container) else {
            continue;
        };
        let image = ImageName::of(&text);
        if image.digest.is_some() || image.name.is_empty() {
            continue;
        }
        let name = shown(&text);
        let says = match image.tag {
            None => Text::new(
                format!("runs `{name}` without a tag, which is `latest`"),
                format!("运行没有标签的 `{name}`,即 `latest`"),
            ),
            Some("latest") => Text::new(
                format!("runs `{name}`, which is another image tomorrow"),
                format!("运行 `{name}`,明天可能是另一个镜像"),
            ),
            Some(_) => continue,
        };
        sink.report(container, manifest.tree.span(value), &says);
    }
}
