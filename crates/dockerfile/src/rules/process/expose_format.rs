//! `EXPOSE 8080:80`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "expose-format",
        aliases: &["ExposeInvalidFormat"],
        title: Text::fixed(
            "EXPOSE with an address or a port of the host",
            "EXPOSE 含有地址或主机端口",
        ),
        why: Text::fixed(
            "`EXPOSE` names ports of the container; where they go is said when it is run, and the rest is ignored.",
            "`EXPOSE` 只声明容器端口;映射在运行时指定,其余部分会被忽略。",
        ),
        severity: Severity::Low,
        references: &["Docker build checks, ExposeInvalidFormat"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nEXPOSE 8080:80\n",
        "FROM debian:12.5\nEXPOSE 127.0.0.1:80:80/tcp 443\n",
        "FROM debian:12.5\nEXPOSE [::1]:80:80\n",
    ],
    good: &["FROM debian:12.5\nEXPOSE 80 443/tcp ${PORT:-8080}\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::Expose(words) = &placed.instruction.kind else {
            continue;
        };
        for word in words {
            let expanded = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape);
            // An unknown variable stands as it is written, with a colon of its own.
            if !expanded.known || !expanded.text.contains(':') {
                continue;
            }
            let container = expanded.text.rsplit(':').next().unwrap_or_default();
            let mut found = sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!(
                        "`{}` is a mapping; `EXPOSE` takes the port of the container",
                        word.text
                    ),
                    format!("`{}` 是端口映射;`EXPOSE` 只接受容器端口", word.text),
                ),
                Text::new(
                    format!("write `{container}`"),
                    format!("请写作 `{container}`"),
                ),
            );
            let is_literal = word.span.of(&file.text) == expanded.text;
            if is_literal && container.starts_with(|c: char| c.is_ascii_digit()) {
                found.safe_fix(vec![fix::replace(word.span, container)]);
            }
        }
    }
}
