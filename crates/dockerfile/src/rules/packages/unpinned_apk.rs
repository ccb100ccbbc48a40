//! `apk add` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-apk-package",
        aliases: &["DL3018"],
        title: Text::fixed("apk package without a version", "apk 包未指定版本"),
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
        "FROM alpine:3.20\nRUN apk add --no-cache curl git=2.45\n",
        "FROM alpine:3.20\nRUN apk add --no-cache -t .build gcc\n",
        "FROM alpine:3.20\nRUN apk add --no-cache curl@edge\n",
    ],
    good: &[
        "FROM alpine:3.20\nRUN apk add --no-cache curl=8.7.1-r0 git~2.45 'jq>1.6' vim=~9\n",
        "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build --repository https://example.org/x gcc=13 ./local.apk\n",
        "FROM alpine:3.20\nRUN apk add --no-cache --repositories-file /x gcc=13\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Apk) {
        if managed.act != Act::Install {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        let known = aliases(run, managed.call, &["DL3018"], &[], false);
        let pin = ("NAME=VERSION", "`apk policy NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a package without version, and neither file nor conflict (apk-world(5)).
fn is_loose(word: &str) -> bool {
    !word.contains(['=', '~', '<', '>']) && !has_ending(word, &[".apk"]) && !word.starts_with('!')
}
