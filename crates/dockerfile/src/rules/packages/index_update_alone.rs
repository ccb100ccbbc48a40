//! An update of the index in a `RUN` of its own.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::of;
use crate::commands::Via;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "index-update-alone",
        aliases: &["DS-0017", "CIS-DI-0007"],
        title: Text::fixed(
            "package index updated in a RUN of its own",
            "在单独的 RUN 中更新软件包索引",
        ),
        why: Text::fixed(
            "The layer is kept in the build's cache, so that a later `RUN` installs from an index that is weeks old.",
            "该层会被构建缓存保留,之后的 `RUN` 会按数周前的旧索引安装。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 4.7"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl=8\n",
        "FROM alpine:3.20\nRUN apk update\n",
        "FROM debian:12\nRUN [\"apt-get\", \"update\"]\n",
        "FROM debian:12\nRUN apt-get install -y a=1 && apt-get update\n",
        "FROM opensuse/leap:15.6\nRUN zypper refresh\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8\n",
        "FROM debian:12\nRUN apt-get update && apt-get -y upgrade\n",
        "FROM debian:12\nRUN apt-get update && apt-get build-dep -y curl\n",
        "FROM alpine:3.20\nRUN apk update && apk upgrade\n",
        "FROM debian:12\nRUN apt-get update && sudo apt-get install -y curl=8\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for manager in [
            Manager::Apt,
            Manager::Apk,
            Manager::Yum,
            Manager::Dnf,
            Manager::Zypper,
            Manager::Pacman,
        ] {
            // Trivy is content when something is installed behind the first update.
            let (mut last, mut before) = (None, false);
            for managed in of(run, manager) {
                if managed.act == Act::Refresh {
                    last = Some(managed);
                } else if managed.brings() {
                    before |= last.is_some();
                    last = None;
                }
            }
            let Some(managed) = last else { continue };
            let call = managed.call;
            let is_known = matches!(manager, Manager::Apt | Manager::Apk);
            let known: &[&str] = match call.program.as_str() {
                _ if run.onbuild || !is_known => &[],
                "aptitude" => &["CIS-DI-0007"],
                _ if before || matches!(call.via, Via::Nested | Via::Path) => &["CIS-DI-0007"],
                _ => &["DS-0017", "CIS-DI-0007"],
            };
            let what = super::spoken(&managed);
            sink.report(
                run.instruction,
                call.name.to(managed.verb.span),
                Text::new(
                    format!("nothing is installed behind `{what}` in this `RUN`, so that later ones use an old index"),
                    format!("此 `RUN` 中 `{what}` 之后没有安装任何包,之后的指令会使用旧索引"),
                ),
                Text::new(
                    format!("join it with what it is for: `RUN {what} && … install …`"),
                    format!("请与安装合并:`RUN {what} && … install …`"),
                ),
            )
            .aliases(known);
        }
    }
}
