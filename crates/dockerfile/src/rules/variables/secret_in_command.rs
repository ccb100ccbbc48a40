//! Secrets that are handed to programs in `RUN`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};
use plimsoll_secrets::judge_assignment;

use super::names;
use crate::Span;
use crate::ast::ShellForm;
use crate::commands::{Argument, Call, Run};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Command, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "secret-in-command",
        aliases: &["DS-0031"],
        title: Text::fixed("secret in a command of RUN", "RUN 的命令中含有密钥"),
        why: Text::fixed(
            "Every command is in the history of the image as it is written, and what it logs in to is often saved in the layer.",
            "每条命令都会原样写入镜像历史,登录信息还常常保存在该层中。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.10",
            "Docker manual, Build secrets",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN curl -u me:hunter2 https://example.org/x\n",
        "FROM debian:12\nRUN export NPM_TOKEN=abc123 && npm ci\n",
        "FROM debian:12\nRUN DB_PASSWORD=abc123 make\n",
        "FROM debian:12\nRUN TOKEN=abc123; make\n",
        "FROM debian:12\nRUN curl -H 'Authorization: Bearer abc123' https://example.org/x\n",
        "FROM debian:12\nRUN [\"docker\", \"login\", \"-u\", \"me\", \"-p\", \"hunter2\"]\n",
        "FROM debian:12\nRUN tool --password=hunter2 --token abc123\n",
        "FROM debian:12\nRUN echo 'root:hunter2' | chpasswd\n",
        "FROM debian:12\nRUN echo hunter2 | passwd --stdin root\n",
        "FROM debian:12\nRUN mysql -phunter2 && sshpass -p hunter2 scp a b:\n",
        "FROM debian:12\nRUN npm config set //registry.example.org/:_authToken=abc123\n",
        "FROM debian:12\nRUN aws configure set aws_secret_access_key abc123\n",
        "FROM debian:12\nRUN az login -u me -p hunter2\n",
        "FROM debian:12\nRUN gcloud auth activate-service-account --key-file=/key.json\n",
    ],
    good: &[
        "FROM debian:12\nRUN --mount=type=secret,id=t curl -u me:$(cat /run/secrets/t) https://example.org/x\n",
        "FROM debian:12\nRUN --mount=type=secret,id=t,env=T curl -H \"Authorization: Bearer $T\" https://example.org/x\n",
        "FROM debian:12\nRUN export TOKEN_FILE=/run/secrets/t PASSWORD=\"$(cat /run/secrets/p)\"\n",
        "FROM debian:12\nRUN adduser --disabled-password app && useradd -p '!' b\n",
        "FROM debian:12\nRUN tool --password-file /run/secrets/p --token=\"$TOKEN\" --password true\n",
        "FROM debian:12\nRUN echo \"root:$PASSWORD\" | chpasswd && mysql -p && az login --identity\n",
        "FROM debian:12\nRUN curl -u me: https://example.org && curl -H 'Accept: text/plain' https://example.org\n",
    ],
};

/// Flags that are followed by a secret, whatever the program.
const FLAGS: &[&str] = &[
    "password",
    "passwd",
    "http-password",
    "ftp-password",
    "proxy-password",
    "db-password",
    "admin-password",
    "root-password",
    "token",
    "access-token",
    "auth-token",
    "api-key",
    "apikey",
    "api-token",
    "client-secret",
    "secret-key",
    "secret-access-key",
];

/// Short flags with a secret of programs, and the first word behind the program, if it has to be one.
const SHORT: &[(&str, Option<&str>, &str)] = &[
    ("docker", Some("login"), "p"),
    ("podman", Some("login"), "p"),
    ("buildah", Some("login"), "p"),
    ("skopeo", Some("login"), "p"),
    ("helm", Some("registry"), "p"),
    ("az", Some("login"), "p"),
    ("oc", Some("login"), "p"),
    ("doctl", Some("auth"), "t"),
    ("sshpass", None, "p"),
    ("useradd", None, "p"),
    ("usermod", None, "p"),
    ("redis-cli", None, "a"),
    ("mysql", None, "p"),
    ("mysqladmin", None, "p"),
    ("mysqldump", None, "p"),
    ("mariadb", None, "p"),
];

/// Headers whose value is a secret, in lower case.
const HEADERS: &[&str] = &[
    "authorization",
    "private-token",
    "job-token",
    "x-api-key",
    "x-auth-token",
    "x-vault-token",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let last = context.file.stages.len().checked_sub(1);
    for run in context.runs {
        for call in &run.calls {
            if call.program == "gcloud" && mounts_secret(run) {
                continue;
            }
            if let Some(span) = find(call) {
                let is_trivys = is_trivys(run, call) && run.stage == last && !run.onbuild;
                report(sink, run, span, is_trivys);
            }
        }
        let Some(form) = run.instruction.run() else {
            continue;
        };
        for seen in form.script.commands() {
            // Those before a program belong to its call.
            for assignment in seen
                .command
                .assignments
                .iter()
                .filter(|_| seen.command.words.is_empty())
            {
                let value = assignment.word().and_then(Word::literal);
                if value.is_some_and(|value| is_assigned(&assignment.name, &value)) {
                    report(sink, run, form.span(assignment.span), false);
                }
            }
        }
        if let Some(span) = piped(form) {
            report(sink, run, span, false);
        }
    }
}

fn report(sink: &mut Sink<'_>, run: &Run<'_>, span: Span, is_trivys: bool) {
    let mut found = sink.report(
        run.instruction,
        span,
        Text::fixed(
            "a secret is written into this command, or left in the layer by it",
            "此命令中直接写入了密钥,或会把密钥留在该层中",
        ),
        Text::fixed(
            "revoke it, and write `RUN --mount=type=secret,id=token,env=TOKEN …` with `$TOKEN` in its place",
            "请先吊销它,再改用 `RUN --mount=type=secret,id=token,env=TOKEN …` 并以 `$TOKEN` 代替",
        ),
    );
    if !is_trivys {
        found.aliases(&[]);
    }
}

/// Whether a text is written out and may be a secret.
fn is_secret(value: &str) -> bool {
    !value.contains("${VAR}") && judge_assignment("PASSWORD", value).is_some()
}

/// Whether a text is written out, and no path or mark that locks a password (`!`, `*`).
fn is_written(value: &str) -> bool {
    !value.is_empty() && !value.contains("${VAR}") && !value.starts_with(['!', '*', '/', '-', '<'])
}

fn is_assigned(name: &str, value: &str) -> bool {
    let is_promised = names::promise(name) == Some(names::Promise::Strong);
    is_promised && !names::is_harmless(name, value) && is_secret(value)
}

/// Where the first secret of a call stands.
fn find(call: &Call) -> Option<Span> {
    if call
        .assigned
        .iter()
        .any(|(name, value)| is_assigned(name, value))
    {
        return Some(call.span);
    }
    let program = call.program.as_str();
    let words = &call.arguments;
    if matches!(program, "export" | "declare") {
        let mut words = words.iter();
        let found = words.find(|word| {
            let pair = word.text.split_once('=');
            pair.is_some_and(|(name, value)| is_assigned(name, value))
        });
        return found.map(|word| word.span);
    }
    let mut valued: Vec<&str> = FLAGS.to_vec();
    let short = SHORT.iter().find(|(name, first, _)| {
        let is_first = |first: &str| words.first().is_some_and(|word| word.text == first);
        *name == program && first.is_none_or(is_first)
    });
    let letter = short.map_or("", |(_, _, letter)| *letter);
    // `mysql -p` asks where nothing is glued to it.
    let asks = program.starts_with("mysql") || program == "mariadb";
    if !letter.is_empty() && !asks {
        valued.push(letter);
    }
    let parsed = call.parse(&valued);
    let by_name = parsed.flags.iter().find(|flag| {
        let value = flag.value.unwrap_or_default();
        // A login or a tool whose flag is nothing but a secret: whatever stands there is one.
        let is_short = flag.name == letter && !letter.is_empty() && !asks && is_written(value);
        is_short || FLAGS.contains(&flag.name) && is_secret(value)
    });
    if let Some(flag) = by_name {
        return Some(flag.argument.span);
    }
    match program {
        "curl" | "wget" | "http" => header_or_user(call),
        "mysql" | "mysqladmin" | "mysqldump" | "mariadb" => glued(words, "-p"),
        "npm" | "yarn" | "pnpm" => npm(words),
        "aws" => aws(words),
        "gcloud" => {
            let is_login = words
                .get(..2)?
                .iter()
                .map(|word| word.text.as_str())
                .eq(["auth", "activate-service-account"]);
            is_login.then_some(call.span)
        }
        "openssl" => words
            .iter()
            .find(|word| word.text.strip_prefix("pass:").is_some_and(is_secret))
            .map(|word| word.span),
        _ => None,
    }
}

/// `-u user:password` and `-H 'Authorization: …'`.
fn header_or_user(call: &Call) -> Option<Span> {
    let valued = [
        "u",
        "user",
        "U",
        "proxy-user",
        "H",
        "header",
        "o",
        "O",
        "output",
        "X",
        "request",
        "d",
        "data",
    ];
    let parsed = call.parse(&valued);
    let found = parsed.flags.iter().find(|flag| {
        let value = flag.value.unwrap_or_default();
        match flag.name {
            "u" | "user" | "U" | "proxy-user" if call.program != "wget" => value
                .split_once(':')
                .is_some_and(|(_, password)| is_secret(password)),
            "H" | "header" => value.split_once(':').is_some_and(|(name, value)| {
                let secret = value.split_whitespace().last().unwrap_or_default();
                HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()) && is_secret(secret)
            }),
            _ => false,
        }
    });
    found.map(|flag| flag.argument.span)
}

fn glued(words: &[Argument], flag: &str) -> Option<Span> {
    let mut words = words.iter();
    let found = words.find(|word| {
        let value = word.text.strip_prefix(flag);
        value.is_some_and(|value| !value.is_empty() && is_secret(value))
    });
    found.map(|word| word.span)
}

/// `npm config set //registry/:_authToken=…`, with `=` or as two words.
fn npm(words: &[Argument]) -> Option<Span> {
    words.iter().enumerate().find_map(|(at, word)| {
        let (key, value) = match word.text.split_once('=') {
            Some((key, value)) => (key, value),
            None => (
                word.text.as_str(),
                words.get(at.checked_add(1)?)?.text.as_str(),
            ),
        };
        let is_key = ["_authToken", "_auth", "_password"]
            .iter()
            .any(|end| key.ends_with(end));
        (is_key && is_secret(value)).then_some(word.span)
    })
}

/// `aws configure set aws_secret_access_key …`
fn aws(words: &[Argument]) -> Option<Span> {
    let texts: Vec<&str> = words
        .iter()
        .take(4)
        .map(|word| word.text.as_str())
        .collect();
    let keys = [
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
    ];
    match texts.as_slice() {
        ["configure", "set", key, value] if keys.contains(key) && is_secret(value) => {
            words.get(3).map(|word| word.span)
        }
        _ => None,
    }
}

/// `echo user:password | chpasswd`, `echo password | passwd --stdin user`
fn piped(form: &ShellForm) -> Option<Span> {
    form.script.pipelines().into_iter().find_map(|place| {
        place.pipeline.commands.windows(2).find_map(|pair| {
            let [Command::Simple(from), Command::Simple(to)] = pair else {
                return None;
            };
            let to = to.effective().invocation;
            let takes_pairs = to.runs("chpasswd");
            let takes_password = to.runs("passwd") && to.has_arg("--stdin");
            if !(takes_pairs || takes_password) || !from.runs_any(&["echo", "printf"]) {
                return None;
            }
            let found = from.args().iter().find(|word| {
                let text = word.outline();
                let text = text.trim_end_matches("\\n");
                let secret = if takes_pairs {
                    text.split_once(':').map(|(_, secret)| secret)
                } else {
                    Some(text).filter(|text| !text.starts_with('-'))
                };
                secret.is_some_and(|secret| !secret.contains('%') && is_secret(secret))
            })?;
            Some(form.span(found.span))
        })
    })
}

/// The logins that Trivy knows.
fn is_trivys(run: &Run<'_>, call: &Call) -> bool {
    let is_known = match call.program.as_str() {
        "az" | "gcloud" => true,
        "doctl" => call.has_word("init"),
        "aws" => call.has_word("aws_access_key_id") || call.has_word("aws_secret_access_key"),
        _ => false,
    };
    let is_json = run.instruction.arguments.text().starts_with('[');
    is_known && !mounts_secret(run) && !is_json
}

/// Whether a secret is mounted, from which the program may have what it needs.
fn mounts_secret(run: &Run<'_>) -> bool {
    run.instruction.flags.iter().any(|flag| {
        let mut fields = flag.fields();
        flag.name == "mount" && fields.any(|(key, value)| key == "type" && value == "secret")
    })
}
