//! `apt-get install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-apt-package",
        aliases: &["DL3008"],
        title: Text::fixed("apt package without a version", "apt 包未指定版本"),
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
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        "FROM debian:12\nRUN <<EOF\napt-get update\napt-get -y install curl=8.1 \"$MORE\"\nEOF\n",
        "FROM debian:12\nRUN [\"apt-get\", \"install\", \"curl\"]\n",
        "FROM debian:12\nRUN bash -c 'apt-get install -t stable curl'\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get install -y curl=8.1* git=\"$GIT\" ./local.deb /tmp/b/*\n",
        "FROM debian:12\nRUN apt-get install -y -t stable -o A::B=c curl/bookworm\n",
        "FROM debian:12\nRUN apt-get -f install -y\nRUN apt-get remove curl-\n",
        "FROM debian:12\nSHELL [\"powershell\", \"-Command\"]\nRUN apt-get install -y curl\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Apt) {
        if managed.act != Act::Install || managed.verb.text != "install" {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        let known = aliases(run, managed.call, &["DL3008"], &[], false);
        // hadolint looks at `apt-get` alone.
        let known = match managed.call.program.as_str() {
            "apt-get" => known,
            _ => Vec::new(),
        };
        let pin = ("NAME=VERSION", "`apt-cache madison NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a package without version, release or file (apt-get(8), "install").
fn is_loose(word: &str) -> bool {
    !word.contains(['=', '/']) && !has_ending(word, &[".deb"]) && !word.ends_with('-')
}
