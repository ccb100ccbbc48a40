//! `COPY --from=build / /`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{transfers, value};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "whole-filesystem",
        aliases: &["DL3067"],
        title: Text::fixed(
            "whole file system copied from another stage",
            "从其他阶段复制整个文件系统",
        ),
        why: Text::fixed(
            "Tools, caches and secrets of the build come along, which the stages were made to leave behind.",
            "构建工具、缓存和密钥会一并带入,而多阶段构建正是为了避免这些。",
        ),
        severity: Severity::Medium,
        references: &["Docker documentation, Multi-stage builds"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a / /\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a [\"/\", \"/\"]\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a /. /\n",
    ],
    good: &[
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a /app /\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a / /rootfs\n",
        "FROM debian:12.5\nCOPY . /\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, is_add) in transfers(file) {
        if is_add || placed.instruction.flag("from").is_none() {
            continue;
        }
        let is_root = |word| {
            let (path, _) = value(file, &placed, word);
            path.starts_with('/') && path.trim_matches(['/', '.', '*']).is_empty()
        };
        if !is_root(&transfer.target) || !transfer.sources.iter().any(is_root) {
            continue;
        }
        let is_slash = |text: &str| text.trim_matches(['"', '\'']) == "/";
        let is_plain = is_slash(&transfer.target.text)
            && matches!(transfer.sources.as_slice(), [only] if is_slash(&only.text))
            && !placed.onbuild;
        let aliases: &[_] = if is_plain { &["DL3067"] } else { &[] };
        sink.report(
            placed.instruction,
            placed.instruction.span,
            Text::fixed(
                "everything of the other stage is copied",
                "复制了另一阶段的全部内容",
            ),
            Text::fixed(
                "name the files that the program needs; to flatten an image, say so in a comment",
                "请只列出程序需要的文件;若目的是压平镜像,请写注释说明",
            ),
        )
        .aliases(aliases);
    }
}
