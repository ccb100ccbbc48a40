//! `RUN cd`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::heads;
use crate::Span;
use crate::ast::{Command, Kind};
use crate::commands::{Call, Run, Via};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "change-directory",
        aliases: &["DL3003", "DS-0013"],
        title: Text::fixed("cd in RUN", "RUN 中使用 cd"),
        why: Text::fixed(
            "`cd` holds to the end of its `RUN` only; `WORKDIR` holds for all that follows, makes the directory, and is seen.",
            "`cd` 只在所在的 `RUN` 内有效;`WORKDIR` 对后续指令都有效,会创建目录,也一目了然。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices, WORKDIR"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN cd /src && make\n",
        "FROM debian:12\nRUN mkdir /src; (cd /src && make)\n",
        "FROM debian:12\nRUN [\"sh\", \"-c\", \"cd /src && make\"]\n",
        "FROM debian:12\nRUN <<EOF\ncd /src\nmake\nEOF\n",
        "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir && cd C:\\app\n",
    ],
    good: &[
        "FROM debian:12\nWORKDIR /src\nRUN make\n",
        "FROM debian:12\nRUN echo 'cd /src' && make -C /src\n",
        "FROM debian:12\nRUN bash -c 'cd /src && make'\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        let is_cd =
            |call: &&Call| call.name.of(&context.file.text).trim_matches(['"', '\'']) == "cd";
        let mut calls = run.calls.iter().filter(is_cd);
        let found = calls.find(|call| call.via != Via::Nested || is_json(run));
        let (span, is_hadolints) = match found {
            Some(call) => (call.span, call.via != Via::Nested),
            None => match foreign(run) {
                Some(span) => (span, true),
                None => continue,
            },
        };
        let mut aliases = Vec::new();
        if is_hadolints && !run.onbuild {
            aliases.push("DL3003");
        }
        if is_trivys(run) && !run.onbuild {
            aliases.push("DS-0013");
        }
        sink.report(
            run.instruction,
            span,
            Text::fixed(
                "this `cd` is forgotten at the end of the `RUN`",
                "此 `cd` 在该 `RUN` 结束后即失效",
            ),
            Text::fixed(
                "write `WORKDIR` before the `RUN`, or tell the program its directory (`make -C`, `git -C`)",
                "请在 `RUN` 之前写 `WORKDIR`,或用参数指定目录(`make -C`、`git -C`)",
            ),
        )
        .aliases(&aliases);
    }
}

/// A `cd` for `cmd` or `PowerShell`: at the beginning of the text, or behind what separates commands there.
fn foreign(run: &Run<'_>) -> Option<Span> {
    let Kind::Run(Command::Shell(form)) = &run.instruction.kind else {
        return None;
    };
    if form.interpreter.is_posix() {
        return None;
    }
    let mut start = 0_usize;
    for part in form.text.text().split_inclusive(['&', ';', '|', '\n']) {
        let cut = part.len().saturating_sub(part.trim_start().len());
        let words = part.trim_start();
        if words
            .get(..3)
            .is_some_and(|word| word.eq_ignore_ascii_case("cd "))
        {
            let begin = start.saturating_add(cut);
            return Some(form.span(Span::new(begin, begin.saturating_add(2))));
        }
        start = start.saturating_add(part.len());
    }
    None
}

fn is_json(run: &Run<'_>) -> bool {
    matches!(run.instruction.kind, Kind::Run(Command::Exec(_)))
}

fn is_trivys(run: &Run<'_>) -> bool {
    match &run.instruction.kind {
        Kind::Run(Command::Exec(words)) => words.iter().any(|word| {
            let mut parts = word.text.split("&&");
            parts.any(|part| part.trim_start().starts_with("cd "))
        }),
        _ => heads(run.instruction).any(|head| head.starts_with("cd ")),
    }
}
