//! A health check that is switched off.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "disabled-healthcheck",
        aliases: &["CIS-5.27"],
        title: Text::fixed("health check switched off", "健康检查已关闭"),
        why: Text::fixed(
            "The check that the image brings is switched off, so a hung service counts as running.",
            "镜像自带的检查被关闭,挂起的服务仍被视为运行中。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 5.27", "requirements A 3"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --no-healthcheck",
        compose: "healthcheck: {test: [CMD, …], interval: 30s}",
        kubernetes: "",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck:
      disable: true
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck:
      test: ["NONE"]
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck: {test: NONE}
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck:
      disable: false
      test: [CMD, x]
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    healthcheck: {test: "curl -f http://localhost/"}
"#,
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("switches its health check off", "关闭了健康检查");
    for container in &manifest.containers {
        let setting = manifest.setting(container, &["healthcheck", "disable"]);
        if let Some(setting) = setting.filter(|_| manifest.is_true(container.world, setting)) {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
        }
        let test = manifest.list(container, &["healthcheck", "test"]);
        if let Some(first) = test.first()
            && manifest.tree.scalar(*first) == Some("NONE")
        {
            sink.report(container, manifest.tree.span(*first), &says);
        }
    }
}
