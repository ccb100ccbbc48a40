//! `dnf` without a flag that answers.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::rpm::asks;
use super::{aliases, calls, report_prompt};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "dnf-prompt",
        aliases: &["DL3038"],
        title: Text::fixed("dnf that asks", "dnf 等待确认"),
        why: Text::fixed(
            "During a build nobody can answer, so the build ends there.",
            "构建时无人应答,构建会在此处中止。",
        ),
        severity: Severity::High,
        references: &["dnf(8), \"-y\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM fedora:40\nRUN dnf install curl-8 && dnf clean all\n",
        "FROM fedora:40\nRUN dnf group install tools\n",
        "FROM fedora:40\nRUN microdnf install curl-8\n",
    ],
    good: &[
        "FROM fedora:40\nRUN dnf -y install curl-8 && dnf install -qy git-2 && dnf clean all\n",
        "FROM fedora:40\nRUN dnf install --assumeyes curl-8 && dnf makecache\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Dnf) {
        if asks(&managed) {
            let is_known = matches!(managed.act, Act::Install | Act::InstallGroup)
                && matches!(managed.call.program.as_str(), "dnf" | "microdnf");
            let ids: &[&str] = if is_known && managed.verb.text != "reinstall" {
                &["DL3038"]
            } else {
                &[]
            };
            let known = aliases(run, managed.call, ids, &[], false);
            report_prompt(sink, run, &managed, &known);
        }
    }
}
