//! `yum` that leaves its caches.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, report_cache, uncleaned};
use crate::commands::Via;
use crate::lint::{Context, Sink};
use crate::packages::Manager;
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "yum-cache-kept",
        aliases: &["DL3032", "DS-0015"],
        title: Text::fixed("caches of yum left in the image", "镜像中留有 yum 缓存"),
        why: Text::fixed(
            "Downloaded packages and metadata are of no use at run time, and what a layer holds, no later layer takes away.",
            "下载的软件包与元数据在运行时无用,而某层已有的内容无法由之后的层移除。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "requirements A 6.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM rockylinux:8\nRUN yum install -y curl-8\n",
        "FROM rockylinux:8\nRUN yum clean all && yum install -y curl-8\n",
        "FROM rockylinux:8\nRUN yum -y install curl-8\nRUN yum clean all\n",
        "FROM rockylinux:8\nRUN yum -y update \\\n && yum -y install curl-8 # tools\n",
    ],
    good: &[
        "FROM rockylinux:8\nRUN yum install -y curl-8 && yum -y clean all\n",
        "FROM rockylinux:8\nRUN yum install -y curl-8 && rm -rf /var/cache/yum\n",
        "FROM rockylinux:8\nRUN --mount=type=cache,target=/var/cache/yum yum install -y curl-8\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        let clean = |managed: &crate::packages::Managed<'_>| {
            managed.operands.iter().any(|word| word.text == "all")
        };
        let paths = ["/var/cache/yum", "/var/cache/dnf"];
        let Some((managed, never)) = uncleaned(run, Manager::Yum, &paths, clean) else {
            continue;
        };
        let verb = managed.verb.text.as_str();
        let hadolint: &[&str] = match verb {
            "install" | "module" if never => &["DL3032"],
            _ => &[],
        };
        let trivy_too = matches!(verb, "install" | "module")
            && matches!(managed.call.via, Via::Direct | Via::Wrapped);
        let known = aliases(run, managed.call, hadolint, &["DS-0015"], trivy_too);
        report_cache(context, sink, run, &managed, "yum clean all", &known);
    }
}
