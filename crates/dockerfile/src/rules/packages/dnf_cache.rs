//! `dnf` that leaves its caches.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, report_cache, uncleaned};
use crate::lint::{Context, Sink};
use crate::packages::Manager;
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "dnf-cache-kept",
        aliases: &["DL3040", "DS-0019", "DS-0027"],
        title: Text::fixed("caches of dnf left in the image", "镜像中留有 dnf 缓存"),
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
        "FROM fedora:40\nRUN dnf install -y curl-8\n",
        "FROM fedora:40\nRUN microdnf install -y curl-8\n",
        "FROM fedora:40\nRUN dnf -y upgrade && microdnf clean all\n",
        "FROM fedora:40\nRUN microdnf install -y curl-8 && rm -rf /var/cache/dnf\n",
    ],
    good: &[
        "FROM fedora:40\nRUN dnf install -y curl-8 && dnf clean all\n",
        "FROM fedora:40\nRUN microdnf install -y curl-8 && rm -rf /var/cache/*\n",
        "FROM fedora:40\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y curl-8\n",
    ],
};

const PATHS: &[&str] = &["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"];
/// Where microdnf keeps its cache.
const OF_MICRODNF: &[&str] = &["/var/cache/yum"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        let clean = |managed: &crate::packages::Managed<'_>| {
            managed.operands.iter().any(|word| word.text == "all")
        };
        // hadolint takes all caches for one.
        let found = uncleaned(run, Manager::Dnf, PATHS, clean).or_else(|| {
            let (managed, _) = uncleaned(run, Manager::Dnf, OF_MICRODNF, clean)?;
            (managed.call.program == "microdnf").then_some((managed, false))
        });
        let Some((managed, never)) = found else {
            continue;
        };
        let verb = managed.verb.text.as_str();
        let program = managed.call.program.as_str();
        let hadolint: &[&str] = match (program, verb) {
            ("dnf" | "microdnf", "install" | "reinstall" | "module" | "group" | "upgrade")
                if never =>
            {
                &["DL3040"]
            }
            _ => &[],
        };
        let first = managed.call.arguments.first();
        let trivy_too =
            matches!(verb, "install" | "reinstall") && first.is_some_and(|word| word.text == verb);
        let trivy: &[&str] = match program {
            "microdnf" => &["DS-0019", "DS-0027"],
            "dnf" | "tdnf" => &["DS-0019"],
            _ => &[],
        };
        let known = aliases(run, managed.call, hadolint, trivy, trivy_too);
        let clean = format!("{program} clean all");
        report_cache(context, sink, run, &managed, &clean, &known);
    }
}
