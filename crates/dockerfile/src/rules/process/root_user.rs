//! The image runs as root.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{User, effective, is_windows, last_from, last_image, user};
use crate::ast::{Dockerfile, Kind, Placed, Token};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "root-user",
        aliases: &["DL3002", "DS-0002", "CIS-DI-0001"],
        title: Text::fixed("image runs as root", "镜像以 root 身份运行"),
        why: Text::fixed(
            "What breaks out of a process of root is root on the host but for the last lines of defence; and clusters \
             that forbid root do not start the image.",
            "root 进程一旦逃逸,距主机 root 只差最后几道防线;禁止 root 的集群也无法启动该镜像。",
        ),
        severity: Severity::High,
        references: &[
            "requirements B 1.4, veto 4",
            "CIS Docker Benchmark 1.6.0, 4.1",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\n",
        "FROM debian:12.5\nUSER app\nUSER root\n",
        "FROM debian:12.5\nUSER 00\n",
        "FROM debian:12.5\nUSER 0:1000\n",
        "FROM debian:12.5\nARG WHO=root\nUSER ${WHO}\n",
        "FROM debian:12.5 AS base\nUSER root\nFROM base\nRUN true\n",
        "FROM debian:12.5\nONBUILD USER app\n",
        "FROM debian:12.5\nARG WHO\nUSER $WHO\n",
        "FROM scratch\nCOPY app /app\n",
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nUSER ContainerAdministrator\n",
    ],
    good: &[
        "FROM debian:12.5\nUSER 10001:10001\n",
        "FROM debian:12.5\nUSER root\nRUN true\nUSER app\n",
        "FROM debian:12.5 AS base\nUSER app\nFROM base\nRUN true\n",
        "FROM debian:12.5\nARG WHO\nUSER ${WHO:-app}\n",
        "FROM gcr.io/distroless/static-debian12:nonroot\n",
        "FROM gcr.io/distroless/cc:nonroot@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let Some((placed, word)) = last_user(file) else {
        return without_user(file, sink);
    };
    let written = &word.text;
    match user(file, &placed, word) {
        User::Root => {
            // The peers read what is written, without quotes, variables and other spellings of 0.
            let name = written.split(':').next().unwrap_or_default();
            let aliases: &[_] = match name {
                "root" | "0" => &["DL3002", "DS-0002", "CIS-DI-0001"],
                _ => &["CIS-DI-0001"],
            };
            sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("the image runs as root: `USER {written}` holds at the end"),
                    format!("镜像以 root 身份运行:最后生效的是 `USER {written}`"),
                ),
                advice(file),
            )
            .aliases(aliases);
        }
        User::Open => {
            sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("this file does not say who `{written}` is; it may be root"),
                    format!("本文件没有说明 `{written}` 是谁,可能是 root"),
                ),
                Text::fixed(
                    "write a number other than 0, or give the variable such a default",
                    "请直接写非 0 的数字,或为该变量设置这样的默认值",
                ),
            )
            .aliases(&[])
            .severity(Severity::Low);
        }
        User::Number | User::Name(_) => {}
    }
}

fn last_user(file: &Dockerfile) -> Option<(Placed<'_>, &Token)> {
    let placed = effective(file, |kind| matches!(kind, Kind::User(_)))?;
    match &placed.instruction.kind {
        Kind::User(word) => Some((placed, word)),
        _ => None,
    }
}

fn without_user(file: &Dockerfile, sink: &mut Sink<'_>) {
    let Some(from) = last_from(file) else {
        return;
    };
    let image = last_image(file);
    // By their makers' word these begin as another user than root.
    let tagged = image.split('@').next().unwrap_or_default();
    let (name, tag) = tagged.rsplit_once(':').unwrap_or((tagged, ""));
    if tag.contains("nonroot") || name.ends_with("-unprivileged") {
        return;
    }
    let message = if image == "scratch" {
        Text::fixed(
            "nothing says who runs the image, which means root",
            "没有指定运行用户,默认以 root 运行",
        )
    } else {
        Text::new(
            format!(
                "no `USER` says who runs the image, so that it is root unless `{image}` says otherwise"
            ),
            format!("没有 `USER` 指定运行用户;除非 `{image}` 另有设置,否则以 root 运行"),
        )
    };
    // Trivy takes the last `USER` of any stage for that of the image.
    let is_user = |kind: &Kind| matches!(kind, Kind::User(_));
    let somewhere = file
        .walk()
        .any(|placed| !placed.onbuild && is_user(&placed.instruction.kind));
    let aliases: &[_] = if somewhere {
        &["CIS-DI-0001"]
    } else {
        &["DS-0002", "CIS-DI-0001"]
    };
    sink.report(from, from.span, message, advice(file))
        .aliases(aliases);
}

/// The lines that make a user, for the family of the base.
fn advice(file: &Dockerfile) -> Text {
    let image = last_image(file).to_ascii_lowercase();
    let repository = image.rsplit('/').next().unwrap_or_default().to_owned();
    let lines = if is_windows(file, &image) {
        "USER ContainerUser"
    } else if image == "scratch" || image.contains("distroless") {
        "USER 65532:65532"
    } else if repository.starts_with("node:") || repository == "node" {
        "USER 1000:1000"
    } else if repository.contains("alpine") || repository.contains("busybox") {
        "RUN addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app app` / `USER 10001:10001"
    } else {
        "RUN groupadd -r -g 10001 app && useradd -r -M -u 10001 -g app app` / `USER 10001:10001"
    };
    Text::new(
        format!("end the last stage with a user that is not root: `{lines}`"),
        format!("请在最后一个阶段末尾切换到非 root 用户:`{lines}`"),
    )
}
