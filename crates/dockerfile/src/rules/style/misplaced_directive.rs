//! `# syntax=`, `# escape=` and `# check=` where no builder looks for them.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "misplaced-directive",
        aliases: &[],
        title: Text::fixed(
            "parser directive that is only a comment",
            "解析器指令位置不对,只是普通注释",
        ),
        why: Text::fixed(
            "Directives hold only in the first lines of a file; behind a comment, an empty line or an instruction they are comments, and nobody says so.",
            "解析器指令只在文件最前面的几行有效;位于注释、空行或指令之后时只是普通注释,且没有任何提示。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, Parser directives"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\n# syntax=docker/dockerfile:1\nRUN make\n",
        "# our image\n# escape=`\nFROM debian:12\n",
        "\n# check=error=true\nFROM debian:12\n",
    ],
    good: &[
        "# syntax=docker/dockerfile:1\n# escape=\\\nFROM debian:12\n",
        "FROM debian:12\n# the syntax = is ours\nRUN make # escape=x\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for comment in &file.comments {
        let Some((name, value)) = comment.text.split_once('=') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let is_value = !value.trim().is_empty() && !value.trim().contains(char::is_whitespace);
        if !is_value || !matches!(name.as_str(), "syntax" | "escape" | "check") {
            continue;
        }
        let mut found = sink.report_comment(
            comment.span,
            Text::new(
                format!("`{name}` has no effect here: it does not stand before everything else"),
                format!("`{name}` 在此处不起作用:它没有位于其他内容之前"),
            ),
            Text::fixed(
                "make it the first line of the file, or remove it",
                "请将其移到文件第一行,或删除",
            ),
        );
        if file
            .directives
            .iter()
            .all(|directive| directive.name != name)
        {
            let start = if file.text.starts_with('\u{feff}') {
                3
            } else {
                0
            };
            let line = fix::whole_lines(&file.text, comment.span);
            let end = if line.of(&file.text).ends_with("\r\n") {
                "\r\n"
            } else {
                "\n"
            };
            let text = comment.span.of(&file.text);
            found.unsafe_fix(vec![
                fix::insert(start, format!("{text}{end}")),
                fix::remove(line),
            ]);
        }
    }
}
