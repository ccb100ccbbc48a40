//! A tag that can be moved.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::image_name::ImageName;
use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::rules::image::pulled;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "image-without-digest",
        aliases: &[],
        title: Text::fixed("image without a digest", "镜像没有摘要"),
        why: Text::fixed(
            "A tag can be pushed again with other content; a digest cannot.",
            "标签可以重新推送为其他内容;摘要不能。",
        ),
        severity: Severity::Low,
        references: &["requirements B 2.1"],
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
",
        "\
services:
  app:
    image: postgres:16
",
    ],
    good: &[
        "\
services:
  app:
    image: app:1.0@sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: app@sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
",
        "\
services:
  app:
    image: app
",
        "\
services:
  app:
    image: app:latest
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    build: .
",
        "\
services:
  app:
    image: app:${TAG}
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
        // No tag, or `latest`, is a rule of its own.
        if image.digest.is_some() || matches!(image.tag, None | Some("latest")) {
            continue;
        }
        let name = shown(&text);
        let says = Text::new(
            format!("runs `{name}` without a digest"),
            format!("运行没有摘要的 `{name}`"),
        );
        sink.report(container, manifest.tree.span(value), &says);
    }
}
