//! `npm install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-npm-package",
        aliases: &["DL3016"],
        title: Text::fixed("npm package without a version", "npm 包未指定版本"),
        why: Text::fixed(
            "Without a version, the same file installs something else tomorrow, and nobody can say what was built.",
            "不指定版本时,同一文件明天会安装不同的内容,构建结果无法追溯。",
        ),
        severity: Severity::Medium,
        references: &["requirements B 2.1", "npm help install"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM node:20\nRUN npm install -g express\n",
        "FROM node:20\nRUN npm i @scope/a b@1.0.0\n",
        "FROM node:20\nRUN npm install git+https://example.org/x.git user/repo\n",
        "FROM node:20\nRUN npm install -g npm@latest\n",
    ],
    good: &[
        "FROM node:20\nRUN npm install -g express@4.19.2 @scope/a@1 \"b@$V\" ./c /d/e.tgz . file:f\n",
        "FROM node:20\nRUN npm install && npm ci\n",
        "FROM node:20\nRUN npm install --prefix /x --cache /y git+https://example.org/x.git#v1 https://example.org/z.tgz\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Npm) {
        if managed.act != Act::Install {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        // hadolint knows `npm install` alone, and takes `@latest` for a version.
        let mut words = managed.call.arguments.iter();
        let first = words.find(|word| !word.text.starts_with('-'));
        let is_known = first.is_some_and(|word| word.text == "install")
            && loose.iter().any(|word| !word.text.ends_with("@latest"));
        let ids: &[&str] = if is_known { &["DL3016"] } else { &[] };
        let known = aliases(run, managed.call, ids, &[], false);
        let pin = ("NAME@VERSION", "`npm view NAME versions`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a package without version, and neither file nor folder (npm help install).
fn is_loose(word: &str) -> bool {
    let is_file = word.starts_with(['.', '/', '~'])
        || word.starts_with("file:")
        || has_ending(word, &[".tgz", ".tar.gz", ".tar"]);
    if is_file {
        return false;
    }
    let is_scoped = word.starts_with('@');
    let is_repository = word.contains(':') || !is_scoped && word.contains('/');
    if is_repository && !word.contains("npm:") {
        let is_address = word.starts_with("http://") || word.starts_with("https://");
        return !is_address && !word.contains('#') && !word.trim_start_matches('@').contains('@');
    }
    let name = word.strip_prefix('@').unwrap_or(word);
    match name.rsplit_once('@') {
        Some((_, version)) => version.is_empty() || version == "latest",
        None => true,
    }
}
