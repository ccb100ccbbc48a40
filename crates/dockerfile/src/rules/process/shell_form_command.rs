//! `CMD node server.js`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Command, Dockerfile, Instruction, Interpreter, Kind, Placed, ShellForm};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "shell-form-command",
        aliases: &["DL3025", "JSONArgsRecommended"],
        title: Text::fixed("command that a shell has to run", "命令需要由 shell 执行"),
        why: Text::fixed(
            "A text is given to `/bin/sh -c`: the image needs a shell, which stands between the program and its \
             signals, so that it is killed instead of stopped. A JSON array is run as it is.",
            "文本形式会交给 `/bin/sh -c`:镜像必须有 shell,且它挡在程序与信号之间,停止时程序会被强制杀死。JSON 数组则直接执行。",
        ),
        severity: Severity::Low,
        references: &[
            "Dockerfile reference, Shell and exec form",
            "Docker build checks, JSONArgsRecommended",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCMD node server.js\n",
        "FROM debian:12.5\nENTRYPOINT ['node']\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=5s CMD curl -f http://localhost/\n",
        "FROM debian:12.5\nCMD a && b\n",
    ],
    good: &[
        "FROM debian:12.5\nCMD [\"node\", \"server.js\"]\n",
        "FROM debian:12.5\nCMD []\n",
        "FROM debian:12.5\nONBUILD CMD node\n",
        "FROM debian:12.5\nRUN node\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let has_shell = stages_with_shell(file);
    for placed in file.walk() {
        let instruction = placed.instruction;
        if placed.onbuild || matches!(instruction.kind, Kind::Run(_)) {
            continue;
        }
        let Some(Command::Shell(form)) = instruction.command() else {
            continue;
        };
        let shell = placed
            .stage
            .and_then(|stage| has_shell.get(stage))
            .copied()
            .flatten();
        report(
            file,
            sink,
            &placed,
            form,
            shell.is_some_and(|from| from < placed.index),
        );
    }
}

/// From which instruction on each stage has a `SHELL`, its own or an inherited one.
fn stages_with_shell(file: &Dockerfile) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = Vec::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let inherited = stage
            .parent
            .and_then(|parent| found.get(parent))
            .copied()
            .flatten();
        let own = file
            .walk_stage(number)
            .find(|placed| !placed.onbuild && matches!(placed.instruction.kind, Kind::Shell(_)));
        found.push(inherited.or(own.map(|placed| placed.index)));
    }
    found
}

fn report(
    file: &Dockerfile,
    sink: &mut Sink<'_>,
    placed: &Placed<'_>,
    form: &ShellForm,
    has_shell: bool,
) {
    let instruction: &Instruction = placed.instruction;
    let name = instruction.name();
    let text = form.text.text().trim();
    let span = form.span(Span::new(0, form.text.text().len()));
    let is_check = matches!(instruction.kind, Kind::Healthcheck(_));
    let message = if text.starts_with('[') {
        Text::fixed(
            "this looks like JSON and is none, so that a shell gets it as text",
            "看起来像 JSON 但并不合法,会作为文本交给 shell",
        )
    } else {
        Text::new(
            format!("`{name}` runs through a shell"),
            format!("`{name}` 通过 shell 执行"),
        )
    };
    let json = plain_words(text).filter(|_| !has_shell && form.interpreter == Interpreter::Sh);
    let suggestion = match &json {
        Some(json) => Text::new(format!("write `{json}`"), format!("请写作 `{json}`")),
        None => Text::fixed(
            "write a JSON array of program and arguments; put what needs a shell into a script that ends with `exec`",
            "请写成由程序和参数组成的 JSON 数组;需要 shell 的部分放进以 `exec` 结尾的脚本",
        ),
    };
    let aliases: &[_] = if is_check || has_shell {
        &["DL3025"]
    } else {
        &["DL3025", "JSONArgsRecommended"]
    };
    let mut found = sink.report(instruction, span, message, suggestion);
    found.aliases(aliases);
    if is_check {
        found.severity(Severity::Negligible);
    } else if text.starts_with('[') {
        found.severity(Severity::Medium);
    }
    let is_whole = span.of(&file.text).trim() == text;
    let Some(json) = json.filter(|_| is_whole) else {
        return;
    };
    // A health check does the same without its shell. For a process it is another PID 1, and an entry point gets
    // other arguments: a person has to look.
    if is_check {
        found.safe_fix(vec![fix::replace(span, json)]);
    } else {
        found.unsafe_fix(vec![fix::replace(span, json)]);
    }
}

/// The JSON array of a text that no shell would change: words of harmless characters that begin with a program.
fn plain_words(text: &str) -> Option<String> {
    const OF_SHELLS: [&str; 40] = [
        ".", ":", "[", "alias", "bg", "break", "case", "cd", "command", "continue", "do", "done",
        "eval", "exec", "exit", "export", "fg", "for", "function", "getopts", "hash", "if", "jobs",
        "local", "read", "readonly", "return", "set", "shift", "source", "then", "time", "times",
        "trap", "type", "ulimit", "umask", "unset", "wait", "while",
    ];
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " \t_./:=@%+,-".contains(c);
    if text.is_empty() || !text.chars().all(is_harmless) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.first()?;
    if first.contains('=') || OF_SHELLS.contains(first) {
        return None;
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    Some(format!("[{}]", quoted.join(", ")))
}
