//! `COPY a b` where no `WORKDIR` says where.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_absolute, value, without_quotes};
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "relative-copy-target",
        aliases: &["DL3045"],
        title: Text::fixed(
            "relative target without WORKDIR",
            "目标为相对路径但没有 WORKDIR",
        ),
        why: Text::fixed(
            "It goes to the working directory of the base image, which may change with it.",
            "文件会落到基础镜像的工作目录,而它可能随基础镜像变化。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, COPY"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY a b\n",
        "FROM debian:12.5\nADD a.tar .\n",
        "FROM debian:12.5\nCOPY [\"a\", \"b/\"]\nWORKDIR /app\n",
        "FROM debian:12.5 AS a\nWORKDIR /app\nFROM debian:12.5\nCOPY a \"b\"\n",
    ],
    good: &[
        "FROM debian:12.5\nWORKDIR /app\nCOPY a b\n",
        "FROM debian:12.5 AS a\nWORKDIR /app\nFROM a\nCOPY a b\n",
        "FROM debian:12.5\nCOPY a /b\n",
        "FROM debian:12.5\nCOPY a $D/b\n",
        "FROM debian:12.5\nCOPY a C:/b\n",
        "FROM debian:12.5\nONBUILD COPY a b\n",
        "FROM scratch\nCOPY a .\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut has: Vec<bool> = Vec::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let mut is_set = match stage.parent {
            Some(parent) => has.get(parent).copied().unwrap_or_default(),
            None => false,
        };
        let first = file.instructions.get(stage.from).map(|it| &it.kind);
        let is_scratch = matches!(first, Some(Kind::From(from)) if from.image.text == "scratch");
        for placed in file.walk_stage(number) {
            let (transfer, is_add) = match &placed.instruction.kind {
                _ if placed.onbuild => continue,
                Kind::Workdir(_) => {
                    is_set = true;
                    continue;
                }
                Kind::Copy(transfer) => (transfer, false),
                Kind::Add(transfer) => (transfer, true),
                _ => continue,
            };
            let written = without_quotes(&transfer.target);
            let (path, known) = value(file, &placed, &transfer.target);
            if is_set || is_absolute(&path) || is_absolute(written) || path.is_empty() {
                continue;
            }
            // What begins with a variable that nobody knows may be absolute; of nothing, `/` is the directory.
            if !known && path.starts_with('$') || is_scratch {
                continue;
            }
            let aliases: &[_] = if is_add || written.starts_with('$') {
                &[]
            } else {
                &["DL3045"]
            };
            sink.report(
                placed.instruction,
                transfer.target.span,
                Text::new(
                    format!(
                        "where `{}` is, only the base image says",
                        transfer.target.text
                    ),
                    format!("`{}` 位于何处取决于基础镜像", transfer.target.text),
                ),
                Text::fixed(
                    "set an absolute `WORKDIR` before, or write the whole path",
                    "请先设置绝对路径的 `WORKDIR`,或写出完整路径",
                ),
            )
            .aliases(aliases);
        }
        has.push(is_set);
    }
}
