//! `yum install` without versions.

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

/// How a package is written with a version, and who knows which there are.
const PIN: (&str, &str) = ("NAME-VERSION", "`yum list --showduplicates NAME`");

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Yum) {
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
        let known = aliases(run, managed.call, &["DL3033"], &[], false);
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}
