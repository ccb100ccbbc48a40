//! `COPY --from=name` where no stage has that name.

use std::collections::HashSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unknown-copy-source",
        aliases: &["DL3022"],
        title: Text::fixed(
            "COPY --from what no earlier stage is",
            "COPY --from 的来源不是前面的阶段",
        ),
        why: Text::fixed(
            "The builder then pulls an image of that name: a typing error takes files of strangers into the image.",
            "构建器会拉取同名镜像:一个拼写错误就可能把陌生人的文件带进镜像。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, COPY --from"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5 AS build\nFROM debian:12.5\nCOPY --from=biuld /a /b\n",
        "FROM debian:12.5\nCOPY --from=later /a /b\nFROM debian:12.5 AS later\n",
        "FROM debian:12.5\nCOPY --from=3 /a /b\n",
        "FROM debian:12.5\nCOPY --from=example.org/tool /a /b\n",
        "FROM debian:12.5 AS build\nFROM debian:12.5\nARG STAGE=build\nCOPY --from=$STAGE /a /b\n",
    ],
    good: &[
        "FROM debian:12.5 AS build\nFROM debian:12.5\nCOPY --from=build /a /b\n",
        "FROM debian:12.5 AS Build\nFROM debian:12.5\nCOPY --from=build /a /b\n",
        "FROM debian:12.5\nFROM debian:12.5\nCOPY --from=0 /a /b\n",
        "FROM debian:12.5\nCOPY --from=example.org/tool:1.2 /a /b\n",
        "FROM debian:12.5\nCOPY --from=tool@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa /a /b\n",
        "FROM debian:12.5 AS own\nCOPY --from=own /a /b\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut names: HashSet<String> = HashSet::new();
    for placed in file.walk() {
        match &placed.instruction.kind {
            Kind::From(from) => {
                names.extend(from.name.iter().map(|name| name.text.to_ascii_lowercase()));
            }
            Kind::Copy(_) => {}
            _ => continue,
        }
        let flag = placed
            .instruction
            .flag("from")
            .and_then(|flag| flag.value.as_ref());
        let (Some(word), Some(stage)) = (flag, placed.stage) else {
            continue;
        };
        // The builder replaces no variables here.
        let source = word.text.clone();
        let known = !source.contains('$');
        let is_number = source.bytes().all(|b| b.is_ascii_digit());
        // Its own number is another rule's, as its own name is.
        let is_stage = names.contains(&source.to_ascii_lowercase())
            || is_number && source.parse::<usize>().is_ok_and(|number| number <= stage);
        let last = source.rsplit('/').next().unwrap_or_default();
        if source.is_empty() || is_stage || known && last.contains([':', '@']) {
            continue;
        }
        let is_image = source.contains('/') && known;
        let message = if !known {
            Text::new(
                format!(
                    "`{}` is no name of a stage: variables have no value here",
                    word.text
                ),
                format!("`{}` 不是阶段名:此处不会替换变量", word.text),
            )
        } else if is_image {
            Text::new(
                format!("`{source}` is an image without a tag, which means `latest`"),
                format!("`{source}` 是没有标签的镜像,等同于 `latest`"),
            )
        } else {
            Text::new(
                format!(
                    "no stage before is called `{source}`; an image of that name would be pulled"
                ),
                format!("前面没有名为 `{source}` 的阶段;构建器会拉取同名镜像"),
            )
        };
        let is_seen = !placed.onbuild && !last.contains([':', '@']);
        let aliases: &[_] = if is_seen { &["DL3022"] } else { &[] };
        sink.report(
            placed.instruction,
            word.span,
            message,
            Text::fixed(
                "name a stage that stands before, or an image with its version and digest",
                "请写前面已有的阶段名,或带版本和摘要的镜像",
            ),
        )
        .aliases(aliases);
    }
}
