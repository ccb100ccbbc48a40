//! `yarn install` that leaves its cache.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, report_cache, uncleaned};
use crate::lint::{Context, Sink};
use crate::packages::Manager;
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "yarn-cache-kept",
        aliases: &["DL3060"],
        title: Text::fixed("cache of yarn left in the image", "镜像中留有 yarn 缓存"),
        why: Text::fixed(
            "Downloaded packages and metadata are of no use at run time, and what a layer holds, no later layer takes away.",
            "下载的软件包与元数据在运行时无用,而某层已有的内容无法由之后的层移除。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "yarn cache --help"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM node:20\nRUN yarn install --frozen-lockfile\n",
        "FROM node:20\nRUN yarn cache clean && yarn install\n",
        "FROM node:20\nRUN yarn global add a@1\n",
        "FROM node:20\nRUN yarn --frozen-lockfile && yarn build\n",
    ],
    good: &[
        "FROM node:20\nRUN yarn install && yarn build && yarn cache clean\n",
        "FROM node:20\nRUN --mount=type=cache,target=/usr/local/share/.cache yarn install\n",
        "FROM node:20\nRUN yarn build && yarn --version\n",
        "FROM node:20 AS a\nRUN yarn install\nFROM node:20\nCOPY --from=a /x /x\n",
    ],
};

/// Where yarn 1 keeps it for root and for others, and yarn 2 and later.
const PATHS: &[&str] = &[
    "/usr/local/share/.cache/yarn",
    "~/.cache/yarn",
    "~/.yarn/berry/cache",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs.iter().filter(|run| run.is_shipped) {
        let Some((managed, never)) = uncleaned(run, Manager::Yarn, PATHS, |_| true) else {
            continue;
        };
        let is_known = never && managed.verb.text == "install" && managed.call.program == "yarn";
        let ids: &[&str] = if is_known { &["DL3060"] } else { &[] };
        let known = aliases(run, managed.call, ids, &[], false);
        report_cache(context, sink, run, &managed, "yarn cache clean", &known);
    }
}
