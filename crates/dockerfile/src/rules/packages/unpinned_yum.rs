//! `yum install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-yum-package",
        aliases: &["DL3033"],
        title: Text::fixed("yum package without a version", "yum 包未指定版本"),
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
        "FROM rockylinux:8\nRUN yum install -y curl && yum clean all\n",
        "FROM rockylinux:8\nRUN yum -y install python3-pip curl-8.1 && yum clean all\n",
    ],
    good: &[
        "FROM rockylinux:8\nRUN yum install -y curl-8.1.2 \"git-$GIT\" ./local.rpm https://example.org/x.rpm && yum clean all\n",
        "FROM rockylinux:8\nRUN yum install -y --enablerepo epel curl-8.1 @core && yum clean all\n",
        "FROM rockylinux:8\nRUN yum -y groupinstall tools\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Yum) {
        if managed.act != Act::Install || managed.verb.text != "install" {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        let known = aliases(run, managed.call, &["DL3033"], &[], false);
        let pin = ("NAME-VERSION", "`yum list --showduplicates NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a package without version, and neither file, address, group nor something that a package
/// provides. Names have no digit behind a dash, versions begin with one.
fn is_loose(word: &str) -> bool {
    let has_version = word.match_indices('-').any(|(at, _)| {
        let behind = word.get(at.saturating_add(1)..).unwrap_or_default();
        behind.starts_with(|c: char| c.is_ascii_digit()) || behind.starts_with('$')
    });
    !has_version && !word.ends_with(".rpm") && !word.contains('/') && !word.starts_with('@')
}
