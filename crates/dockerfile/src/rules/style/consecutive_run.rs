//! `RUN` after `RUN`, where one would do.

use plimsoll_model::lint::{Edit, LintRule};
use plimsoll_model::{Severity, Text};

use crate::ast::{Command, Dockerfile, Instruction, Kind, ShellForm};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Seen;
use crate::{Span, fix};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "consecutive-run",
        aliases: &["DL3059"],
        title: Text::fixed(
            "single commands in RUN after RUN",
            "连续的 RUN 各只含一条命令",
        ),
        why: Text::fixed(
            "Every `RUN` is a layer, and what a later one removes stays in the earlier.",
            "每条 `RUN` 都会产生一层,后面的 `RUN` 删除的内容仍留在前面的层中。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices, RUN"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN make\nRUN make-install\n",
        "FROM debian:12\nRUN make\n# and then\n\nRUN make-install\n",
        "FROM debian:12\nRUN [\"make\"]\nRUN [\"make-install\"]\n",
    ],
    good: &[
        "FROM debian:12\nRUN make && make install\nRUN make test\n",
        "FROM debian:12\nRUN make | tee log\nRUN make test\n",
        "FROM debian:12\nRUN --mount=type=cache,target=/x make\nRUN make test\n",
        "FROM debian:12\nRUN make\nUSER app\nRUN make test\n",
        "FROM debian:12\nRUN make\nFROM debian:12\nRUN make\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut before: Option<&Instruction> = None;
    for instruction in &file.instructions {
        let is_single = is_single(instruction);
        if let (Some(first), true) = (before, is_single)
            && flags(first) == flags(instruction)
        {
            let mut found = sink.report(
                instruction,
                instruction.keyword.span,
                Text::fixed(
                    "this command makes a layer of its own behind that of the `RUN` before it",
                    "此命令在前一条 `RUN` 之后又单独产生一层",
                ),
                Text::fixed(
                    "join both with `&&` in one `RUN`, unless the first is kept apart for the build cache",
                    "除非要为前一条单独保留构建缓存,否则请用 `&&` 合并为一条 `RUN`",
                ),
            );
            if let Some(edits) = join(file, first, instruction) {
                found.unsafe_fix(edits);
            }
        }
        before = is_single.then_some(instruction);
    }
}

/// Whether it is a `RUN` of one command at most, those in substitutions counted; assignments and tests are none.
fn is_single(instruction: &Instruction) -> bool {
    match &instruction.kind {
        Kind::Run(Command::Shell(form)) if form.interpreter.is_posix() => {
            let commands = form.script.commands();
            let is_one =
                |seen: &&Seen<'_>| seen.command.words.first().is_some_and(|it| !it.is("["));
            commands.iter().filter(is_one).count() <= 1
        }
        Kind::Run(Command::Shell(form)) => !form.text.text().contains(['|', ';', '&']),
        Kind::Run(Command::Exec(words)) => {
            !words.iter().any(|word| word.text.contains(['|', ';', '&']))
        }
        _ => false,
    }
}

/// The flags, in an order of their own.
fn flags(instruction: &Instruction) -> Vec<(&str, &str)> {
    let flags = instruction.flags.iter();
    let mut flags: Vec<_> = flags
        .map(|flag| (flag.name.as_str(), flag.value()))
        .collect();
    flags.sort_unstable();
    flags
}

/// Both as one, where nothing but comments stands between and no quote or comment can swallow what joins them.
fn join(file: &Dockerfile, first: &Instruction, second: &Instruction) -> Option<Vec<Edit>> {
    let plain = |instruction: &Instruction| {
        let form = instruction.run().filter(|form| !form.is_heredoc);
        instruction.heredocs.is_empty() && form.is_some_and(is_plain)
    };
    if !plain(first) || !plain(second) {
        return None;
    }
    let between = Span::new(first.span.end, second.span.start).of(&file.text);
    let mut lines = between.lines().skip(1);
    if !lines.all(|line| line.trim_start().starts_with('#')) {
        return None;
    }
    let arguments = second.arguments.span(Span::new(0, 1)).start;
    Some(vec![
        fix::insert(first.span.end, format!(" {}", file.escape)),
        fix::replace(Span::new(second.span.start, arguments), "    && "),
    ])
}

fn is_plain(form: &ShellForm) -> bool {
    let text = form.text.text();
    !text.contains('#') && !text.ends_with([';', '&', '|', '\\'])
}
