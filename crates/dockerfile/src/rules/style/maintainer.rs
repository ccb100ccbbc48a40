//! `MAINTAINER`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "maintainer-instruction",
        aliases: &["DL4000", "DS-0022", "MaintainerDeprecated"],
        title: Text::fixed("MAINTAINER is deprecated", "MAINTAINER 已弃用"),
        why: Text::fixed(
            "Builders keep it in a field that nobody reads any more; the label of OCI says the same and is read.",
            "构建器把它写入已无人读取的字段;OCI 标签表达同样的信息,并且会被读取。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, MAINTAINER (deprecated)"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nMAINTAINER A. Person <a@example.org>\n",
        "FROM debian:12\nMAINTAINER \"The \\\"Team\\\" at $HOME\"\n",
    ],
    good: &[
        "FROM debian:12\nLABEL maintainer=\"a@example.org\"\n",
        "FROM debian:12\nLABEL org.opencontainers.image.authors=\"a@example.org\"\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for instruction in &file.instructions {
        let Kind::Maintainer(who) = &instruction.kind else {
            continue;
        };
        let mut found = sink.report(
            instruction,
            instruction.keyword.span,
            Text::fixed("`MAINTAINER` is deprecated", "`MAINTAINER` 已弃用"),
            Text::fixed(
                "write `LABEL org.opencontainers.image.authors=\"…\"`",
                "请改用 `LABEL org.opencontainers.image.authors=\"…\"`",
            ),
        );
        if !who.text.is_empty() {
            let label = format!(
                "LABEL org.opencontainers.image.authors={}",
                quote(&who.text, file.escape)
            );
            found.safe_fix(vec![fix::replace(
                instruction.keyword.span.to(who.span),
                label,
            )]);
        }
    }
}

/// The text in double quotes, in which nothing is expanded. Quotes around all of it are the writer's, who thought
/// of those of a shell.
fn quote(text: &str, escape: char) -> String {
    let inner = ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut out = String::from("\"");
    let mut chars = inner.unwrap_or(text).chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            _ if c == escape && inner.is_some() && chars.peek() == Some(&'"') => {}
            '"' | '$' => out.extend([escape, c]),
            _ if c == escape => out.extend([escape, c]),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
