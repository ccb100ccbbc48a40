//! Variables that switch off the verification of certificates.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::Span;
use crate::ast::{Instruction, Kind};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Word;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "disabled-verification-env",
        aliases: &[],
        title: Text::fixed(
            "variable that switches off the verification of certificates",
            "关闭证书校验的变量",
        ),
        why: Text::fixed(
            "Whoever stands between the program and the server can read and change everything; set by `ENV`, that holds in production too.",
            "处于程序与服务器之间的人可以读取并篡改所有内容;若由 `ENV` 设置,生产环境同样如此。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM node:22\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n",
        "FROM debian:12\nENV GIT_SSL_NO_VERIFY true\n",
        "FROM debian:12\nARG PYTHONHTTPSVERIFY=0\n",
        "FROM debian:12\nRUN export GIT_SSL_NO_VERIFY=1 && git clone https://example.org/x\n",
        "FROM node:22\nRUN NPM_CONFIG_STRICT_SSL=false npm ci\n",
    ],
    good: &[
        "FROM node:22\nENV NODE_TLS_REJECT_UNAUTHORIZED=1\n",
        "FROM debian:12\nENV GIT_SSL_NO_VERIFY=false PYTHONHTTPSVERIFY=1\n",
        "FROM debian:12\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/ours.pem\n",
        "FROM debian:12\nRUN echo NODE_TLS_REJECT_UNAUTHORIZED=0\n",
    ],
};

/// Which value switches it off.
#[derive(Debug, Clone, Copy)]
enum Off {
    /// A "no".
    No,
    /// A "yes".
    Yes,
    /// Anything but nothing.
    Any,
}

/// The manuals of the programs say so.
const VARIABLES: &[(&str, Off)] = &[
    ("NODE_TLS_REJECT_UNAUTHORIZED", Off::No),
    ("PYTHONHTTPSVERIFY", Off::No),
    ("GIT_SSL_NO_VERIFY", Off::Yes),
    ("NPM_CONFIG_STRICT_SSL", Off::No),
    ("YARN_ENABLE_STRICT_SSL", Off::No),
    ("PERL_LWP_SSL_VERIFY_HOSTNAME", Off::No),
    ("BUNDLE_SSL_VERIFY_MODE", Off::No),
    ("CONDA_SSL_VERIFY", Off::No),
    ("VAULT_SKIP_VERIFY", Off::Yes),
    ("CONSUL_HTTP_SSL_VERIFY", Off::No),
    ("DOCKER_TLS_VERIFY", Off::No),
    ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", Off::Yes),
    ("UV_INSECURE_HOST", Off::Any),
    ("PIP_TRUSTED_HOST", Off::Any),
    ("GOINSECURE", Off::Any),
    ("HEX_UNSAFE_HTTPS", Off::Yes),
];

fn is_off(name: &str, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let known = VARIABLES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.is_some_and(|(_, off)| match off {
        Off::No => matches!(value.as_str(), "0" | "false" | "no" | "off"),
        Off::Yes => matches!(value.as_str(), "1" | "true" | "yes" | "on"),
        Off::Any => !value.is_empty(),
    })
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let instruction = placed.instruction;
        if let Kind::Env(pairs) | Kind::Arg(pairs) = &instruction.kind {
            for pair in pairs {
                let value = pair.value.as_ref().map(|value| value.unquoted(file.escape));
                if is_off(&pair.name.text, &value.unwrap_or_default()) {
                    report(sink, instruction, pair.span, &pair.name.text);
                }
            }
        }
        let Some(form) = instruction.run() else {
            continue;
        };
        for seen in form.script.commands() {
            for assignment in &seen.command.assignments {
                let value = assignment.word().and_then(Word::literal);
                if is_off(&assignment.name, &value.unwrap_or_default()) {
                    report(
                        sink,
                        instruction,
                        form.span(assignment.span),
                        &assignment.name,
                    );
                }
            }
            if !seen.command.runs_any(&["export", "env", "declare"]) {
                continue;
            }
            for word in seen.command.args() {
                let text = word.literal().unwrap_or_default();
                if let Some((name, value)) = text.split_once('=')
                    && is_off(name, value)
                {
                    report(sink, instruction, form.span(word.span), name);
                }
            }
        }
    }
}

fn report(sink: &mut Sink<'_>, instruction: &Instruction, span: Span, name: &str) {
    sink.report(
        instruction,
        span,
        Text::new(
            format!("`{name}` makes programs trust whatever answers"),
            format!("`{name}` 使程序信任任意应答方"),
        ),
        Text::fixed(
            "remove it, and add the certificate of your own authority instead: `update-ca-certificates`, `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`",
            "请删除它,改为添加自有 CA 的证书:`update-ca-certificates`、`NODE_EXTRA_CA_CERTS`、`SSL_CERT_FILE`",
        ),
    );
}
