//! `COPY` of what `.dockerignore` leaves out.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_remote, transfers, value};
use crate::dockerignore::Dockerignore;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "ignored-copy",
        aliases: &["CopyIgnoredFile"],
        title: Text::fixed(
            "copy of a file that the build does not see",
            "复制构建时不可见的文件",
        ),
        why: Text::fixed(
            "What `.dockerignore` leaves out is not sent to the builder, so that the build fails, or goes on without it.",
            "`.dockerignore` 排除的文件不会发送给构建器,构建会失败,或在缺少该文件的情况下继续。",
        ),
        severity: Severity::Medium,
        references: &["Docker build checks, CopyIgnoredFile"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY ignored/app /app\n",
        "FROM debian:12.5\nARG NAME=a\nCOPY keep.log ${NAME}.log /logs/\n",
        "FROM debian:12.5\nADD [\"./b.log\", \"/logs/\"]\n",
    ],
    good: &[
        "FROM debian:12.5\nCOPY app keep.log /app/\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a ignored /app\n",
        "FROM debian:12.5\nCOPY . /app\nCOPY *.log /logs/\nADD https://example.org/a.log /logs/\n",
        "FROM debian:12.5\nCOPY <<a.log /logs/\nx\na.log\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(text) = &context.settings.dockerignore else {
        return;
    };
    let ignored = Dockerignore::read(text);
    let file = context.file;
    for (placed, transfer, _) in transfers(file) {
        let instruction = placed.instruction;
        if instruction.flag("from").is_some() {
            continue;
        }
        for source in &transfer.sources {
            let is_heredoc = instruction
                .heredocs
                .iter()
                .any(|heredoc| heredoc.opening == source.span);
            let (path, known) = value(file, &placed, source);
            // What a pattern stands for is seen only where the files are.
            if is_heredoc || !known || is_remote(&path) || path.contains(['*', '?', '[']) {
                continue;
            }
            let Some(line) = ignored.leaves_out(&path) else {
                continue;
            };
            sink.report(
                instruction,
                source.span,
                Text::new(
                    format!("`{path}` is left out of the build by `{line}` in `.dockerignore`"),
                    format!("`{path}` 被 `.dockerignore` 中的 `{line}` 排除在构建之外"),
                ),
                Text::new(
                    format!(
                        "let it in by a line `!{path}` behind that one, or copy something else"
                    ),
                    format!("请在该行之后添加 `!{path}`,或复制其他文件"),
                ),
            );
        }
    }
}
