//! `apt` in a script.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::aliases;
use crate::commands::Call;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "apt-command",
        aliases: &["DL3027"],
        title: Text::fixed("apt in a script", "脚本中使用 apt"),
        why: Text::fixed(
            "`apt` is made for people: its options and its output change between releases, and it says so itself.",
            "`apt` 面向交互使用:其选项与输出会随版本变化,它自己也会给出此警告。",
        ),
        severity: Severity::Low,
        references: &["apt(8), \"Script Usage and Differences from Other APT Tools\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt update && apt install -y curl=8\n",
        "FROM debian:12\nRUN [\"apt\", \"install\", \"-y\", \"curl=8\"]\n",
        "FROM debian:12\nRUN sudo apt list --installed\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-cache search curl\n",
        "FROM debian:12\nRUN echo apt install curl && which apt\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in run.calls.iter().filter(|call| call.program == "apt") {
            let known = aliases(run, call, &["DL3027"], &[], false);
            let mut found = sink.report(
                run.instruction,
                call.name,
                Text::fixed(
                    "`apt` is meant for people, and its behaviour changes between releases",
                    "`apt` 面向交互使用,其行为会随版本变化",
                ),
                Text::fixed(
                    "write `apt-get`, or `apt-cache` to search and show",
                    "请使用 `apt-get`;搜索与查看请使用 `apt-cache`",
                ),
            );
            found.aliases(&known);
            if let Some(program) = replacement(call) {
                let written = call.name.of(&context.file.text).trim_matches('"');
                let folder = written.strip_suffix("apt").unwrap_or_default();
                found.safe_fix(vec![call.replace(call.name, &format!("{folder}{program}"))]);
            }
        }
    }
}

/// The program for scripts that does the same with the same words.
fn replacement(call: &Call) -> Option<&'static str> {
    let words = call.arguments.iter().map(|word| word.text.as_str());
    let mut verbs = words.filter(|word| !word.starts_with('-'));
    match verbs.next()? {
        "install" | "reinstall" | "update" | "remove" | "purge" | "autoremove" | "clean"
        | "autoclean" | "build-dep" | "source" | "download" | "satisfy" => Some("apt-get"),
        "search" | "show" | "showsrc" | "depends" | "rdepends" | "policy" => Some("apt-cache"),
        _ => None,
    }
}
