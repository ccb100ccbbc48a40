//! Secrets that stand in the file.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::environment;
use crate::lint::{Context, Sink};
use crate::manifest::shown;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "plain-secret",
        aliases: &[],
        title: Text::fixed("secret in plain text", "明文机密"),
        why: Text::fixed(
            "Whoever reads the file, its history or `docker inspect` has the secret, and it cannot be changed without a deployment.",
            "任何能读取此文件、其历史或 `docker inspect` 的人都能得到机密,且必须重新部署才能更换。",
        ),
        severity: Severity::High,
        references: &["requirements A 5.2", "requirements B 4.2"],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "--env-file app.env",
        compose: "secrets: [name] + environment: {NAME_FILE: /run/secrets/name}",
        kubernetes: "env: [{name: NAME, valueFrom: {secretKeyRef: {name: app, key: name}}}]",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    environment:
      DB_PASSWORD: hunter2hunter2
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    environment:
      - API_KEY=9f8e7d6c5b4a39281706f5e4d3c2b1a0
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    environment:
      POSTGRES_PASSWORD: ${PGPASS:-s3cret-pg}
",
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    build:
      context: .
      args:
        NPM_TOKEN: 9f8e7d6c5b4a39281706
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
      env:
        - name: DB_PASSWORD
          value: hunter2hunter2
",
    ],
    good: &[
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    environment:
      DB_PASSWORD: ${DB_PASSWORD}
      DB_PASSWORD_FILE: /run/secrets/db
      GPG_KEY: A035C8C19219BA821ECEA86B64E628F8D684696D
      MYSQL_ALLOW_EMPTY_PASSWORD: "yes"
"#,
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    environment:
      - DB_PASSWORD
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
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: db
              key: password
",
        r#"apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
      env:
        - name: TOKEN_TTL
          value: "3600"
"#,
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let manifest = context.manifest;
    for container in &manifest.containers {
        for variable in environment::of(manifest, container) {
            let Some(value) = manifest.known(container.world, variable.value) else {
                continue;
            };
            let raw = manifest.tree.scalar(variable.value).unwrap_or_default();
            let value = environment::value_of(&value, variable.is_pair);
            let by_name = plimsoll_secrets::judge_assignment(&variable.name, value);
            let by_shape = plimsoll_secrets::scan(value.as_bytes());
            let Some(severity) = by_shape.first().map(|found| found.severity).or(by_name) else {
                continue;
            };
            let name = shown(&variable.name);
            let is_default = raw.contains("${");
            let says = if is_default {
                Text::new(
                    format!("has a default for the secret `{name}` in plain text"),
                    format!("以明文提供机密 `{name}` 的默认值"),
                )
            } else {
                Text::new(
                    format!("holds the secret `{name}` in plain text"),
                    format!("以明文保存机密 `{name}`"),
                )
            };
            let mut found = sink.report(container, manifest.tree.span(variable.value), &says);
            found.severity(if is_default {
                Severity::Medium
            } else {
                severity
            });
        }
    }
}
