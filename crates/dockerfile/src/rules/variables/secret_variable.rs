//! Secrets that `ARG` and `ENV` pass, known by the name of the variable.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::names;
use crate::ast::{Kind, Pair, Placed};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "secret-variable",
        aliases: &["DL3064", "DS-0031", "SecretsUsedInArgOrEnv", "CIS-DI-0010"],
        title: Text::fixed(
            "secret passed through ARG or ENV",
            "通过 ARG 或 ENV 传递密钥",
        ),
        why: Text::fixed(
            "`ENV` is in the configuration of the image and `ARG` in its history and provenance: whoever can pull the image can read both.",
            "`ENV` 写入镜像配置,`ARG` 留在镜像历史与来源证明中:能拉取镜像的人都能读到。",
        ),
        severity: Severity::High,
        references: &[
            "requirements A 5.2",
            "CIS Docker Benchmark 1.6.0, 4.10",
            "Docker manual, Build secrets",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM ubuntu:20.04\nARG DB_PASSWORD\nENV DB_PASSWORD=${DB_PASSWORD}\n",
        "FROM debian:12\nENV PASSWORD=secret123\n",
        "FROM debian:12\nENV SSH_KEY=abc\n",
        "FROM debian:12\nARG NPM_TOKEN=\n",
        "FROM debian:12\nENV API_KEY=\"\"\n",
        "FROM debian:12\nENV MYSQL_PWD=abc PGPASSWORD=def\n",
        "ARG AWS_SECRET_ACCESS_KEY\nFROM debian:12\n",
        "FROM debian:12\nONBUILD ARG GITHUB_TOKEN\n",
    ],
    good: &[
        "FROM python:3\nENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D\n",
        "FROM nginx:1\nENV NGINX_GPGKEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62\n",
        "FROM debian:12\nENV KEYS=\"a b\" SSH_PUBLIC_KEY=abc TOKENIZER=bert SECRETARY=eve\n",
        "FROM debian:12\nENV DB_PASSWORD_FILE=/run/secrets/db TOKEN_URL=https://a TOKEN_TTL=60\n",
        "FROM debian:12\nENV ALLOW_EMPTY_PASSWORD=yes POSTGRES_HOST_AUTH_METHOD=trust SSL_KEY=/etc/ssl/k.pem\n",
        "FROM debian:12\nENV PASSWORD_MIN_LENGTH=8 CACHE_KEY=v1 AUTH_USER=me\n",
        "FROM debian:12\nRUN --mount=type=secret,id=token,env=TOKEN make\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let (Kind::Env(pairs) | Kind::Arg(pairs)) = &placed.instruction.kind else {
            continue;
        };
        let is_env = matches!(placed.instruction.kind, Kind::Env(_));
        for pair in pairs {
            look(context, sink, &placed, pair, is_env);
        }
    }
}

/// What stands behind the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// Nothing: whoever builds passes it.
    Nothing,
    /// An empty text.
    Empty,
    /// Another variable.
    Reference,
    /// A text.
    Text,
}

fn look(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    placed: &Placed<'_>,
    pair: &Pair,
    is_env: bool,
) {
    let file = context.file;
    let name = pair.name.unquoted(file.escape);
    let value = pair.value.as_ref().map(|value| value.unquoted(file.escape));
    let Some(promise) = names::promise(&name) else {
        return;
    };
    let given = match value.as_deref() {
        None => Given::Nothing,
        Some("") => Given::Empty,
        Some(text) if names::is_harmless(&name, text) => return,
        Some(text) if text.starts_with('$') => Given::Reference,
        Some(_) => Given::Text,
    };
    let severity = match (given, promise) {
        (Given::Empty, _) if is_env => Severity::Low,
        (_, names::Promise::Weak) => Severity::Medium,
        (Given::Text, _) => Severity::Critical,
        _ => Severity::High,
    };
    let shown: String = name.chars().take(60).collect();
    let message = match (is_env, given) {
        (true, Given::Empty) => Text::new(
            format!(
                "the secret `{shown}` is expected in the environment, where every process and `docker inspect` shows it"
            ),
            format!("期望通过环境变量传入密钥 `{shown}`,所有进程以及 `docker inspect` 都能看到"),
        ),
        (true, Given::Reference) => Text::new(
            format!("the secret `{shown}` gets from the build into the configuration of the image"),
            format!("密钥 `{shown}` 会从构建环境写入镜像配置"),
        ),
        (true, _) => Text::new(
            format!("the secret `{shown}` is in the configuration of the image"),
            format!("密钥 `{shown}` 写入了镜像配置"),
        ),
        (false, Given::Text) => Text::new(
            format!(
                "the secret `{shown}` stands in the build file and in the history of the image"
            ),
            format!("密钥 `{shown}` 写在构建文件中,并留在镜像历史里"),
        ),
        (false, _) => Text::new(
            format!("the secret `{shown}` stays in the history of the image"),
            format!("密钥 `{shown}` 会留在镜像历史中"),
        ),
    };
    let id = shown.to_ascii_lowercase();
    sink.report(placed.instruction, pair.span, message, Text::new(
        format!("for the build, write `RUN --mount=type=secret,id={id} …` and read `/run/secrets/{id}`; at run time, mount it as a file"),
        format!("构建时请用 `RUN --mount=type=secret,id={id} …` 并读取 `/run/secrets/{id}`;运行时请以文件形式挂载"),
    ))
    .severity(severity)
    .aliases(&aliases(context, placed, &name, pair));
}

/// The peers that say the same of this name.
fn aliases(
    context: &Context<'_>,
    placed: &Placed<'_>,
    name: &str,
    pair: &Pair,
) -> Vec<&'static str> {
    let last = context.file.stages.len().checked_sub(1);
    let is_final = placed.stage == last && !placed.onbuild;
    // Of an `ARG` hadolint reads the first name.
    let is_first = match &placed.instruction.kind {
        Kind::Arg(pairs) => pairs.first().is_some_and(|first| first.span == pair.span),
        _ => true,
    };
    let is_quoted = pair.span.of(&context.file.text).starts_with(['"', '\'']);
    let mut found = Vec::new();
    if names::is_hadolints(name) && is_first {
        found.push("DL3064");
    }
    if names::is_buildkits(name) {
        // Trivy looks at the last stage alone, and at no name in quotes.
        if is_final && !is_quoted {
            found.push("DS-0031");
        }
        if placed.stage.is_some() && !placed.onbuild {
            found.push("SecretsUsedInArgOrEnv");
        }
    }
    if matches!(placed.instruction.kind, Kind::Env(_)) && !placed.onbuild {
        found.push("CIS-DI-0010");
    }
    found
}
