//! Secrets that stand in the file, known by their shape.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "secret-value",
        aliases: &["CIS-DI-0010"],
        title: Text::fixed("secret in the build file", "构建文件中含有密钥"),
        why: Text::fixed(
            "It is in the repository, in the history of the image and mostly in a layer; removing the line does not call it back.",
            "它存在于代码仓库、镜像历史,通常还在某一层中;删除该行也无法收回。",
        ),
        severity: Severity::Critical,
        references: &["CIS Docker Benchmark 1.6.0, 4.10", "requirements A 5.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        concat!("FROM debian:12\nENV WHO=AKIA", "Q3EGRIT7WPH4NLBX\n"),
        concat!(
            "FROM debian:12\nRUN git clone https://me:",
            "hunter2hunter2@example.org/x.git\n"
        ),
        concat!(
            "FROM debian:12\nLABEL pat=ghp",
            "_abcdefghijklmnopqrstuvwxyz0123456789\n"
        ),
        concat!(
            "FROM debian:12\nCOPY <<EOF /root/.ssh/id_rsa\n-----BEGIN RSA PRIVATE",
            " KEY-----\nMIIEowIBAAKCAQEAxJ5vQm9m0eXAMPLEexampleMIIEowIBAAKCAQEA\n-----END\nEOF\n"
        ),
    ],
    good: &[
        "FROM debian:12\nENV URL=https://example.org:8080/a@b\n",
        "FROM debian:12\nRUN git clone https://me:${TOKEN}@example.org/x.git\n",
        "FROM debian:12\nRUN grep -q 'BEGIN PRIVATE KEY' file\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for instruction in &file.instructions {
        let text = instruction.span.of(&file.text);
        let mut seen: Vec<(u32, &str)> = Vec::new();
        for secret in plimsoll_secrets::scan(text.as_bytes()) {
            if seen.contains(&(secret.line, secret.rule)) {
                continue;
            }
            seen.push((secret.line, secret.rule));
            let Text { en, zh } = &secret.title;
            let preview = &secret.preview;
            sink.report(
                instruction,
                line(text, instruction.span, secret.line),
                Text::new(
                    format!("a secret stands here: {en} `{preview}`"),
                    format!("此处含有密钥:{zh} `{preview}`"),
                ),
                Text::fixed(
                    "revoke it, and pass the new one with `RUN --mount=type=secret,id=… …`",
                    "请先吊销它,新密钥用 `RUN --mount=type=secret,id=… …` 传入",
                ),
            )
            .severity(secret.severity);
        }
    }
}

/// A line of an instruction, counted from 1, without the space around it.
fn line(text: &str, span: Span, number: u32) -> Span {
    let mut start = span.start;
    for (line, at) in text.split_inclusive('\n').zip(1_u32..) {
        if at == number {
            let cut = line.len().saturating_sub(line.trim_start().len());
            let begin = start.saturating_add(cut);
            return Span::new(begin, begin.saturating_add(line.trim().len()));
        }
        start = start.saturating_add(line.len());
    }
    span
}
