//! `zypper install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-zypper-package",
        aliases: &["DL3037"],
        title: Text::fixed("zypper package without a version", "zypper 包未指定版本"),
        why: Text::fixed(
            "Without a version, the same file installs something else tomorrow, and nobody can say what was built.",
            "不指定版本时,同一文件明天会安装不同的内容,构建结果无法追溯。",
        ),
        severity: Severity::Medium,
        references: &["requirements B 2.1"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM opensuse/leap:15.6\nRUN zypper -n install curl && zypper clean\n",
        "FROM opensuse/leap:15.6\nRUN zypper in -y curl-8.1 && zypper clean\n",
    ],
    good: &[
        "FROM opensuse/leap:15.6\nRUN zypper -n in curl=8.1 'git>=2' ./local.rpm && zypper clean\n",
        "FROM opensuse/leap:15.6\nRUN zypper -n in -t pattern base && zypper clean\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Zypper) {
        if managed.act != Act::Install {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        let known = aliases(run, managed.call, &["DL3037"], &[], false);
        let pin = ("NAME=VERSION", "`zypper search -s NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a package without version, and neither file nor address (zypper(8), "Package Management").
fn is_loose(word: &str) -> bool {
    !word.contains(['=', '<', '>', '/'])
        && !has_ending(word, &[".rpm"])
        && !word.starts_with(['-', '!'])
}
