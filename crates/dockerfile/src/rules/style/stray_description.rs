//! A comment that builders take for the description of a stage or an argument, and which is none.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "stray-description",
        aliases: &["InvalidDefinitionDescription"],
        title: Text::fixed("comment taken for a description", "注释会被当作说明文字"),
        why: Text::fixed(
            "`docker build --call outline` shows the comment right above a stage or an argument as its description, if it begins with the name.",
            "`docker build --call outline` 会把阶段或参数上方以其名称开头的注释显示为说明。",
        ),
        severity: Severity::Negligible,
        references: &["BuildKit, build checks"],
    },
    applies: Applies::BuildFile,
    default: Default::Off,
    check,
    bad: &[
        "# the compiler\nFROM debian:12 AS build\n",
        "# sets the version\nARG VERSION=1\nFROM debian:12\n",
    ],
    good: &[
        "# build is the compiler\nFROM debian:12 AS build\n# VERSION of what is built\nARG VERSION=1\n",
        "# the compiler\n\nFROM debian:12 AS build\n",
        "# the base\nFROM debian:12\n# now build\nRUN make\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for instruction in &file.instructions {
        let names: Vec<&str> = match &instruction.kind {
            Kind::From(from) => from.name.iter().map(|name| name.text.as_str()).collect(),
            Kind::Arg(pairs) => pairs.iter().map(|pair| pair.name.text.as_str()).collect(),
            _ => continue,
        };
        let Some(name) = names.first() else { continue };
        let line = file.lines.line(instruction.span.start);
        let next = file
            .comments
            .partition_point(|comment| comment.span.start < instruction.span.start);
        let above = next
            .checked_sub(1)
            .and_then(|index| file.comments.get(index))
            .filter(|comment| file.lines.line(comment.span.start).saturating_add(1) == line);
        let Some(comment) = above else { continue };
        let first = comment.text.split_whitespace().next().unwrap_or_default();
        if names.contains(&first) {
            continue;
        }
        sink.report_comment(
            comment.span,
            Text::new(
                format!("this comment stands where the description of `{name}` would"),
                format!("此注释位于 `{name}` 的说明文字应在的位置"),
            ),
            Text::new(
                format!("begin it with `# {name} `, or put an empty line between"),
                format!("请以 `# {name} ` 开头,或在中间空一行"),
            ),
        );
    }
}
