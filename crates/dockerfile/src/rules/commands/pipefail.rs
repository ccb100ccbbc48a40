//! Pipelines whose errors nobody sees.

use std::collections::HashMap;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Command, Dockerfile, Instruction, Interpreter, Kind, ShellForm, Token};
use crate::lint::{Context, Found, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{self, List, Place, Script, SimpleCommand, Word};
use crate::{Span, fix};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "pipefail",
        aliases: &["DL4006"],
        title: Text::fixed("pipe whose errors are lost", "管道中的错误被忽略"),
        why: Text::fixed(
            "A pipeline fails only if its last command does: a download that broke off is unpacked, and the build succeeds.",
            "管道是否失败只取决于最后一条命令:下载中断的内容照样被解包,构建仍然成功。",
        ),
        severity: Severity::Medium,
        references: &["Docker manual, Building best practices, Using pipes"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN wget -qO- https://example.org/x | tar x\n",
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN a | b\n",
        "FROM debian:12\nRUN X=$(a | b) && (c | d)\n",
        "FROM debian:12\nRUN a | b && set -o pipefail\n",
        "FROM debian:12\nRUN [\"bash\", \"-c\", \"a | b\"]\n",
        "FROM debian:12\nRUN (set -o pipefail; a) && b | c\n",
    ],
    good: &[
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN a | b\n",
        "FROM debian:12 AS base\nSHELL [\"/usr/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nFROM base\nRUN a | b\n",
        "FROM debian:12\nRUN set -eux -o pipefail; a | b\n",
        "FROM debian:12\nRUN [\"bash\", \"-eo\", \"pipefail\", \"-c\", \"a | b\"]\n",
        "FROM debian:12\nRUN a || b; echo 'a | b'; case x in a|b) c;; esac\n",
        "FROM debian:12\nSHELL [\"pwsh\", \"-c\"]\nRUN a | b\n",
        "FROM debian:12\nRUN <<EOF\nset -euo pipefail\na | b\nEOF\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut shells: Vec<Option<&Instruction>> = Vec::new();
    for placed in file.walk() {
        let Some(stage) = placed.stage else { continue };
        let parent = file.stages.get(stage).and_then(|stage| stage.parent);
        while shells.len() <= stage {
            let inherited = parent.and_then(|parent| shells.get(parent).copied().flatten());
            shells.push(inherited);
        }
        if placed.onbuild {
            continue;
        }
        if let (Kind::Shell(_), Some(shell)) = (&placed.instruction.kind, shells.get_mut(stage)) {
            *shell = Some(placed.instruction);
        }
        if let Kind::Run(Command::Exec(words)) = &placed.instruction.kind
            && let Some(script) = open_argument(words)
        {
            report(sink, placed.instruction, script.span, None);
            continue;
        }
        let Some(form) = placed.instruction.run() else {
            continue;
        };
        let shell = shells.get(stage).copied().flatten();
        if !form.is_heredoc && shell.is_some_and(sets_pipefail) {
            continue;
        }
        let Some(place) = first_open(&form.script) else {
            continue;
        };
        let span = form.span(place.pipeline.span);
        let mut found = report(sink, placed.instruction, span, Some(form));
        if shell.is_none() {
            let from = file
                .stages
                .get(stage)
                .and_then(|stage| file.instructions.get(stage.from));
            if let Some(from) = from {
                found.unsafe_fix(vec![fix::insert(from.span.end, line(file, from))]);
            }
        }
    }
}

fn report<'s>(
    sink: &'s mut Sink<'_>,
    instruction: &Instruction,
    span: Span,
    form: Option<&ShellForm>,
) -> Found<'s> {
    sink.report(
        instruction,
        span,
        Text::fixed(
            "if a command before the last `|` fails, the build goes on",
            "若最后一个 `|` 之前的命令失败,构建仍会继续",
        ),
        suggestion(form),
    )
}

/// The script of `["bash", "-c", "a | b"]`, where nothing sets the option.
fn open_argument(words: &[Token]) -> Option<&Token> {
    let program = words.first()?;
    if !Interpreter::of(&program.text).is_posix() {
        return None;
    }
    let at = words.iter().position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let script = words.get(at.checked_add(1)?)?;
    let options = words.get(1..=at)?.iter().map(|word| word.text.as_str());
    if options_set_pipefail(options) {
        return None;
    }
    first_open(&shell::parse(&script.text)).map(|_| script)
}

/// The line that is put behind `FROM`; that the shell is there has to be seen by a person.
fn line(file: &Dockerfile, from: &Instruction) -> String {
    let end = if file.text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let shell = if from.arguments.text().contains("alpine") {
        "/bin/ash"
    } else {
        "/bin/bash"
    };
    format!("{end}SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]")
}

fn suggestion(form: Option<&ShellForm>) -> Text {
    match form.map(|form| &form.interpreter) {
        Some(Interpreter::Extended(_)) | None => Text::fixed(
            "begin the `RUN` with `set -o pipefail`, or name `-o pipefail` in `SHELL`",
            "请在 `RUN` 开头写 `set -o pipefail`,或在 `SHELL` 中加入 `-o pipefail`",
        ),
        _ => Text::fixed(
            "write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` before it where the image has bash, `/bin/ash` for Alpine and `-eo` for both",
            "若镜像中有 bash,请在前面写 `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`;Alpine 请用 `/bin/ash`,两者均可用 `-eo`",
        ),
    }
}

/// Whether `SHELL` names a shell that has the option, and the option.
fn sets_pipefail(instruction: &Instruction) -> bool {
    let Kind::Shell(words) = &instruction.kind else {
        return false;
    };
    let mut words = words.iter().map(|word| word.text.as_str()).peekable();
    let mut program = words.next().unwrap_or_default();
    if program.rsplit('/').next() == Some("env") {
        program = words.next().unwrap_or_default();
    }
    let name = program.rsplit('/').next().unwrap_or_default();
    let has_option = matches!(name, "bash" | "zsh" | "ash" | "ksh" | "mksh" | "busybox");
    has_option && options_set_pipefail(words)
}

/// Whether options of a shell set it: `-o pipefail`, `-euo pipefail`.
fn options_set_pipefail<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut takes = false;
    for word in words {
        if takes && word == "pipefail" {
            return true;
        }
        takes = word.starts_with('-') && !word.starts_with("--") && word.contains('o');
    }
    false
}

/// The first pipeline that no `set -o pipefail` before it covers.
fn first_open(script: &Script) -> Option<Place<'_>> {
    // Where each list sets the option first.
    let mut sets: HashMap<*const List, usize> = HashMap::new();
    for seen in script.commands() {
        if is_set(seen.command) && seen.pipeline.commands.len() == 1 && !seen.is_background() {
            let end = seen.command.span.end;
            sets.entry(std::ptr::from_ref(seen.list)).or_insert(end);
        }
    }
    let covers = |place: &Place<'_>| {
        let set = sets.get(&std::ptr::from_ref(place.list));
        set.is_some_and(|end| *end <= place.pipeline.span.start)
    };
    let mut pipelines = script.pipelines().into_iter();
    pipelines.find(|place| {
        let is_covered = covers(place) || place.scopes().any(|scope| covers(&scope.place));
        place.pipeline.commands.len() > 1 && !is_covered
    })
}

/// Whether it is `set -o pipefail`, also among other options.
fn is_set(command: &SimpleCommand) -> bool {
    if !command.runs("set") {
        return false;
    }
    let words: Vec<String> = command.args().iter().map(Word::outline).collect();
    options_set_pipefail(words.iter().map(String::as_str))
}
