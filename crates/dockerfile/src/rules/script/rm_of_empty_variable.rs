//! `rm -rf "$x/"`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Operator, Part, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "rm-of-empty-variable",
        aliases: &["SC2115"],
        title: Text::fixed(
            "rm of a path that an empty variable makes a system directory",
            "变量为空时 rm 会删除系统目录",
        ),
        why: Text::fixed(
            "When the variable is empty or unset, `rm -rf \"$x/usr\"` removes `/usr`.",
            "变量为空或未设置时,`rm -rf \"$x/usr\"` 会删除 `/usr`。",
        ),
        severity: Severity::High,
        references: &["ShellCheck SC2115"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN rm -rf \"$x/\"\n",
        "FROM debian:12\nRUN rm -r $x/usr/*\n",
        "FROM debian:12\nRUN rm -rf /var/$x\n",
    ],
    good: &[
        "FROM debian:12\nRUN rm -rf \"${x:?}/\"\n",
        "FROM debian:12\nRUN rm -rf \"$x\"\n",
        "FROM debian:12\nRUN rm -rf \"$x/foo\"\n",
        "FROM debian:12\nRUN rm \"$x/\"*\n",
        "FROM debian:12\nRUN rm -rf /usr/share/doc\n",
    ],
};

/// Directories that a system does not survive the loss of.
const DIRECTORIES: &[&str] = &[
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/usr",
    "/usr/bin",
    "/usr/local",
    "/usr/share",
    "/var",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            let command = seen.command.effective().invocation;
            if !command.runs("rm")
                || !(command.has_flag('r', "recursive") || command.has_flag('R', ""))
            {
                continue;
            }
            for word in command.args() {
                let Some(path) = path_without_values(word) else {
                    continue;
                };
                if !is_of_the_system(&path) {
                    continue;
                }
                run.report(
                    sink,
                    word.span,
                    Text::new(
                        format!("when the variable is empty, this removes `{path}`"),
                        format!("变量为空时,此命令会删除 `{path}`"),
                    ),
                    Text::fixed(
                        "write `${name:?}`, so that the script ends when there is no value",
                        "请写作 `${name:?}`,使脚本在变量无值时终止",
                    ),
                );
            }
        }
    }
}

/// The path where every expansion gives nothing; `None` where there is none, or one cannot be empty.
fn path_without_values(word: &Word) -> Option<String> {
    let mut path = String::new();
    let mut expands = false;
    add(&word.parts, &mut path, &mut expands)?;
    expands.then_some(path)
}

fn add(parts: &[Part], path: &mut String, expands: &mut bool) -> Option<()> {
    for part in parts {
        match part {
            Part::Literal { text, .. }
            | Part::SingleQuoted { text, .. }
            | Part::Glob { text, .. } => {
                path.push_str(text);
            }
            Part::DoubleQuoted { parts, .. } => add(parts, path, expands)?,
            Part::Parameter(parameter) => {
                let guarded = parameter.length
                    || matches!(
                        parameter.operator,
                        Some(Operator::Error | Operator::Default | Operator::Assign)
                    );
                if guarded {
                    return None;
                }
                *expands = true;
            }
            Part::Command { .. } => *expands = true,
            _ => return None,
        }
    }
    Some(())
}

fn is_of_the_system(path: &str) -> bool {
    let mut path = path.to_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    let directory = ["/*/*", "/*", "/", ""]
        .iter()
        .find_map(|end| path.strip_suffix(end))
        .unwrap_or(&path);
    !path.is_empty() && DIRECTORIES.contains(&directory)
}
