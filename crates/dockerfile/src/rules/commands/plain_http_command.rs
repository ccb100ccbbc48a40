//! `curl http://…`

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::verifies;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "plain-http-command",
        aliases: &[],
        title: Text::fixed("RUN downloads over an open line", "RUN 通过明文连接下载"),
        why: Text::fixed(
            "Anybody on the way can put another file in its place, and the image then runs it.",
            "传输路径上的任何人都能替换文件,而镜像会运行它。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN curl -O http://example.org/x\n",
        "FROM debian:12\nRUN wget -q ftp://example.org/x && tar xf x\n",
        "FROM debian:12\nRUN git clone git://example.org/x.git\n",
        "FROM debian:12\nRUN pip install --index-url http://example.org/simple x\n",
    ],
    good: &[
        "FROM debian:12\nRUN curl -O https://example.org/x\n",
        "FROM debian:12\nRUN curl -f http://localhost:8080/health && curl http://127.0.0.1/\n",
        "FROM debian:12\nRUN curl -O http://example.org/x && echo \"$SUM  x\" | sha256sum -c -\n",
        "FROM debian:12\nRUN echo http://example.org && curl -x http://proxy.example.org https://example.org\n",
    ],
};

/// Programs that fetch what their words name.
const PROGRAMS: &[&str] = &[
    "curl", "wget", "git", "pip", "pip3", "npm", "gem", "aria2c", "go",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        if verifies(run) {
            continue;
        }
        for call in &run.calls {
            if !PROGRAMS.contains(&call.program.as_str()) {
                continue;
            }
            let mut before = "";
            for word in &call.arguments {
                let is_other = matches!(
                    before,
                    "-x" | "--proxy"
                        | "--preproxy"
                        | "-e"
                        | "--referer"
                        | "-H"
                        | "--header"
                        | "-A"
                        | "-d"
                        | "--data"
                );
                before = &word.text;
                let value = match word.text.split_once('=') {
                    Some((flag, value)) if flag.starts_with("--") => value,
                    _ => word.text.as_str(),
                };
                if is_other || !is_open(value) {
                    continue;
                }
                sink.report(
                    run.instruction,
                    word.span,
                    Text::fixed(
                        "what comes over this line can be changed on the way",
                        "经此连接传来的内容可能在途中被篡改",
                    ),
                    Text::fixed(
                        "write `https://`, or compare a digest in the same `RUN`",
                        "请改用 `https://`,或在同一条 `RUN` 中校验摘要",
                    ),
                );
            }
        }
    }
}

/// Whether it is an address of another machine without encryption.
fn is_open(text: &str) -> bool {
    let rest = ["http://", "ftp://", "git://"].iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| text.get(scheme.len()..))?
    });
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_here = host.starts_with("localhost")
        || host.starts_with("127.")
        || host.starts_with("0.0.0.0")
        || host.starts_with("[::1]")
        || host.starts_with("host.docker.internal");
    !host.is_empty() && !host.starts_with("${VAR}") && !is_here
}
