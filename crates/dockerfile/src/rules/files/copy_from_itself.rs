//! `COPY --from` the stage that it stands in.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::transfers;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "copy-from-itself",
        aliases: &["DL3023", "DS-0006"],
        title: Text::fixed(
            "COPY --from its own stage",
            "COPY --from 引用了自身所在的阶段",
        ),
        why: Text::fixed(
            "A stage is not there before it is built; the builder refuses a circle.",
            "阶段在构建完成前并不存在;构建器会拒绝循环引用。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, COPY --from"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5 AS build\nCOPY --from=build /a /b\n",
        "FROM debian:12.5 AS Build\nCOPY --from=build /a /b\n",
        "FROM debian:12.5\nCOPY --from=0 /a /b\n",
    ],
    good: &[
        "FROM debian:12.5 AS build\nFROM debian:12.5 AS final\nCOPY --from=build /a /b\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=0 /a /b\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, _, is_add) in transfers(file) {
        let flag = placed
            .instruction
            .flag("from")
            .and_then(|flag| flag.value.as_ref());
        let (Some(word), Some(stage), false) = (flag, placed.stage, is_add || placed.onbuild)
        else {
            continue;
        };
        let own = file.stages.get(stage).and_then(|stage| stage.name.as_ref());
        let is_named = own.is_some_and(|own| own.text.eq_ignore_ascii_case(&word.text));
        let is_number =
            own.is_none_or(|own| own.text != word.text) && word.text.parse() == Ok(stage);
        if !is_named && !is_number {
            continue;
        }
        let aliases: &[_] = match own {
            Some(own) if own.text == word.text => &["DL3023", "DS-0006"],
            Some(_) if is_named => &["DS-0006"],
            _ => &[],
        };
        sink.report(
            placed.instruction,
            word.span,
            Text::new(
                format!("`{}` is the stage that this stands in", word.text),
                format!("`{}` 就是当前阶段", word.text),
            ),
            Text::fixed(
                "name the stage that makes the files, or leave `--from` out",
                "请写生成这些文件的阶段,或去掉 `--from`",
            ),
        )
        .aliases(aliases);
    }
}
