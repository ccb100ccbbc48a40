//! `apk add` without `--no-cache`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, is_bare};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apk-cache-kept",
        aliases: &["DL3019", "DS-0025", "DKL-DI-0004"],
        title: Text::fixed("apk add without --no-cache", "apk add 未使用 --no-cache"),
        why: Text::fixed(
            "Without `--no-cache`, the index stays in the image, and somebody has to think of taking it away.",
            "不使用 `--no-cache` 时,索引会留在镜像中,需另行清理。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "requirements A 6.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM alpine:3.20\nRUN apk add curl=8\n",
        "FROM alpine:3.20\nRUN apk add --update curl=8 && rm -rf /var/cache/apk/*\n",
        "FROM alpine:3.20\nRUN [\"apk\", \"add\", \"curl=8\"]\n",
        "FROM alpine:3.20\nRUN sudo apk -U add curl=8\n",
    ],
    good: &[
        "FROM alpine:3.20\nRUN apk add --no-cache curl=8 && apk --no-cache add git=2\n",
        "FROM alpine:3.20\nRUN --mount=type=cache,target=/var/cache/apk apk add curl=8\n",
        "FROM alpine:3.20\nRUN --mount=type=cache,target=/etc/apk/cache apk add curl=8\n",
        "FROM alpine:3.20\nRUN apk del curl\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Apk) {
        let is_kept = managed.act == Act::Install && !managed.has(&["no-cache"]);
        if !is_kept || run.mounts("/var/cache/apk") || run.mounts("/etc/apk/cache") {
            continue;
        }
        let call = managed.call;
        let trivy_too = call.via == crate::commands::Via::Direct && is_bare(&managed);
        let ids = &["DS-0025", "DKL-DI-0004"];
        let known = aliases(run, call, &["DL3019"], ids, trivy_too);
        let update = managed.flag(&["U", "update", "update-cache"]);
        let alone = update.filter(|flag| {
            matches!(
                flag.argument.text.as_str(),
                "-U" | "--update" | "--update-cache"
            )
        });
        let edit = match alone {
            Some(flag) => call.replace(flag.argument.span, "--no-cache"),
            None => call.add(managed.verb.span, "--no-cache"),
        };
        sink.report(
            run.instruction,
            call.name.to(managed.verb.span),
            Text::fixed(
                "the index that this reads is written into the image",
                "此处读取的索引会写入镜像",
            ),
            Text::fixed(
                "write `apk add --no-cache`; it reads a new index and keeps none",
                "请写作 `apk add --no-cache`:它会读取新索引且不保留",
            ),
        )
        .aliases(&known)
        .safe_fix(vec![edit]);
    }
}
