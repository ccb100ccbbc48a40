//! `FROM image AS Build`.

use std::collections::HashSet;

use plimsoll_model::lint::{Edit, LintRule};
use plimsoll_model::{Severity, Text};

use crate::ast::{Dockerfile, Kind};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "stage-name-casing",
        aliases: &["StageNameCasing"],
        title: Text::fixed("stage name with capitals", "构建阶段名称含大写字母"),
        why: Text::fixed(
            "Names of stages are the same in any case; one spelling keeps references easy to find.",
            "阶段名称不区分大小写;统一小写便于查找引用。",
        ),
        severity: Severity::Negligible,
        references: &["Docker build checks, StageNameCasing"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5 AS Build\n",
        "FROM debian:12.5 AS Build\nFROM Build AS b\nFROM debian:12.5\nCOPY --from=Build --chown=a:a /x /y\n",
    ],
    good: &["FROM debian:12.5 AS build\nFROM debian:12.5\nCOPY --from=build /x /y\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut seen = HashSet::new();
    let mut references = None;
    for placed in file.walk() {
        let Kind::From(from) = &placed.instruction.kind else {
            continue;
        };
        let Some(name) = &from.name else { continue };
        let lower = name.text.to_ascii_lowercase();
        if lower == name.text || name.text.contains('$') {
            continue;
        }
        let mut found = sink.report(
            placed.instruction,
            name.span,
            Text::new(
                format!("`{}` has capitals", name.text),
                format!("`{}` 含有大写字母", name.text),
            ),
            Text::new(
                format!("call the stage `{lower}`, where it is named and where it is used"),
                format!("请在命名处和引用处都写作 `{lower}`"),
            ),
        );
        let mut edits = vec![fix::replace(name.span, lower.clone())];
        if seen.insert(lower.clone()) {
            let references = references.get_or_insert_with(|| self::references(file));
            edits.extend(
                references
                    .iter()
                    .filter(|(to, _)| *to == lower)
                    .map(|(_, edit)| edit.clone()),
            );
            found.safe_fix(edits);
        }
    }
}

/// Where stages are named in other spelling: `FROM Build`, `--from=Build`. A file has few of them; more than that
/// are left as they are, for names mean the same in any case.
fn references(file: &Dockerfile) -> Vec<(String, Edit)> {
    const MANY: usize = 200;
    let mut found = Vec::new();
    for placed in file.walk() {
        let flag = placed
            .instruction
            .flag("from")
            .and_then(|flag| flag.value.as_ref());
        let base = match &placed.instruction.kind {
            Kind::From(from) => Some(&from.image),
            _ => None,
        };
        for word in flag.into_iter().chain(base) {
            let lower = word.text.to_ascii_lowercase();
            let is_whole = word.span.of(&file.text) == word.text;
            if is_whole && lower != word.text && found.len() < MANY {
                found.push((lower.clone(), fix::replace(word.span, lower)));
            }
        }
    }
    found
}
