//! `dnf install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::rpm::is_loose;
use super::{aliases, calls, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-dnf-package",
        aliases: &["DL3041"],
        title: Text::fixed("dnf package without a version", "dnf 包未指定版本"),
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
        "FROM fedora:40\nRUN dnf install -y curl && dnf clean all\n",
        "FROM fedora:40\nRUN microdnf -y install kernel-devel && microdnf clean all\n",
        "FROM fedora:40\nRUN dnf5 install -y curl\n",
    ],
    good: &[
        "FROM fedora:40\nRUN dnf install -y curl-8.1.2 kernel-devel-$(uname -r) /usr/bin/git && dnf clean all\n",
        "FROM fedora:40\nRUN dnf -y group install tools\n",
        "FROM fedora:40\nRUN dnf -y module install nodejs:20\n",
    ],
};

/// How a package is written with a version, and who knows which there are.
const PIN: (&str, &str) = ("NAME-VERSION", "`dnf list --showduplicates NAME`");

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Dnf) {
        let is_module = managed.act == Act::InstallGroup && managed.verb.text == "module";
        if managed.verb.text != "install" && !is_module {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages
            .filter(|word| is_loose(&word.text) && !(is_module && word.text.contains(':')))
            .collect();
        let pin = if is_module {
            ("NAME:STREAM", "`dnf module list NAME`")
        } else {
            PIN
        };
        let known = match managed.call.program.as_str() {
            "dnf" | "microdnf" => aliases(run, managed.call, &["DL3041"], &[], false),
            _ => Vec::new(),
        };
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}
