//! Two stages of one name.

use std::collections::HashMap;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "duplicate-stage-name",
        aliases: &["DL3024", "DS-0012", "DuplicateStageName"],
        title: Text::fixed("two stages of one name", "两个构建阶段同名"),
        why: Text::fixed(
            "The name means the later stage from there on, so that `COPY --from` and `--target` may take another than \
             the author thought of. Names differ by more than case.",
            "此后该名称指向后一个阶段,`COPY --from` 和 `--target` 可能取到非预期的阶段。名称不区分大小写。",
        ),
        severity: Severity::High,
        references: &[
            "Dockerfile reference, FROM",
            "Docker build checks, DuplicateStageName",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12 AS a\nFROM debian:11 AS a\n",
        "FROM debian:12 AS a\nFROM debian:11 AS A\n",
    ],
    good: &["FROM debian:12 AS a\nFROM debian:11 AS b\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    // The lines of the stages with that name, and the name as it was written.
    let mut seen: HashMap<String, (&str, &str, u32)> = HashMap::new();
    for placed in file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let Some(name) = &from.name else { continue };
        let text = placed.instruction.span.of(&file.text);
        let here = (name.text.as_str(), text, file.lines.line(name.span.start));
        let Some(before) = seen.insert(name.text.to_ascii_lowercase(), here) else {
            continue;
        };
        let (written, whole, line) = before;
        let mut aliases = Vec::new();
        // hadolint minds case; Trivy takes two stages of the same text for one.
        if written == name.text {
            aliases.push("DL3024");
        }
        if !whole.eq_ignore_ascii_case(text) {
            aliases.push("DS-0012");
        }
        aliases.push("DuplicateStageName");
        sink.report(
            placed.instruction,
            name.span,
            Text::new(
                format!("the stage of line {line} is called `{}` too", name.text),
                format!("第 {line} 行的阶段也叫 `{}`", name.text),
            ),
            Text::fixed(
                "give each stage a name of its own",
                "请为每个阶段取不同的名称",
            ),
        )
        .aliases(&aliases);
    }
}
