//! `FROM image as name`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "from-as-casing",
        aliases: &["FromAsCasing"],
        title: Text::fixed("FROM and AS in different case", "FROM 与 AS 大小写不一致"),
        why: Text::fixed(
            "Keywords of one line in different case are hard to tell from names.",
            "同一行的关键字大小写不一致时,难以与名称区分。",
        ),
        severity: Severity::Negligible,
        references: &["Docker build checks, FromAsCasing"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5 as build\n", "from debian:12.5 AS build\n"],
    good: &[
        "FROM debian:12.5 AS build\n",
        "from debian:12.5 as build\n",
        "From debian:12.5 As build\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let Some(keyword) = &from.keyword else {
            continue;
        };
        let first = &placed.instruction.keyword.text;
        let wanted = match first {
            _ if *first == first.to_ascii_lowercase() => "as",
            _ if *first == first.to_ascii_uppercase() => "AS",
            _ => continue,
        };
        if keyword.text == wanted {
            continue;
        }
        sink.report(
            placed.instruction,
            keyword.span,
            Text::new(
                format!("`{}` is in another case than `{first}`", keyword.text),
                format!("`{}` 与 `{first}` 大小写不一致", keyword.text),
            ),
            Text::new(format!("write `{wanted}`"), format!("请写作 `{wanted}`")),
        )
        .safe_fix(vec![fix::replace(keyword.span, wanted)]);
    }
}
