//! `gem install` without versions.

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
        let ids: &[&str] = if loose.iter().any(|word| is_seen(&managed, word)) {
            &["DL3028"]
        } else {
            &[]
        };
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

/// Whether hadolint sees a gem: it takes the word behind some flags for their value, which they do not have.
fn is_seen(managed: &Managed<'_>, gem: &Argument) -> bool {
    let words = managed.call.arguments.iter();
    let before = words.take_while(|word| word.span != gem.span).last();
    !before.is_some_and(|word| {
        matches!(
            word.text.as_str(),
            "--no-document" | "-N" | "-f" | "--force"
        )
    })
}
