//! `COPY a b /target`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{transfers, value};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "target-without-slash",
        aliases: &["DL3021", "DS-0011"],
        title: Text::fixed(
            "several sources and a target without a slash",
            "多个源而目标不以斜杠结尾",
        ),
        why: Text::fixed(
            "Several sources go into a directory, and only the slash at its end says that the target is one.",
            "多个源只能复制到目录,而只有末尾的斜杠才表明目标是目录。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, COPY"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY a b /target\n",
        "FROM debian:12.5\nCOPY [\"a\", \"b\", \"/target\"]\n",
        "FROM debian:12.5\nWORKDIR /app\nCOPY a b .\n",
        "FROM debian:12.5\nADD a b \"/target\"\n",
        "FROM debian:12.5\nCOPY a b $D\n",
    ],
    good: &[
        "FROM debian:12.5\nCOPY a b /target/\n",
        "FROM debian:12.5\nCOPY a b \"/target/\"\n",
        "FROM debian:12.5\nCOPY a /target\n",
        "FROM debian:12.5\nCOPY *.json /target\n",
        "FROM debian:12.5\nENV D=/d/\nCOPY a b $D\n",
        "# escape=`\nFROM debian:12.5\nCOPY a b c:\\d\\\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, is_add) in transfers(file) {
        let written = transfer.target.text.as_str();
        let has_slash = |path: &str| path.trim_end_matches(['"', '\'']).ends_with(['/', '\\']);
        if transfer.sources.len() < 2 || has_slash(written) {
            continue;
        }
        let (path, known) = value(file, &placed, &transfer.target);
        if known && path.ends_with(['/', '\\']) {
            continue;
        }
        // hadolint reads heredocs as sources only where there is nothing else.
        let heredocs = placed.instruction.heredocs.len();
        let aliases: &[_] = match heredocs {
            _ if is_add || placed.onbuild => &[],
            0 => &["DL3021", "DS-0011"],
            _ if heredocs == transfer.sources.len() => &["DL3021"],
            _ => &[],
        };
        // The builder knows that these are directories; and one that it cannot see may end with a slash.
        let is_directory = matches!(path.rsplit('/').next(), Some("." | ".."));
        let message = if is_directory {
            Text::new(
                format!("`{written}` is a directory; `{written}/` says so"),
                format!("`{written}` 是目录;写作 `{written}/` 更明确"),
            )
        } else if known {
            Text::new(
                format!("several sources go into `{written}`, which is not written as a directory"),
                format!("多个源复制到 `{written}`,但它没有写成目录"),
            )
        } else {
            Text::new(
                format!("whether `{written}` ends with a slash, only its value says"),
                format!("`{written}` 是否以斜杠结尾取决于变量的值"),
            )
        };
        let mut found = sink.report(
            placed.instruction,
            transfer.target.span,
            message,
            Text::fixed("end the target with `/`", "请让目标以 `/` 结尾"),
        );
        found.aliases(aliases);
        if is_directory || !known {
            found.severity(Severity::Negligible);
        }
        // In quotes, and in an array, the slash goes before the last quote.
        let span = transfer.target.span;
        let at = if span.of(&file.text).ends_with(['"', '\'']) {
            span.end.saturating_sub(1)
        } else {
            span.end
        };
        // On Windows, where the file escapes otherwise, paths may be written with backslashes only.
        let slash = if file.escape == '`' && written.contains('\\') && !written.contains('/') {
            "\\"
        } else {
            "/"
        };
        let edits = vec![fix::insert(at, slash)];
        if written.contains('$') {
            // An empty value would become the root.
            found.unsafe_fix(edits);
        } else {
            found.safe_fix(edits);
        }
    }
}
