//! `ENV A=1 B=$A`.

use std::collections::{HashMap, HashSet};

use plimsoll_model::lint::{Edit, LintRule};
use plimsoll_model::{Severity, Text};

use crate::ast::{Dockerfile, Kind, Pair, Placed};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::Value;
use crate::{Span, fix};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "env-self-reference",
        aliases: &["DL3044"],
        title: Text::fixed(
            "variable used in the ENV that sets it",
            "在设置变量的同一条 ENV 中引用该变量",
        ),
        why: Text::fixed(
            "All of an `ENV` sees the values from before it, so that the variable is empty or old there.",
            "同一条 `ENV` 中看到的都是它之前的值,因此该变量为空或为旧值。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, Environment replacement"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nENV HOME_DIR=/opt PATH=$HOME_DIR/bin:$PATH\n",
        "FROM debian:12\nENV B=${A} \\\n    A=1\n",
        "FROM debian:12\nENV A=1 B=${A:-x}\n",
        "FROM debian:12\nONBUILD ENV A=1 B=$A\n",
        "ARG A\nFROM debian:12\nENV A=1 B=$A\n",
    ],
    good: &[
        "FROM debian:12\nENV PATH=/opt/bin:$PATH\n",
        "FROM debian:12\nENV A=1\nENV B=$A\n",
        "FROM debian:12\nENV A=0\nENV A=1 B=$A\n",
        "FROM debian:12\nENV A=1 B='$A' C=\\$A\n",
        "FROM debian:12 AS base\nENV A=0\nFROM base\nENV A=1 B=$A\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut declared: HashSet<&str> = HashSet::new();
    for placed in file.walk() {
        let (Kind::Env(pairs) | Kind::Arg(pairs)) = &placed.instruction.kind else {
            continue;
        };
        if matches!(placed.instruction.kind, Kind::Env(_)) {
            check_env(file, &placed, pairs, &declared, sink);
        }
        declared.extend(pairs.iter().map(|pair| pair.name.text.as_str()));
    }
}

/// Looks at one `ENV`; `declared` are the names of all instructions before it, in whatever stage.
fn check_env(
    file: &Dockerfile,
    placed: &Placed<'_>,
    pairs: &[Pair],
    declared: &HashSet<&str>,
    sink: &mut Sink<'_>,
) {
    // Where each name is set first.
    let mut own: HashMap<&str, usize> = HashMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        own.entry(&pair.name.text).or_insert(number);
    }
    for (number, pair) in pairs.iter().enumerate() {
        let Some(value) = &pair.value else { continue };
        let expanded = file
            .variables
            .expand(placed.stage, placed.index, value, file.escape);
        let found = expanded.uses.iter().find_map(|used| {
            let is_own = used.value == Value::Undeclared && pair.name.text != used.name;
            let set = own.get(used.name.as_str()).filter(|_| is_own)?;
            Some((used, *set))
        });
        let Some((used, set)) = found else { continue };
        let name = &used.name;
        let mut reported = sink.report(
            placed.instruction,
            value.span,
            Text::new(
                format!("`{name}` does not have its new value yet here"),
                format!("此处 `{name}` 还没有新的值"),
            ),
            Text::fixed(
                "set it in an `ENV` of its own before this one",
                "请先用单独的 `ENV` 设置该变量",
            ),
        );
        let is_peers = used.operator.is_none() && !declared.contains(name.as_str());
        if placed.onbuild || !is_peers {
            reported.aliases(&[]);
        }
        if set < number
            && let Some(edits) = split(file, placed, pairs, number)
        {
            reported.unsafe_fix(edits);
        }
    }
}

/// Two instructions of it, the second beginning with that pair.
fn split(
    file: &Dockerfile,
    placed: &Placed<'_>,
    pairs: &[Pair],
    number: usize,
) -> Option<Vec<Edit>> {
    let pair = pairs.get(number)?;
    let last = pairs.get(number.checked_sub(1)?)?;
    let between = Span::new(last.span.end, pair.span.start);
    if placed.onbuild || between.of(&file.text).contains('#') {
        return None;
    }
    let line = file.line_break();
    let keyword = &placed.instruction.keyword.text;
    Some(vec![fix::replace(between, format!("{line}{keyword} "))])
}
