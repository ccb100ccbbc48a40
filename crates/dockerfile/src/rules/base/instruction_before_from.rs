//! `RUN` before the first `FROM`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "instruction-before-from",
        aliases: &["DL3061"],
        title: Text::fixed(
            "instruction before the first FROM",
            "指令出现在第一个 FROM 之前",
        ),
        why: Text::fixed(
            "Only `ARG` may stand before the first `FROM`; a builder refuses anything else there.",
            "第一个 `FROM` 之前只能有 `ARG`;其他指令会被构建器拒绝。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, Format"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["RUN true\nFROM debian:12.5\n", "LABEL a=b\n"],
    good: &["# note\nARG V=1\nFROM debian:12.5\nRUN true\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let before = context
        .file
        .walk()
        .take_while(|placed| placed.stage.is_none());
    for placed in before {
        if placed.onbuild || matches!(placed.instruction.kind, Kind::Arg(_) | Kind::Unknown) {
            continue;
        }
        let name = placed.instruction.name();
        sink.report(
            placed.instruction,
            placed.instruction.keyword.span,
            Text::new(
                format!("`{name}` stands before the first `FROM`"),
                format!("`{name}` 出现在第一个 `FROM` 之前"),
            ),
            Text::fixed(
                "begin with `FROM`; only `ARG` and comments may stand before it",
                "请以 `FROM` 开头;其前只能有 `ARG` 和注释",
            ),
        );
    }
}
