//! `ADD http://…`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{transfers, value};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "plain-http-add",
        aliases: &[],
        title: Text::fixed("download over an open line", "通过明文连接下载"),
        why: Text::fixed(
            "Anybody on the way can put another file in its place, and the image then runs it.",
            "传输路径上的任何人都能替换文件,而镜像会运行它。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nADD http://example.org/app /app\n",
        "FROM debian:12.5\nADD git://example.org/app.git /app\n",
    ],
    good: &[
        "FROM debian:12.5\nADD https://example.org/app /app\n",
        "FROM debian:12.5\nADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa http://example.org/app /app\n",
        "FROM debian:12.5\nADD http://localhost:8000/app /app\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, is_add) in transfers(file) {
        // With a checksum, nobody on the way can change anything.
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
            let lower = address.trim_start_matches(['"', '\'']).to_ascii_lowercase();
            let rest = ["http://", "git://"]
                .iter()
                .find_map(|scheme| lower.strip_prefix(scheme));
            let Some(rest) = rest else { continue };
            let host = rest.split(['/', ':']).next().unwrap_or_default();
            if matches!(host, "localhost" | "127.0.0.1" | "[") {
                continue;
            }
            sink.report(
                placed.instruction,
                source.span,
                Text::new(
                    format!("nothing protects the way from `{host}`"),
                    format!("与 `{host}` 之间的传输没有任何保护"),
                ),
                Text::fixed(
                    "take the `https` address, and say what has to come with `--checksum`",
                    "请使用 `https` 地址,并用 `--checksum` 写明预期内容",
                ),
            );
        }
    }
}
