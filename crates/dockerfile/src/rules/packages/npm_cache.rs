//! `npm install` that leaves its cache.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{report_cache, uncleaned};
use crate::lint::{Context, Sink};
use crate::packages::Manager;
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "npm-cache-kept",
        aliases: &[],
        title: Text::fixed("cache of npm left in the image", "镜像中留有 npm 缓存"),
        why: Text::fixed(
            "Downloaded packages and metadata are of no use at run time, and what a layer holds, no later layer takes away.",
            "下载的软件包与元数据在运行时无用,而某层已有的内容无法由之后的层移除。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "npm help cache"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM node:20\nRUN npm ci --omit=dev\n",
        "FROM node:20\nRUN npm install -g express@4.19.2\n",
    ],
    good: &[
        "FROM node:20\nRUN npm ci --omit=dev && npm cache clean --force\n",
        "FROM node:20\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
        "FROM node:20\nRUN npm ci && rm -rf ~/.npm\n",
        "FROM node:20 AS a\nRUN npm ci\nFROM node:20\nCOPY --from=a /x /x\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs.iter().filter(|run| run.is_shipped) {
        let found = uncleaned(run, Manager::Npm, &["~/.npm/_cacache"], |_| true);
        let Some((managed, _)) = found else { continue };
        // A cache that is put somewhere else is somebody's intention.
        if !managed.has(&["cache"]) {
            report_cache(context, sink, run, &managed, "npm cache clean --force", &[]);
        }
    }
}
