//! `ADD https://…` without `--checksum`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_git, is_remote, transfers, value};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unverified-add",
        aliases: &[],
        title: Text::fixed("download without a checksum", "下载内容未校验"),
        why: Text::fixed(
            "What the address serves tomorrow is built in unseen, and so is what somebody between puts in its place.",
            "该地址明天提供什么就会构建什么,中间人替换的内容也一样。",
        ),
        severity: Severity::Medium,
        references: &[
            "Dockerfile reference, ADD --checksum",
            "CIS Docker Benchmark 1.6.0, 4.11",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nADD https://example.org/app /app\n",
        "FROM debian:12.5\nARG V=1\nADD https://example.org/app-$V.tgz /app/\n",
        "FROM debian:12.5\nADD https://github.com/example/app.git /src\n",
        "FROM debian:12.5\nADD https://github.com/example/app.git#v1.2 /src\n",
    ],
    good: &[
        "FROM debian:12.5\nADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa https://example.org/app /app\n",
        "FROM debian:12.5\nADD https://github.com/example/app.git#0123456789abcdef0123456789abcdef01234567 /src\n",
        "FROM debian:12.5\nADD app.tgz /app\n",
        "FROM debian:12.5\nCOPY https/a /b\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, is_add) in transfers(file) {
        if !is_add
            || placed
                .instruction
                .flag("checksum")
                .is_some_and(|flag| !flag.value().is_empty())
        {
            continue;
        }
        for source in &transfer.sources {
            let (address, _) = value(file, &placed, source);
            if !is_remote(&address) || is_commit(&address) {
                continue;
            }
            let suggestion = if is_git(&address) {
                Text::fixed(
                    "name a commit behind the address: `….git#0123…`, 40 digits",
                    "请在地址后写明提交:`….git#0123…`,共 40 位",
                )
            } else {
                Text::fixed(
                    "say what has to come: `ADD --checksum=sha256:… URL`",
                    "请写明预期的内容:`ADD --checksum=sha256:… URL`",
                )
            };
            sink.report(
                placed.instruction,
                source.span,
                Text::fixed(
                    "nothing says what has to come from here",
                    "没有说明此地址应返回什么内容",
                ),
                suggestion,
            );
        }
    }
}

/// Whether an address of Git names a commit, which is its own checksum.
fn is_commit(address: &str) -> bool {
    let fragment = address.rsplit_once('#').map(|(_, fragment)| fragment);
    let commit = fragment
        .and_then(|fragment| fragment.split(':').next())
        .unwrap_or_default();
    matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit())
}
