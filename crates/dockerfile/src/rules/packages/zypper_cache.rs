//! `zypper` that leaves its caches.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, report_cache, uncleaned};
use crate::lint::{Context, Sink};
use crate::packages::Manager;
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "zypper-cache-kept",
        aliases: &["DL3036", "DS-0020"],
        title: Text::fixed(
            "caches of zypper left in the image",
            "镜像中留有 zypper 缓存",
        ),
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
        "FROM opensuse/leap:15.6\nRUN zypper -n install curl=8\n",
        "FROM opensuse/leap:15.6\nRUN zypper clean && zypper -n in curl=8\n",
        "FROM opensuse/leap:15.6\nRUN zypper -n patch\n",
    ],
    good: &[
        "FROM opensuse/leap:15.6\nRUN zypper -n install curl=8 && zypper clean -a\n",
        "FROM opensuse/leap:15.6\nRUN zypper -n in curl=8 && zypper cc\n",
        "FROM opensuse/leap:15.6\nRUN zypper -n in curl=8 && rm -rf /var/cache/zypp\n",
        "FROM opensuse/leap:15.6\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in curl=8\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        let found = uncleaned(run, Manager::Zypper, &["/var/cache/zypp"], |_| true);
        let Some((managed, never)) = found else {
            continue;
        };
        let verb = managed.verb.text.as_str();
        let hadolint: &[&str] = match verb {
            "install" | "in" if never => &["DL3036"],
            _ => &[],
        };
        // Trivy's pattern knows long flags before the long verbs, and none before the short ones.
        let first = managed.call.arguments.first();
        let is_first = first.is_some_and(|word| word.text == verb);
        let trivy_too = match verb {
            "install" => super::is_bare(&managed),
            "in" | "patch" | "source-install" | "si" => is_first,
            _ => false,
        } && !managed.call.is_json();
        let known = aliases(run, managed.call, hadolint, &["DS-0020"], trivy_too);
        report_cache(context, sink, run, &managed, "zypper clean --all", &known);
    }
}
