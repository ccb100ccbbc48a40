//! `HEALTHCHECK CMD true`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Command, Kind};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "constant-healthcheck",
        aliases: &[],
        title: Text::fixed("health check that cannot fail", "永远成功的健康检查"),
        why: Text::fixed(
            "A check that is healthy whatever happens hides what it is there to show.",
            "无论发生什么都返回健康的检查会掩盖真正的问题。",
        ),
        severity: Severity::Medium,
        references: &["requirements B 2.2, a truthful check"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nHEALTHCHECK CMD true\n",
        "FROM debian:12.5\nHEALTHCHECK CMD [\"/bin/true\"]\n",
        "FROM debian:12.5\nHEALTHCHECK CMD exit 0\n",
        "FROM debian:12.5\nHEALTHCHECK CMD curl -f http://localhost/ || exit 0\n",
        "FROM debian:12.5\nHEALTHCHECK CMD [\"sh\", \"-c\", \"curl -f http://localhost/ || true\"]\n",
        "FROM debian:12.5\nHEALTHCHECK CMD echo ok\n",
    ],
    good: &[
        "FROM debian:12.5\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n",
        "FROM debian:12.5\nHEALTHCHECK CMD [\"/app\", \"--health\"]\n",
        "FROM debian:12.5\nHEALTHCHECK CMD echo ruok | nc localhost 2181 | grep imok\n",
        "FROM debian:12.5\nHEALTHCHECK NONE\n",
        "FROM debian:12.5\nHEALTHCHECK CMD test -f /ok && true\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Kind::Healthcheck(Some(command)) = &placed.instruction.kind else {
            continue;
        };
        let is_constant = match command {
            Command::Shell(form) => cannot_fail(form.text.text()),
            Command::Exec(words) => match words.as_slice() {
                [shell, flag, script] if flag.text == "-c" && shell.text.ends_with("sh") => {
                    cannot_fail(&script.text)
                }
                [program, ..] => matches!(program.text.rsplit('/').next(), Some("true" | "echo")),
                [] => false,
            },
        };
        if !is_constant {
            continue;
        }
        sink.report(
            placed.instruction,
            placed.instruction.span,
            Text::fixed("this check is healthy whatever happens", "无论发生什么,此检查都返回健康"),
            Text::fixed(
                "ask the program itself, and end with a status other than 0 where it does not answer",
                "请真正询问程序,无响应时以非 0 状态退出",
            ),
        );
    }
}

/// Whether a script ends with 0 whatever happens. What cannot be told is taken for honest.
fn cannot_fail(script: &str) -> bool {
    const ALWAYS: [&str; 5] = ["true", "/bin/true", ":", "exit 0", "exit"];
    let script = script.trim().trim_end_matches(';').trim_end();
    if ALWAYS.contains(&script) {
        return true;
    }
    let is_echo =
        script.starts_with("echo ") && !script.contains(['|', '&', ';', '\n', '$', '`', '<']);
    // Behind `||` the whole is that of its last part; behind `;` as well, unless a jump came before.
    let last = |separator: &str| script.rsplit_once(separator).map(|(_, last)| last.trim());
    let is_excused = last("||").is_some_and(excuses);
    let is_followed = last(";").is_some_and(excuses) && !script.contains("exit 1");
    is_echo || is_excused || is_followed
}

fn excuses(last: &str) -> bool {
    matches!(last, "true" | "/bin/true" | ":" | "exit 0")
}
