//! `apk add --update`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::calls;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apk-update-flag",
        aliases: &[],
        title: Text::fixed("apk add with --update", "apk add 使用 --update"),
        why: Text::fixed(
            "`--update` writes the index into the image; `--no-cache` reads a new one each time and keeps none.",
            "`--update` 会把索引写入镜像;`--no-cache` 每次读取新索引且不保留。",
        ),
        severity: Severity::Negligible,
        references: &["apk(8), \"--no-cache\"", "requirements A 3.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM alpine:3.20\nRUN apk add --update curl=8\n",
        "FROM alpine:3.20\nRUN apk -U add --no-cache curl=8\n",
    ],
    good: &[
        "FROM alpine:3.20\nRUN apk add --no-cache curl=8\n",
        "FROM alpine:3.20\nRUN apk -U upgrade\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Apk) {
        let Some(flag) = managed.flag(&["U", "update", "update-cache"]) else {
            continue;
        };
        if managed.act != Act::Install {
            continue;
        }
        let span = flag.argument.span;
        let has_no_cache = managed.has(&["no-cache"]);
        let (en, zh) = if has_no_cache {
            (
                "`--no-cache` reads a new index already",
                "`--no-cache` 本身即会读取新索引",
            )
        } else {
            ("the index is written into the image", "索引会写入镜像")
        };
        let mut found = sink.report(
            run.instruction,
            span,
            Text::fixed(en, zh),
            Text::fixed("write `--no-cache` alone", "请仅使用 `--no-cache`"),
        );
        if !matches!(
            flag.argument.text.as_str(),
            "-U" | "--update" | "--update-cache"
        ) {
            continue;
        }
        let edit = if has_no_cache {
            managed.call.take(context.file, span)
        } else {
            Some(managed.call.replace(span, "--no-cache"))
        };
        if let Some(edit) = edit {
            found.safe_fix(vec![edit]);
        }
    }
}
