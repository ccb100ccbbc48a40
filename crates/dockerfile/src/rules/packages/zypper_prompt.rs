//! `zypper` without a flag that answers.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, report_prompt};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Managed, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "zypper-prompt",
        aliases: &["DL3034"],
        title: Text::fixed("zypper that asks", "zypper 等待确认"),
        why: Text::fixed(
            "During a build nobody can answer, so the build ends there.",
            "构建时无人应答,构建会在此处中止。",
        ),
        severity: Severity::High,
        references: &["zypper(8), \"--non-interactive\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM opensuse/leap:15.6\nRUN zypper install curl=8 && zypper clean\n",
        "FROM opensuse/leap:15.6\nRUN zypper rm curl\n",
        "FROM opensuse/leap:15.6\nRUN zypper update\n",
    ],
    good: &[
        "FROM opensuse/leap:15.6\nRUN zypper -n install curl=8 && zypper in -y git=2 && zypper --non-interactive rm a && zypper clean\n",
        "FROM opensuse/leap:15.6\nRUN zypper in --no-confirm curl=8 && zypper clean && zypper ref\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Zypper) {
        if asks(&managed) {
            let is_known = !matches!(managed.act, Act::Release)
                && !matches!(managed.verb.text.as_str(), "update" | "up");
            // hadolint takes any `-n` for an answer.
            let ids: &[&str] = if is_known && !managed.has(&["n"]) {
                &["DL3034"]
            } else {
                &[]
            };
            let known = aliases(run, managed.call, ids, &[], false);
            report_prompt(sink, run, &managed, &known);
        }
    }
}

fn asks(managed: &Managed<'_>) -> bool {
    let changes = matches!(
        managed.act,
        Act::Install | Act::InstallGroup | Act::Source | Act::Upgrade | Act::Release | Act::Remove
    );
    // Behind the verb, `-n` means something else.
    let mut before = managed
        .flags
        .iter()
        .filter(|flag| flag.argument.span.start < managed.verb.span.start);
    changes
        && !managed.has(&["y", "no-confirm", "non-interactive", "dry-run"])
        && !before.any(|flag| flag.name == "n")
}
