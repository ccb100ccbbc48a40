//! Instructions some of which are in upper case and some in lower case.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "instruction-casing",
        aliases: &["ConsistentInstructionCasing"],
        title: Text::fixed("instructions in mixed case", "指令大小写不一致"),
        why: Text::fixed(
            "Readers and searches miss an instruction that is written unlike the others.",
            "与其他指令写法不同的指令容易被读者和搜索遗漏。",
        ),
        severity: Severity::Negligible,
        references: &["BuildKit, build checks"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nrun make\n",
        "From debian:12\nRun make\n",
        "from debian:12\nrun make\nCMD [\"x\"]\n",
        "FROM debian:12\nONBUILD run make\n",
    ],
    good: &[
        "FROM debian:12\nRUN make\n",
        "from debian:12\nrun make\nonbuild run make\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for instruction in &file.instructions {
        let text = &instruction.keyword.text;
        if *text == text.to_ascii_lowercase() {
            lower = lower.saturating_add(1);
        } else if *text == text.to_ascii_uppercase() {
            upper = upper.saturating_add(1);
        }
    }
    for placed in file.walk() {
        let keyword = &placed.instruction.keyword;
        let wanted = if lower > upper {
            keyword.text.to_ascii_lowercase()
        } else {
            keyword.text.to_ascii_uppercase()
        };
        if wanted == keyword.text || matches!(placed.instruction.kind, Kind::Unknown) {
            continue;
        }
        let written = &keyword.text;
        let mut found = sink.report(
            placed.instruction,
            keyword.span,
            Text::new(
                format!(
                    "most instructions are written as `{wanted}` would be, this one is `{written}`"
                ),
                format!("多数指令的写法应为 `{wanted}`,此处写成了 `{written}`"),
            ),
            Text::new(format!("write `{wanted}`"), format!("请写成 `{wanted}`")),
        );
        // A keyword that a continuation divides has no one place.
        let length = keyword.span.end.saturating_sub(keyword.span.start);
        if length == written.len() {
            found.safe_fix(vec![fix::replace(keyword.span, wanted)]);
        }
        if placed.onbuild {
            found.aliases(&[]);
        }
    }
}
