//! `STOPSIGNAL` that is no signal, or stops nothing in order.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_windows, last_image};
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-stop-signal",
        aliases: &[],
        title: Text::fixed(
            "stop signal that does not stop in order",
            "停止信号无效或无法正常停止",
        ),
        why: Text::fixed(
            "A name that is no signal fails the build; SIGKILL and SIGSTOP cannot be handled, so that nothing is put \
             away before the end.",
            "无效的信号名会使构建失败;SIGKILL 与 SIGSTOP 无法被处理,程序来不及做收尾工作。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, STOPSIGNAL", "signal(7)"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nSTOPSIGNAL SIGQUITT\n",
        "FROM debian:12.5\nSTOPSIGNAL 9\n",
        "FROM debian:12.5\nSTOPSIGNAL kill\n",
        "FROM debian:12.5\nSTOPSIGNAL 0\n",
    ],
    good: &[
        "FROM debian:12.5\nSTOPSIGNAL SIGQUIT\n",
        "FROM debian:12.5\nSTOPSIGNAL 15\n",
        "FROM debian:12.5\nSTOPSIGNAL SIGRTMIN+3\n",
        "FROM debian:12.5\nSTOPSIGNAL $S\n",
    ],
};

/// The signals of Linux, without `SIG`.
const NAMES: &[&str] = &[
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
    "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
    "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    if is_windows(file, &last_image(file)) {
        return;
    }
    for placed in file.walk() {
        let Kind::Stopsignal(word) = &placed.instruction.kind else {
            continue;
        };
        let expanded = file
            .variables
            .expand(placed.stage, placed.index, word, file.escape);
        if !expanded.known || word.text.is_empty() {
            continue;
        }
        let written = expanded.text.trim();
        let upper = written.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let message = match name {
            "KILL" | "9" | "STOP" | "19" => Text::new(
                format!("`{written}` cannot be handled by the program"),
                format!("程序无法处理 `{written}`"),
            ),
            _ if is_signal(name) => continue,
            _ => Text::new(
                format!("`{written}` is no signal"),
                format!("`{written}` 不是有效的信号"),
            ),
        };
        sink.report(
            placed.instruction,
            word.span,
            message,
            Text::fixed(
                "name the signal on which the program ends in order, mostly `SIGTERM`",
                "请写出程序能正常结束的信号,通常是 `SIGTERM`",
            ),
        );
    }
}

fn is_signal(name: &str) -> bool {
    if let Ok(number) = name.parse::<u32>() {
        return (1..=64).contains(&number);
    }
    let offset = name
        .strip_prefix("RTMIN+")
        .or_else(|| name.strip_prefix("RTMAX-"));
    NAMES.contains(&name) || offset.is_some_and(|n| n.parse::<u32>().is_ok_and(|n| n <= 30))
}
