//! `FROM image:tag` without a digest.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-base",
        aliases: &[],
        title: Text::fixed("base image without a digest", "基础镜像未固定摘要"),
        why: Text::fixed(
            "Whoever may push to the repository can put another image under the tag; only a digest names the same \
             image for ever.",
            "有推送权限的人可以用同一标签换成另一个镜像;只有摘要永远指向同一镜像。",
        ),
        severity: Severity::Medium,
        references: &["requirements B 2.1", "requirements A, pinning by digest"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\n",
        "FROM debian\n",
        "ARG IMAGE\nFROM $IMAGE\n",
    ],
    good: &[
        "FROM scratch\n",
        "FROM debian:12.5@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS build\nFROM build\n",
        "ARG IMAGE=debian@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nFROM $IMAGE\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for base in images(context.file) {
        let name = &base.image;
        if base.has_digest() {
            continue;
        }
        let message = if base.known {
            Text::new(
                format!("`{name}` has no digest"),
                format!("`{name}` 没有摘要"),
            )
        } else {
            Text::new(
                format!("only the build says which image `{name}` is; the file pins none"),
                format!("`{name}` 是哪个镜像由构建参数决定;文件中没有固定"),
            )
        };
        sink.report(
            base.placed.instruction,
            base.from.image.span,
            message,
            Text::fixed(
                "add the digest that the tag has now, `image:1.2.3@sha256:…`, and renew it by an update bot",
                "请加上标签当前的摘要:`image:1.2.3@sha256:…`,并用更新机器人定期更新",
            ),
        );
    }
}
