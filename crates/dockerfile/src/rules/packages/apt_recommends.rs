//! `apt-get install` with recommended packages.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, of};
use crate::lint::{Context, Sink};
use crate::packages::{Managed, Manager, apt_setting};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apt-recommends",
        aliases: &["DL3015", "DS-0029"],
        title: Text::fixed(
            "apt-get that installs recommended packages",
            "apt-get 安装了推荐包",
        ),
        why: Text::fixed(
            "Recommended packages are not needed to run what was asked for: they make the image larger and give attackers more.",
            "推荐包并非运行所需:它们增大镜像并扩大攻击面。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "CIS Docker Benchmark 1.6.0, 4.3"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8\n",
        "FROM debian:12\nRUN apt-get -y --no-install-suggests install curl=8\n",
        "FROM debian:12\nRUN [\"apt-get\", \"install\", \"-y\", \"curl=8\"]\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl=8\n",
        "FROM debian:12\nRUN apt-get -o APT::Install-Recommends=0 install -y curl=8\n",
        "FROM debian:12\nRUN echo 'APT::Install-Recommends \"false\";' > /etc/apt/apt.conf.d/90no && apt-get install -y curl=8\n",
        "FROM debian:12\nCOPY <<EOF /etc/apt/apt.conf.d/90no\nAPT::Install-Recommends \"0\";\nEOF\nRUN apt-get install -y curl=8\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let never = apt_setting(context.file, "APT::Install-Recommends", false);
    for run in context.runs {
        let set = run
            .stage
            .and_then(|stage| never.get(stage).copied().flatten());
        if set.is_some_and(|index| index <= run.index) {
            continue;
        }
        let all: Vec<Managed<'_>> = of(run, Manager::Apt)
            .filter(|managed| managed.verb.text == "install" && managed.call.program != "aptitude")
            .collect();
        // Trivy is content when one of them in a `RUN` has the flag.
        let any = all
            .iter()
            .any(|managed| managed.has(&["no-install-recommends"]));
        for managed in &all {
            let option = managed.option("APT::Install-Recommends");
            let is_off = option.is_some_and(|value| matches!(value, "0" | "false" | "no" | "off"));
            if is_off || managed.has(&["no-install-recommends"]) {
                continue;
            }
            let known = match managed.call.program.as_str() {
                "apt-get" => {
                    let trivy_too = !any && super::is_bare(managed);
                    aliases(run, managed.call, &["DL3015"], &["DS-0029"], trivy_too)
                }
                _ => Vec::new(),
            };
            sink.report(
                run.instruction,
                managed.call.name.to(managed.verb.span),
                Text::fixed("recommended packages are installed too", "推荐包也会被安装"),
                Text::fixed(
                    "add `--no-install-recommends`, and name what is missing then",
                    "请添加 `--no-install-recommends`,并明确列出所需的包",
                ),
            )
            .aliases(&known)
            .unsafe_fix(vec![
                managed
                    .call
                    .add(managed.verb.span, "--no-install-recommends"),
            ]);
        }
    }
}
