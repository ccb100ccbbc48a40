//! `apt-get update` that leaves its lists.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, of};
use crate::commands::Run;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apt-lists-kept",
        aliases: &["DL3009", "DKL-DI-0005"],
        title: Text::fixed("lists of apt left in the image", "镜像中留有 apt 列表"),
        why: Text::fixed(
            "The lists of packages are tens of megabytes that nobody needs at run time, and they grow stale.",
            "软件包列表占用数十兆字节,运行时无用,并且很快过期。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "requirements A 6.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8\n",
        "FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl=8\nRUN rm -rf /var/lib/apt/lists/*\n",
        "FROM debian:12 AS a\nRUN apt-get update && apt-get install -y curl=8\nFROM a\n",
        "FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl=8\nEOF\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8 && rm -rf /var/lib/apt/lists/*\n",
        "FROM debian:13\nRUN apt-get update && apt-get install -y curl=8 && apt-get distclean\n",
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8 && rm -f /var/lib/apt/lists/*_*\n",
        "FROM debian:12\nRUN apt-get update && find /var/lib/apt/lists -type f -delete\n",
        "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl=8\n",
        "FROM debian:12 AS a\nRUN apt-get update && apt-get install -y curl=8\nFROM scratch\nCOPY --from=a /x /x\n",
    ],
};

const LISTS: &str = "/var/lib/apt/lists";
const CLEAN: &str = "rm -rf /var/lib/apt/lists/*";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let needed = last_that_needs_lists(context);
    for run in context.runs {
        if !run.is_shipped || run.mounts(LISTS) {
            continue;
        }
        let all: Vec<_> = of(run, Manager::Apt).collect();
        let updates = all.iter().rev();
        let Some(update) = updates.clone().find(|managed| managed.act == Act::Refresh) else {
            continue;
        };
        // `apt-get distclean` keeps nothing of them but their signatures (apt-get(8)).
        let mut cleans = all.iter().rev();
        let cleaned = cleans.find(|managed| managed.verb.text == "distclean");
        let cleaned = cleaned.map(|managed| managed.call.span.start);
        let removed = run.removed(LISTS).max(cleaned);
        if removed > Some(update.call.span.start) {
            continue;
        }
        // hadolint takes a removal before the update for one behind it, and one of some lists for one of all.
        let touched = run.calls.iter().any(|call| {
            call.program == "rm"
                && call
                    .arguments
                    .iter()
                    .any(|word| word.text.starts_with(LISTS))
        });
        let hadolint: &[&str] = if removed.is_none() && !touched {
            &["DL3009"]
        } else {
            &[]
        };
        let mut known = aliases(run, update.call, hadolint, &[], false);
        if !run.onbuild && all.iter().any(|managed| managed.act == Act::Install) {
            known.push("DKL-DI-0005");
        }
        let mut found = sink.report(
            run.instruction,
            update.call.name.to(update.verb.span),
            Text::fixed(
                "the lists that this reads stay in the image",
                "此处读取的列表会留在镜像中",
            ),
            Text::new(
                format!("end this `RUN` with `&& {CLEAN}`; a later `RUN` does not make the layer smaller"),
                format!("请在同一 `RUN` 末尾加上 `&& {CLEAN}`;放到之后的 `RUN` 中不会减小该层"),
            ),
        );
        found.aliases(&known);
        let last = all.last().unwrap_or(update);
        if let Some(edit) = last.call.append(context.file, CLEAN) {
            if needed > Some(run.index) {
                found.unsafe_fix(vec![edit]);
            } else {
                found.safe_fix(vec![edit]);
            }
        }
    }
}

/// The last `RUN` that installs with lists that it has not read itself.
fn last_that_needs_lists(context: &Context<'_>) -> Option<usize> {
    let needs = |run: &&Run<'_>| {
        let mut acts = of(run, Manager::Apt).map(|managed| managed.act);
        acts.find(|act| matches!(act, Act::Refresh | Act::Install | Act::Source))
            .is_some_and(|act| act != Act::Refresh)
    };
    let mut runs = context.runs.iter().rev();
    runs.find(needs).map(|run| run.index)
}
