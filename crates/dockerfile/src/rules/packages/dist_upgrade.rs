//! `apt-get dist-upgrade`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::calls;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "dist-upgrade",
        aliases: &["DS-0024", "DKL-DI-0003"],
        title: Text::fixed("distribution upgraded in the build", "构建中升级发行版"),
        why: Text::fixed(
            "`dist-upgrade` may take packages away and bring others: the image is no longer the base that was named.",
            "`dist-upgrade` 可能删除并引入其他包:镜像不再是所声明的基础镜像。",
        ),
        severity: Severity::Medium,
        references: &["apt-get(8), \"dist-upgrade\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get -y dist-upgrade\n",
        "FROM debian:12\nRUN apt full-upgrade -y\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-get -y upgrade\n",
        "FROM debian:12\nRUN echo dist-upgrade\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    // Trivy asks for a word between `apt-get` and `dist-upgrade`, be the first one of another command.
    let mut last = None;
    for (run, managed) in calls(context, Manager::Apt) {
        let place = (run.index, run.onbuild);
        let is_behind = last.replace(place) == Some(place);
        if managed.act != Act::Release {
            continue;
        }
        let call = managed.call;
        let known: &[&str] = match managed.verb.text.as_str() {
            "dist-upgrade" if run.onbuild => &[],
            "dist-upgrade" => {
                let first = call.arguments.first();
                let is_first = first.is_some_and(|word| word.text == "dist-upgrade");
                if is_behind || !is_first && !call.is_json() && call.program == "apt-get" {
                    &["DS-0024", "DKL-DI-0003"]
                } else {
                    &["DKL-DI-0003"]
                }
            }
            _ => &[],
        };
        let what = super::spoken(&managed);
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
        .aliases(known);
    }
}
