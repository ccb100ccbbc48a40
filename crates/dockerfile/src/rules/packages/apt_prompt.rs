//! `apt-get install` without `-y`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, of, report_prompt};
use crate::commands::Run;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Managed, Manager, apt_setting};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apt-prompt",
        aliases: &["DL3014", "DS-0021"],
        title: Text::fixed("apt-get that asks", "apt-get 等待确认"),
        why: Text::fixed(
            "During a build nobody can answer, so the build ends there.",
            "构建时无人应答,构建会在此处中止。",
        ),
        severity: Severity::High,
        references: &["apt-get(8), \"--yes\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get install curl=8\n",
        "FROM debian:12\nRUN apt-get -q install curl=8\n",
        "FROM debian:12\nRUN [\"apt-get\", \"install\", \"curl=8\"]\n",
        "FROM debian:12\nRUN sudo apt-get upgrade\n",
        "FROM debian:12\nRUN sh -c 'apt-get install curl=8'\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get install -qy curl=8 && apt-get -qq install a && apt-get -q -q install b\n",
        "FROM debian:12\nRUN apt-get install --assume-yes a && apt-get -q=2 install a && apt-get install a --yes\n",
        "FROM debian:12\nRUN apt-get -o APT::Get::Assume-Yes=true install a\n",
        "FROM debian:12\nRUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes\nRUN apt-get install a\n",
        "FROM debian:12\nRUN apt-get update && echo apt-get install\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let yes = apt_setting(context.file, "APT::Get::Assume-Yes", true);
    for run in context.runs {
        let set = run
            .stage
            .and_then(|stage| yes.get(stage).copied().flatten());
        if set.is_some_and(|index| index <= run.index) {
            continue;
        }
        // Trivy is content when one of them in a `RUN` has the flag.
        let any = of(run, Manager::Apt).any(|managed| is_install(&managed) && says_yes(&managed));
        for managed in of(run, Manager::Apt) {
            if asks(&managed) {
                let known = known(run, &managed, any);
                report_prompt(sink, run, &managed, &known);
            }
        }
    }
}

fn is_install(managed: &Managed<'_>) -> bool {
    managed.call.program == "apt-get" && managed.verb.text == "install"
}

fn known(run: &Run<'_>, managed: &Managed<'_>, any: bool) -> Vec<&'static str> {
    if !is_install(managed) {
        return Vec::new();
    }
    let trivy_too = !any && !managed.has(&["force-yes"]) && super::is_bare(managed);
    aliases(run, managed.call, &["DL3014"], &["DS-0021"], trivy_too)
}

fn says_yes(managed: &Managed<'_>) -> bool {
    managed.has(&["y", "yes", "assume-yes"])
}

/// Whether apt asks before it goes on (apt-get(8)).
fn asks(managed: &Managed<'_>) -> bool {
    let changes = matches!(
        managed.act,
        Act::Install | Act::Upgrade | Act::Release | Act::Remove
    ) || managed.verb.text == "build-dep";
    let only_shows = [
        "s",
        "simulate",
        "just-print",
        "dry-run",
        "recon",
        "no-act",
        "print-uris",
    ];
    let option = managed.option("APT::Get::Assume-Yes");
    changes
        && !says_yes(managed)
        && !managed.has(&only_shows)
        && !option.is_some_and(|value| matches!(value, "1" | "true" | "yes" | "on"))
        && quiet(managed) < 2
}

/// How quiet it is to be; `-qq` means yes to everything.
fn quiet(managed: &Managed<'_>) -> u32 {
    let flags = managed.flags.iter();
    flags
        .filter(|flag| matches!(flag.name, "q" | "quiet"))
        .fold(0, |level, flag| {
            match flag.value.and_then(|value| value.parse::<u32>().ok()) {
                Some(value) => value,
                None => level.saturating_add(1),
            }
        })
}
