//! `EXPOSE 80/TCP`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "expose-protocol-casing",
        aliases: &["ExposeProtoCasing"],
        title: Text::fixed(
            "protocol with capitals in EXPOSE",
            "EXPOSE 的协议名含大写字母",
        ),
        why: Text::fixed(
            "Protocols are written in lower case in the image's configuration; some programs compare them as they are.",
            "镜像配置中协议名应为小写;部分程序会按原样比较。",
        ),
        severity: Severity::Negligible,
        references: &["Docker build checks, ExposeProtoCasing"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5\nEXPOSE 80/TCP 53/Udp\n"],
    good: &["FROM debian:12.5\nEXPOSE 80/tcp 53/udp $P/$PROTO\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::Expose(words) = &placed.instruction.kind else {
            continue;
        };
        for word in words {
            let Some((port, protocol)) = word.text.rsplit_once('/') else {
                continue;
            };
            let lower = protocol.to_ascii_lowercase();
            if lower == protocol || protocol.contains(['$', '}', '"', '\'']) {
                continue;
            }
            let mut found = sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("`{protocol}` has capitals"),
                    format!("`{protocol}` 含有大写字母"),
                ),
                Text::new(format!("write `{lower}`"), format!("请写作 `{lower}`")),
            );
            if word.span.of(&file.text) == word.text {
                found.safe_fix(vec![fix::replace(word.span, format!("{port}/{lower}"))]);
            }
        }
    }
}
