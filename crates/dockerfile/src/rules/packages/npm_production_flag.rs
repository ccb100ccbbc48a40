//! `npm ci --only=production`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::calls;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "npm-production-flag",
        aliases: &[],
        title: Text::fixed("deprecated flag of npm", "npm 的废弃参数"),
        why: Text::fixed(
            "npm 8 and later say `--omit=dev`; the old spellings warn and will go.",
            "npm 8 起应使用 `--omit=dev`;旧写法会产生警告并将被移除。",
        ),
        severity: Severity::Negligible,
        references: &[
            "npm help config, \"only\" and \"production\"",
            "requirements A 5.2",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM node:20\nRUN npm ci --only=production\n",
        "FROM node:20\nRUN npm install --production\n",
        "FROM node:20\nRUN npm ci --only prod\n",
    ],
    good: &[
        "FROM node:20\nRUN npm ci --omit=dev\n",
        "FROM node:20\nRUN yarn install --production\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Npm) {
        if !matches!(managed.act, Act::Restore | Act::Install) {
            continue;
        }
        let found = managed.flags.iter().find(|flag| match flag.name {
            "only" => matches!(flag.value, Some("prod" | "production")),
            "production" => flag.value != Some("false"),
            _ => false,
        });
        let Some(flag) = found else { continue };
        let word = flag.argument;
        let mut reported = sink.report(
            run.instruction,
            word.span,
            Text::new(
                format!("npm 8 and later call `{}` `--omit=dev`", word.text),
                format!("npm 8 起 `{}` 已改为 `--omit=dev`", word.text),
            ),
            Text::fixed(
                "write `--omit=dev`, unless the image has an npm before 7",
                "请写作 `--omit=dev`,除非镜像中的 npm 早于 7",
            ),
        );
        // Where the value is a word of its own, two words have to go.
        if word.text.contains('=') || flag.value.is_none() {
            reported.unsafe_fix(vec![managed.call.replace(word.span, "--omit=dev")]);
        }
    }
}
