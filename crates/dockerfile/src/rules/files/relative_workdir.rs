//! `WORKDIR app`.

use std::rc::Rc;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_absolute, value, without_quotes};
use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "relative-workdir",
        aliases: &["DL3000", "DS-0009", "WorkdirRelativePath"],
        title: Text::fixed("relative WORKDIR", "WORKDIR 使用了相对路径"),
        why: Text::fixed(
            "It goes from the last directory on, which may be one of the base image and change with it.",
            "它从上一个目录算起;而那可能是基础镜像的目录,会随之变化。",
        ),
        severity: Severity::Low,
        references: &[
            "Dockerfile reference, WORKDIR",
            "Docker build checks, WorkdirRelativePath",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nWORKDIR app\n",
        "FROM debian:12.5\nWORKDIR /srv\nWORKDIR app\nWORKDIR \"bin\"\n",
        "FROM scratch\nWORKDIR app\n",
        "FROM debian:12.5\nENV D=app\nWORKDIR $D\n",
        "FROM debian:12.5 AS a\nWORKDIR /srv\nFROM a\nWORKDIR app\n",
    ],
    good: &[
        "FROM debian:12.5\nWORKDIR /app\n",
        "FROM debian:12.5\nWORKDIR \"/app dir\"\n",
        "FROM debian:12.5\nWORKDIR $HOME/app\n",
        "FROM debian:12.5\nWORKDIR C:\\app\n",
        "FROM debian:12.5\nWORKDIR c:/app\n",
        "FROM debian:12.5\nENV D=/app\nWORKDIR ${D}\n",
        "FROM debian:12.5\nONBUILD WORKDIR app\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    // Where each stage ends, as far as it is known; an unknown base begins nowhere.
    let mut ends: Vec<Option<Rc<str>>> = Vec::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let mut current = match stage.parent {
            Some(parent) => ends.get(parent).cloned().flatten(),
            None => is_scratch(context, stage.from).then(|| "/".into()),
        };
        let mut is_first = true;
        for placed in file.walk_stage(number) {
            let Kind::Workdir(word) = &placed.instruction.kind else {
                continue;
            };
            if placed.onbuild || word.text.is_empty() {
                continue;
            }
            let (path, known) = value(file, &placed, word);
            let written = without_quotes(word);
            let was_first = std::mem::replace(&mut is_first, false);
            if is_absolute(&path) || is_absolute(written) {
                // A default may be another value in the next build.
                let is_fixed = known && !written.contains('$');
                current = is_fixed.then_some(path).and_then(short);
                continue;
            }
            if !known && written.starts_with('$') {
                current = None;
                continue;
            }
            let whole = current.as_ref().filter(|_| known && !written.contains('$'));
            let whole = whole.map(|base| join(base, &path)).and_then(short);
            let mut aliases = vec![];
            // hadolint lets what begins with a variable be, Trivy whatever has one.
            if !written.starts_with('$') {
                aliases.push("DL3000");
            }
            if !written.contains('$') {
                aliases.push("DS-0009");
            }
            if was_first {
                aliases.push("WorkdirRelativePath");
            }
            let suggestion = match &whole {
                Some(whole) => Text::new(format!("write `{whole}`"), format!("请写作 `{whole}`")),
                None => Text::fixed(
                    "write the whole path, from `/`",
                    "请写出从 `/` 开始的完整路径",
                ),
            };
            let mut found = sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!(
                        "`{}` goes from wherever the directory was before",
                        word.text
                    ),
                    format!("`{}` 取决于此前所在的目录", word.text),
                ),
                suggestion,
            );
            found.aliases(&aliases);
            let is_plain = |path: &str| !path.contains([' ', '$', '"', '\'', '\\', '~']);
            if let Some(whole) = &whole
                && is_plain(whole)
                && is_plain(written)
            {
                found.safe_fix(vec![fix::replace(word.span, whole.to_string())]);
            }
            current = whole;
        }
        ends.push(current);
    }
}

fn is_scratch(context: &Context<'_>, from: usize) -> bool {
    let instruction = context.file.instructions.get(from);
    matches!(instruction.map(|it| &it.kind), Some(Kind::From(from)) if from.image.text == "scratch")
}

/// A directory that is worth remembering: a hostile file may go ever deeper.
fn short(path: String) -> Option<Rc<str>> {
    (path.len() <= 256).then(|| path.into())
}

/// A path from a directory: dots are resolved, as the builder does.
fn join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
