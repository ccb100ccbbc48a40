//! `zypper dist-upgrade`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, spoken};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "zypper-dist-upgrade",
        aliases: &["DL3035"],
        title: Text::fixed("distribution upgraded by zypper", "zypper 升级发行版"),
        why: Text::fixed(
            "`dist-upgrade` may take packages away and bring others: the image is no longer the base that was named.",
            "`dist-upgrade` 可能删除并引入其他包:镜像不再是所声明的基础镜像。",
        ),
        severity: Severity::Medium,
        references: &["zypper(8), \"dist-upgrade\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM opensuse/tumbleweed\nRUN zypper -n dist-upgrade\n",
        "FROM opensuse/tumbleweed\nRUN zypper dup -y\n",
    ],
    good: &["FROM opensuse/leap:15.6\nRUN zypper -n patch\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Zypper) {
        if managed.act != Act::Release {
            continue;
        }
        let known = aliases(run, managed.call, &["DL3035"], &[], false);
        let what = spoken(&managed);
        sink.report(
            run.instruction,
            managed.call.name.to(managed.verb.span),
            Text::new(
                format!("`{what}` may replace and remove parts of the base"),
                format!("`{what}` 可能替换或删除基础镜像的组成部分"),
            ),
            Text::fixed(
                "begin with a newer base, and upgrade only the packages that need it",
                "请改用更新的基础镜像,仅升级必要的包",
            ),
        )
        .aliases(&known);
    }
}
