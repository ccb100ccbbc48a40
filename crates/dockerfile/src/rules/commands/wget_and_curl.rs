//! `wget` and `curl` in one stage.

use std::collections::BTreeMap;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::heads;
use crate::commands::Via;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "wget-and-curl",
        aliases: &["DL4001", "DS-0014"],
        title: Text::fixed(
            "wget and curl in one stage",
            "同一阶段中既用 wget 又用 curl",
        ),
        why: Text::fixed(
            "Both do the same; each one more is more to download, to update and to misuse.",
            "两者功能相同;多一个就多一份下载、更新和被滥用的可能。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN wget https://example.org/x\nRUN curl -O https://example.org/y\n",
        "FROM debian:12\nRUN wget -O- https://example.org/x || curl https://example.org/x\n",
    ],
    good: &[
        "FROM debian:12\nRUN curl -O https://example.org/x && curl -O https://example.org/y\n",
        "FROM debian:12\nRUN wget https://example.org/x\nFROM debian:12\nRUN curl -O https://example.org/y\n",
        "FROM debian:12\nRUN apt-get install -y wget && curl -O https://example.org/y\n",
    ],
};

/// What a stage has used so far.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    wget: bool,
    curl: bool,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let runs = || context.runs.iter().filter(|run| !run.onbuild);
    // All of a stage, as Trivy sees it, and as it is.
    let mut trivys: BTreeMap<Option<usize>, Seen> = BTreeMap::new();
    for run in runs() {
        let seen = trivys.entry(run.stage).or_default();
        seen.wget |= heads(run.instruction).any(|head| head.starts_with("wget"));
        seen.curl |= heads(run.instruction).any(|head| head.starts_with("curl"));
    }
    let mut so_far: BTreeMap<Option<usize>, Seen> = BTreeMap::new();
    for run in runs() {
        let seen = so_far.entry(run.stage).or_default();
        let direct = |name: &str| {
            let mut calls = run.calls.iter();
            calls.find(|call| call.via == Via::Direct && call.program == name)
        };
        let (wget, curl) = (direct("wget"), direct("curl"));
        seen.wget |= wget.is_some();
        seen.curl |= curl.is_some();
        let Some(call) = wget.or(curl) else { continue };
        let all = trivys.get(&run.stage).copied().unwrap_or_default();
        let has_head = heads(run.instruction).any(|head| head.starts_with("wget"));
        let mut aliases = Vec::new();
        if seen.wget && seen.curl {
            aliases.push("DL4001");
        }
        if all.wget && all.curl && has_head {
            aliases.push("DS-0014");
        }
        if aliases.is_empty() {
            continue;
        }
        sink.report(
            run.instruction,
            call.span,
            Text::fixed(
                "this stage uses both `wget` and `curl`",
                "此阶段同时使用了 `wget` 和 `curl`",
            ),
            Text::fixed(
                "use one of them, and do not install the other",
                "请只用其中一个,且不要安装另一个",
            ),
        )
        .aliases(&aliases);
    }
}
