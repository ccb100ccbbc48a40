//! A service that is restarted for ever.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::edit::{self, Value};
use crate::lint::{Context, Sink};
use crate::manifest::{Setting, World};
use crate::rules::offer;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unlimited-restart",
        aliases: &["CIS-5.15"],
        title: Text::fixed("restart without a limit", "无限次重启"),
        why: Text::fixed(
            "A service that cannot start is started again and again, which hides the fault and loads the host.",
            "无法启动的服务会被不断重启,既掩盖故障又加重主机负载。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 5.15"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--restart on-failure:5",
        compose: "restart: on-failure:5",
        kubernetes: "",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    restart: always
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      restart_policy:
        condition: any
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    restart: on-failure:5
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    restart: unless-stopped
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    deploy:
      restart_policy:
        condition: any
        max_attempts: 5
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    let says = Text::fixed("is restarted without a limit", "会被无限次重启");
    for container in &manifest.containers {
        if container.world != World::Compose {
            continue;
        }
        let is = |setting: &Setting, value: &str| {
            manifest.known(container.world, setting.value).as_deref() == Some(value)
        };
        let always = manifest
            .setting(container, &["restart"])
            .filter(|restart| is(restart, "always"));
        if let Some(setting) = always {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            offer(
                found,
                edit::scalar(&manifest.tree, setting.value, "on-failure:5"),
            );
        }
        let any = manifest.setting(container, &["deploy", "restart_policy", "condition"]);
        let attempts = &["deploy", "restart_policy", "max_attempts"];
        if let Some(setting) = any.filter(|condition| is(condition, "any"))
            && manifest.setting(container, attempts).is_none()
        {
            let found = sink.report(container, manifest.tree.span(setting.value), &says);
            let value = Value::Bare("5");
            offer(
                found,
                edit::set(&manifest.tree, container.node, attempts, value),
            );
        }
    }
}
