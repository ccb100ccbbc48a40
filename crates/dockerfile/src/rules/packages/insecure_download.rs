//! Downloads without a proof of the server.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::Call;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "insecure-download",
        aliases: &[],
        title: Text::fixed(
            "download without verifying the server",
            "下载时不验证服务器",
        ),
        why: Text::fixed(
            "Without the certificate, whoever sits between the build and the server decides what is downloaded.",
            "不验证证书时,任何位于构建机与服务器之间的人都能决定下载的内容。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.11",
            "curl(1), \"--insecure\"",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN curl -k https://example.org/x -o /x\n",
        "FROM debian:12\nRUN curl -fsSLk https://example.org/x | tar x\n",
        "FROM debian:12\nRUN [\"wget\", \"--no-check-certificate\", \"https://example.org/x\"]\n",
        "FROM debian:12\nRUN sudo curl --insecure https://example.org/x\n",
    ],
    good: &[
        "FROM debian:12\nRUN curl -fsSL https://example.org/x -o k && wget -q https://example.org/k\n",
        "FROM debian:12\nRUN curl -H k -ok https://example.org/x && echo curl -k\n",
    ],
};

/// Letters of `curl` that take a value (curl(1)).
const VALUED: &[&str] = &[
    "A", "b", "c", "C", "d", "D", "e", "E", "F", "h", "H", "K", "m", "o", "P", "Q", "r", "t", "T",
    "u", "U", "w", "x", "X", "y", "Y", "z",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in &run.calls {
            let Some((span, flag)) = insecure(call) else {
                continue;
            };
            sink.report(
                run.instruction,
                span,
                Text::new(
                    format!("`{} {flag}` takes the file from whoever answers", call.program),
                    format!("`{} {flag}` 会接受任何应答者提供的文件", call.program),
                ),
                Text::fixed(
                    "take the flag away; install `ca-certificates` or the server's own authority, and compare a checksum",
                    "请移除该参数;安装 `ca-certificates` 或服务器自己的证书颁发机构,并比对校验和",
                ),
            );
        }
    }
}

fn insecure(call: &Call) -> Option<(Span, &'static str)> {
    match call.program.as_str() {
        "curl" => {
            let parsed = call.parse(VALUED);
            let flag = parsed.flag(&["k", "insecure"])?;
            Some((flag.argument.span, "--insecure"))
        }
        "wget" => {
            let mut words = call.arguments.iter();
            let word = words.find(|word| word.text == "--no-check-certificate")?;
            Some((word.span, "--no-check-certificate"))
        }
        _ => None,
    }
}
