//! `ARG` before the first `FROM` that nothing takes up.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::{PLATFORM, PREDEFINED};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unused-global-argument",
        aliases: &[],
        title: Text::fixed(
            "ARG before FROM that nothing uses",
            "FROM 之前的 ARG 未被使用",
        ),
        why: Text::fixed(
            "An `ARG` before the first `FROM` holds for `FROM` only; a stage that does not declare it again sees nothing of it.",
            "第一个 `FROM` 之前的 `ARG` 只对 `FROM` 有效;阶段内不再次声明就看不到它。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, Understand how ARG and FROM interact"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "ARG VERSION=1\nFROM debian:12\nRUN echo $VERSION\n",
        "ARG A=1\nARG B=2\nFROM debian:$B\n",
    ],
    good: &[
        "ARG VERSION=1\nFROM debian:${VERSION}\n",
        "ARG VERSION=1\nFROM debian:12\nARG VERSION\n",
        "ARG A=1\nARG B=$A\nFROM debian:$B\n",
        "ARG PLATFORM=linux/amd64\nFROM --platform=$PLATFORM debian:12\n",
        "ARG BUILDKIT_SBOM_SCAN_STAGE=true\nFROM debian:12\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let Some(first) = file.stages.first() else {
        return;
    };
    let mut used = std::collections::BTreeSet::new();
    let mut take_up = |word: &crate::ast::Token| {
        let expanded =
            crate::variables::expand(&word.text, file.escape, |_| crate::variables::Value::Open);
        used.extend(expanded.uses.into_iter().map(|found| found.name));
    };
    for (index, instruction) in file.instructions.iter().enumerate() {
        match &instruction.kind {
            Kind::From(from) => take_up(&from.image),
            Kind::Arg(pairs) if index < first.from => {
                pairs
                    .iter()
                    .filter_map(|pair| pair.value.as_ref())
                    .for_each(&mut take_up);
            }
            _ => {}
        }
        if matches!(
            instruction.kind,
            Kind::From(_) | Kind::Copy(_) | Kind::Run(_)
        ) {
            let flags = instruction.flags.iter();
            flags
                .filter_map(|flag| flag.value.as_ref())
                .for_each(&mut take_up);
        }
    }
    let staged = file.walk().filter(|placed| placed.stage.is_some());
    for placed in staged {
        if let Kind::Arg(pairs) = &placed.instruction.kind {
            used.extend(pairs.iter().map(|pair| pair.name.text.clone()));
        }
    }
    for instruction in file.instructions.iter().take(first.from) {
        let Kind::Arg(pairs) = &instruction.kind else {
            continue;
        };
        for pair in pairs {
            let name = pair.name.text.as_str();
            let is_builders = PLATFORM.contains(&name)
                || PREDEFINED.contains(&name)
                || name.starts_with("BUILDKIT_")
                || name == "SOURCE_DATE_EPOCH";
            if is_builders || used.contains(name) {
                continue;
            }
            sink.report(
                instruction,
                pair.span,
                Text::new(
                    format!("no `FROM` uses `{name}`, and no stage declares it again"),
                    format!("没有 `FROM` 使用 `{name}`,也没有阶段再次声明它"),
                ),
                Text::new(
                    format!("write `ARG {name}` in the stage that needs it, or remove this one"),
                    format!("请在需要它的阶段中写 `ARG {name}`,或删除此行"),
                ),
            );
        }
    }
}
