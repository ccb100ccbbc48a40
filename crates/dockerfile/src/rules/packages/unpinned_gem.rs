//! `gem install` without versions.

use std::collections::HashSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Managed, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-gem",
        aliases: &["DL3028"],
        title: Text::fixed("gem without a version", "gem 未指定版本"),
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
        "FROM ruby:3.3\nRUN gem install bundler\n",
        "FROM ruby:3.3\nRUN gem install --no-document rails:7.1 puma\n",
        "FROM ruby:3.3\nRUN gem i -N rails\n",
    ],
    good: &[
        "FROM ruby:3.3\nRUN gem install bundler:2.5.6 \"rails:$RAILS\" ./a.gem b.gem\n",
        "FROM ruby:3.3\nRUN gem install --source https://example.org bundler -v 2.5.6 -- --with-x\n",
        "FROM ruby:3.3\nRUN gem install bundler --version=2.5.6 && gem update\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Gem) {
        if managed.act != Act::Install || managed.has(&["v", "version"]) {
            continue;
        }
        let loose: Vec<&Argument> = packages(&managed)
            .filter(|word| !word.text.contains(':') && !has_ending(&word.text, &[".gem"]))
            .collect();
        // hadolint takes the word behind some flags for their value, which they do not have.
        let hidden = hidden(&managed);
        let is_known = loose.iter().any(|word| !hidden.contains(&word.span.start));
        let ids: &[&str] = if is_known { &["DL3028"] } else { &[] };
        let known = aliases(run, managed.call, ids, &[], false);
        let pin = ("NAME:VERSION", "`gem list --remote --all --exact NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// The gems; what stands behind `--` is for their builds.
fn packages<'a>(managed: &Managed<'a>) -> impl Iterator<Item = &'a Argument> {
    let mut words = managed.call.arguments.iter();
    let end = words.find(|word| word.text == "--");
    let end = end.map_or(usize::MAX, |word| word.span.start);
    let all: Vec<&'a Argument> = managed.operands.clone();
    all.into_iter().filter(move |word| word.span.start < end)
}

/// Where the words behind those flags begin.
fn hidden(managed: &Managed<'_>) -> HashSet<usize> {
    let pairs = managed.call.arguments.windows(2);
    let hidden = pairs.filter_map(|pair| match pair {
        [flag, word] => matches!(
            flag.text.as_str(),
            "--no-document" | "-N" | "-f" | "--force"
        )
        .then_some(word.span.start),
        _ => None,
    });
    hidden.collect()
}
