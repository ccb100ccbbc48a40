//! A user without a password.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::Call;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "empty-password",
        aliases: &["DKL-LI-0001"],
        title: Text::fixed("user who needs no password", "用户没有密码"),
        why: Text::fixed(
            "Whoever runs anything in the container becomes that user; of root, that is everything.",
            "任何能在容器中执行命令的人都可以切换为该用户;若为 root,则可为所欲为。",
        ),
        severity: Severity::High,
        references: &["Dockle, DKL-LI-0001"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN passwd -d root\n",
        "FROM debian:12\nRUN useradd -m -p '' app\n",
        "FROM debian:12\nRUN usermod --password=\"\" root\n",
    ],
    good: &[
        "FROM debian:12\nRUN passwd -l root && usermod -L app\n",
        "FROM debian:12\nRUN useradd -m app && adduser --disabled-password b\n",
        "FROM debian:12\nRUN useradd -p \"$HASH\" app && userdel -d app\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in run.calls.iter().filter(|call| is_empty(call)) {
            sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "this user gets in without a password",
                    "该用户无需密码即可登录",
                ),
                Text::fixed(
                    "lock the password instead: `passwd -l`, or leave it away: new users have none that fits",
                    "请改为锁定密码:`passwd -l`;或不设置,新用户默认没有可用的密码",
                ),
            );
        }
    }
}

fn is_empty(call: &Call) -> bool {
    match call.program.as_str() {
        "passwd" => call
            .parse(&["n", "x", "w", "i", "R", "P", "r"])
            .has(&["d", "delete"]),
        "useradd" | "usermod" => {
            let parsed = call.parse(&[
                "p", "password", "u", "uid", "g", "gid", "G", "groups", "d", "home-dir", "home",
                "s", "shell", "c", "comment", "k", "K", "e", "f", "b",
            ]);
            let mut values = parsed.values(&["p", "password"]);
            values.any(str::is_empty)
        }
        _ => false,
    }
}
