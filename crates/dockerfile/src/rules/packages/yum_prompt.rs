//! `yum` without a flag that answers.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::rpm::asks;
use super::{aliases, calls, report_prompt};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "yum-prompt",
        aliases: &["DL3030"],
        title: Text::fixed("yum that asks", "yum 等待确认"),
        why: Text::fixed(
            "During a build nobody can answer, so the build ends there.",
            "构建时无人应答,构建会在此处中止。",
        ),
        severity: Severity::High,
        references: &["yum(8), \"-y\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM rockylinux:8\nRUN yum install curl-8 && yum clean all\n",
        "FROM rockylinux:8\nRUN yum groupinstall tools\n",
        "FROM rockylinux:8\nRUN [\"yum\", \"update\"]\n",
    ],
    good: &[
        "FROM rockylinux:8\nRUN yum -y install curl-8 && yum install -qy git-2 && yum clean all\n",
        "FROM rockylinux:8\nRUN yum install --assumeyes curl-8 && yum makecache\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Yum) {
        if asks(&managed) {
            let is_known = matches!(managed.act, Act::Install | Act::InstallGroup);
            let ids: &[&str] = if is_known && managed.verb.text != "reinstall" {
                &["DL3030"]
            } else {
                &[]
            };
            let known = aliases(run, managed.call, ids, &[], false);
            report_prompt(sink, run, &managed, &known);
        }
    }
}
