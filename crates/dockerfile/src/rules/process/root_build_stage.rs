//! A stage that is not the last one ends as root.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{User, lineage, user};
use crate::ast::{Kind, Placed, Token};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "root-build-stage",
        aliases: &["DL3002", "DS-0002"],
        title: Text::fixed("earlier stage ends as root", "前面的阶段以 root 结束"),
        why: Text::fixed(
            "The image is made of the last stage; an earlier one matters where `--target` builds it alone, and then it \
             runs as root.",
            "镜像由最后一个阶段生成;只有用 `--target` 单独构建前面的阶段时才有影响,此时它以 root 运行。",
        ),
        severity: Severity::Negligible,
        references: &["requirements B 1.4"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5 AS build\nUSER root\nFROM debian:12.5\nUSER app\n"],
    good: &[
        "FROM debian:12.5 AS build\nUSER root\nUSER app\nFROM debian:12.5\n",
        "FROM debian:12.5\nUSER root\n",
        "FROM debian:12.5 AS build\nUSER root\nFROM build\nRUN true\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    // What the image of the last stage inherits is `root-user`'s.
    let has_user = |stage: usize| {
        let mut own = file.walk_stage(stage);
        own.any(|placed| !placed.onbuild && matches!(placed.instruction.kind, Kind::User(_)))
    };
    let effective = lineage(file).into_iter().find(|stage| has_user(*stage));
    let is_user =
        |placed: &Placed<'_>| !placed.onbuild && matches!(placed.instruction.kind, Kind::User(_));
    let last_user = file
        .walk()
        .filter(is_user)
        .last()
        .map(|placed| placed.index);
    for stage in 0..file.stages.len() {
        let mut last: Option<(Placed<'_>, &Token)> = None;
        for placed in file.walk_stage(stage).filter(|placed| !placed.onbuild) {
            if let Kind::User(word) = &placed.instruction.kind {
                last = Some((placed, word));
            }
        }
        let Some((placed, word)) = last else { continue };
        if effective == Some(stage) || user(file, &placed, word) != User::Root {
            continue;
        }
        let is_plain = matches!(word.text.split(':').next(), Some("root" | "0"));
        // Trivy takes the last `USER` of any stage for that of the image.
        let is_last = last_user == Some(placed.index);
        let aliases: &[_] = match (is_plain, is_last) {
            (false, _) => &[],
            (true, false) => &["DL3002"],
            (true, true) => &["DL3002", "DS-0002"],
        };
        sink.report(
            placed.instruction,
            word.span,
            Text::fixed(
                "this stage ends as root; the last one does not take that over",
                "该阶段以 root 结束;最后一个阶段不受影响",
            ),
            Text::fixed(
                "nothing has to be done unless `--target` builds this stage; end it with another user then",
                "除非用 `--target` 构建该阶段,否则无需处理;若会单独构建,请在其末尾切换用户",
            ),
        )
        .aliases(aliases);
    }
}
