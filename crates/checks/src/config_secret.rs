//! Secrets in the image's configuration: variables, commands, labels and the steps of the build.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};
use plimsoll_secrets::{assignments, judge_assignment, redact, scan};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Does the configuration carry secrets?
#[derive(Debug)]
pub(crate) struct ConfigSecret;

static META: Meta = Meta {
    id: "config-secret",
    dimension: Dimension::Compliance,
    title: Text::fixed(
        "secret in the configuration or the history",
        "配置或构建历史中包含敏感信息",
    ),
    why: Text::fixed(
        "Variables, labels and build steps are readable for everyone who can pull the image, build arguments \
         included.",
        "环境变量、标签和构建步骤(包括构建参数)对所有能拉取镜像的人可见。",
    ),
    references: &[
        "CIS Docker Benchmark 1.6.0, 4.10",
        "requirements A 5.2, typical error 4",
        "requirements B 4.2",
    ],
    severity: Severity::Critical,
    needs: Needs::Image,
};

impl Check for ConfigSecret {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let config = &facts.config.config;
        let mut found: Vec<Evidence> = Vec::new();
        for line in &config.env {
            if let Some((name, value)) = line.split_once('=') {
                if judge_assignment(name, value).is_some() {
                    found.push(setting(format!("Env {name}=********")));
                } else {
                    found.extend(shaped("Env", line));
                }
            }
        }
        for (key, value) in &config.labels {
            if judge_assignment(key, value).is_some() {
                found.push(setting(format!("Label {key}=********")));
            } else {
                found.extend(shaped("Label", &format!("{key}={value}")));
            }
        }
        let health = config.healthcheck.iter().map(|check| check.test.join(" "));
        let commands = [config.entrypoint.join(" "), config.cmd.join(" ")];
        for command in commands
            .into_iter()
            .chain(health)
            .chain(config.on_build.iter().cloned())
        {
            found.extend(in_command("command", &command));
        }
        for (idx, step) in facts.config.history.iter().enumerate() {
            found.extend(in_command(
                &format!("history step {}", idx + 1),
                &step.created_by,
            ));
        }
        found.sort();
        found.dedup();
        if found.is_empty() {
            return Outcome::pass(Text::fixed(
                "no secret was found in variables, labels, commands and history",
                "环境变量、标签、命令与构建历史中未发现敏感信息",
            ));
        }
        let count = found.len();
        Outcome::fail(
            Text::new(format!("{count} secrets in the configuration or the history"), format!("配置或构建历史中有 {count} 处敏感信息")),
            Remedy::Dockerfile {
                line: "RUN --mount=type=secret,id=token …".to_owned(),
                text: Text::fixed(
                    "replace the secret now, it is public to all who can pull; give secrets at run time, or to \
                     the build by a secret mount",
                    "立即更换该密钥,所有能拉取镜像的人都可见;改为运行时注入,或在构建时使用 secret 挂载",
                ),
            },
        )
        .with(found)
    }
}

fn shaped(place: &str, text: &str) -> Vec<Evidence> {
    let found = scan(text.as_bytes());
    if found.is_empty() {
        Vec::new()
    } else {
        vec![setting(format!("{place} {}", redact(text)))]
    }
}

/// Secrets in a command: by shape, and by the names of its assignments, where BuildKit and the old builder
/// (`|1 NAME=value /bin/sh -c …`) write build arguments too (T100).
fn in_command(place: &str, command: &str) -> Vec<Evidence> {
    let named: Vec<&str> = assignments(command)
        .into_iter()
        .filter(|found| judge_assignment(found.name, found.value).is_some())
        .map(|found| found.name)
        .collect();
    if named.is_empty() {
        return shaped(place, command);
    }
    named
        .into_iter()
        .map(|name| setting(format!("{place}: {name}=********")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::image::HistoryEntry;

    fn evidence(env: &[&str], history: &[&str]) -> Vec<String> {
        let mut facts = crate::samples::facts();
        facts.config.config.env = env.iter().map(|line| (*line).to_owned()).collect();
        facts.config.history = history
            .iter()
            .map(|line| HistoryEntry {
                created_by: (*line).to_owned(),
                ..HistoryEntry::default()
            })
            .collect();
        let outcome = crate::samples::run(&ConfigSecret, &facts);
        assert_eq!(outcome.answer == Answer::Fail, !outcome.evidence.is_empty());
        outcome
            .evidence
            .into_iter()
            .map(|evidence| evidence.detail.en.into_owned())
            .collect()
    }

    #[test]
    fn secrets_are_named_and_never_shown() {
        let found = evidence(
            &[
                "PATH=/usr/bin",
                "PASSWORD=secret123",
                "GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
            ],
            &[
                "|1 DB_PASSWORD=hunter2 /bin/sh -c make",
                "ARG DB_PASSWORD",
                "ENV DB_PASSWORD=${DB_PASSWORD}",
                "RUN /bin/sh -c git clone https://bot:s3cr3tpass@git.example/x # buildkit",
            ],
        );
        assert_eq!(
            found,
            [
                "Env PASSWORD=********",
                "history step 1: DB_PASSWORD=********",
                "history step 4 RUN /bin/sh -c git clone https://bot:********@git.example/x # buildkit",
            ]
        );
        assert!(evidence(&["PATH=/bin", "NGINX_VERSION=1.25.3"], &["CMD [\"nginx\"]"]).is_empty());
    }
}
