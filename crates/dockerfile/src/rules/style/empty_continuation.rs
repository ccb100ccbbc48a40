//! Empty lines within an instruction.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "empty-continuation",
        aliases: &["NoEmptyContinuation"],
        title: Text::fixed("empty line within an instruction", "指令的续行中有空行"),
        why: Text::fixed(
            "An empty line reads as the end of the instruction, but builders go on behind it; they say that this will be an error.",
            "空行看上去像是指令的结尾,构建器却会继续读取;构建器已声明今后将报错。",
        ),
        severity: Severity::Medium,
        references: &["BuildKit, build checks"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN make && \\\n\n    make install\n",
        "FROM debian:12\r\nENV A=1 \\\r\n\r\n  \t\r\n  B=2\r\n",
        "FROM debian:12\nRUN make \\\n\n",
    ],
    good: &[
        "FROM debian:12\nRUN make && \\\n    # and then\n    make install\n\nCMD [\"x\"]\n",
        "FROM debian:12\nRUN <<EOF\nmake\n\nmake install\nEOF\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for instruction in &file.instructions {
        let lines = &instruction.empty_continuations;
        let Some(first) = lines.first() else {
            continue;
        };
        let edits = lines
            .iter()
            .map(|line| fix::remove(fix::whole_lines(&file.text, *line)));
        let mut edits: Vec<_> = edits.collect();
        edits.dedup();
        sink.report(
            instruction,
            *first,
            Text::fixed(
                "this empty line does not end the instruction",
                "此空行并不会结束该指令",
            ),
            Text::fixed(
                "remove the line, or the escape at the end of the line before it",
                "请删除该空行,或删除上一行末尾的续行符",
            ),
        )
        .safe_fix(edits);
    }
}
