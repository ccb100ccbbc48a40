//! A download whose digest nobody compares.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::verifies;
use crate::commands::Call;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unchecked-download",
        aliases: &[],
        title: Text::fixed("RUN downloads without a checksum", "RUN 下载内容未校验"),
        why: Text::fixed(
            "The line is safe, the server may not be: what it serves tomorrow is built in unseen.",
            "连接是安全的,服务器未必:它明天提供什么,就会构建什么。",
        ),
        severity: Severity::Low,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN curl -fsSL -o /usr/bin/x https://example.org/x && chmod +x /usr/bin/x\n",
        "FROM debian:12\nRUN wget -q https://example.org/x.tar.gz\n",
        "FROM debian:12\nRUN curl -fsSL https://example.org/x.tgz | tar xz\n",
    ],
    good: &[
        "FROM debian:12\nRUN curl -fsSLo x https://example.org/x && echo \"$SUM  x\" | sha256sum -c -\n",
        "FROM debian:12\nRUN wget -q https://example.org/x https://example.org/x.asc && gpg --verify x.asc x\n",
        "FROM debian:12\nRUN curl -fsS https://example.org/version\n",
        "FROM debian:12\nRUN curl -fsSL https://example.org/key.asc | gpg --dearmor -o /etc/apt/keyrings/x.gpg\n",
    ],
};

/// Endings of what is unpacked, installed or run.
const ENDINGS: &[&str] = &[
    ".tar",
    ".tgz",
    ".gz",
    ".xz",
    ".bz2",
    ".zst",
    ".zip",
    ".deb",
    ".rpm",
    ".apk",
    ".jar",
    ".war",
    ".sh",
    ".run",
    ".bin",
    ".whl",
    ".exe",
    ".msi",
    ".AppImage",
    ".phar",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        if verifies(run) {
            continue;
        }
        let makes_executable = run.calls.iter().any(|call| call.program == "chmod");
        for call in &run.calls {
            if !is_download(call, makes_executable) {
                continue;
            }
            sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "nothing compares what this downloads with what it should be",
                    "没有校验这里下载的内容是否正确",
                ),
                Text::fixed(
                    "compare its digest in the same `RUN` (`echo \"<sha256>  file\" | sha256sum -c`), or write `ADD --checksum=sha256:… https://…`",
                    "请在同一条 `RUN` 中校验摘要(`echo \"<sha256>  file\" | sha256sum -c`),或写 `ADD --checksum=sha256:… https://…`",
                ),
            );
        }
    }
}

/// Whether it fetches something that is unpacked, installed or run.
fn is_download(call: &Call, makes_executable: bool) -> bool {
    if !matches!(call.program.as_str(), "curl" | "wget") {
        return false;
    }
    call.arguments.iter().any(|word| {
        let url = word.text.split(['?', '#']).next().unwrap_or_default();
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        let writes = call.program == "wget"
            || call.arguments.iter().any(|word| {
                let is_short = word.text.starts_with('-') && !word.text.starts_with("--");
                is_short && word.text.contains(['o', 'O'])
                    || word.text.starts_with("--output")
                    || word.text == "--remote-name"
            });
        is_url && (ENDINGS.iter().any(|end| url.ends_with(end)) || makes_executable && writes)
    })
}
