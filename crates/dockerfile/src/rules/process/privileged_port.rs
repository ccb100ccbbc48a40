//! `EXPOSE 80` and a user who may not listen there.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{User, effective, lineage, ports, user};
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "privileged-port",
        aliases: &[],
        title: Text::fixed(
            "port below 1024 and a user who is not root",
            "非 root 用户使用 1024 以下端口",
        ),
        why: Text::fixed(
            "Where the runtime does not lower `net.ipv4.ip_unprivileged_port_start`, only root or a process with \
             CAP_NET_BIND_SERVICE may listen below 1024, and the image does not start.",
            "若运行时没有调低 `net.ipv4.ip_unprivileged_port_start`,只有 root 或具有 CAP_NET_BIND_SERVICE 的进程才能监听 1024 以下端口,镜像将无法启动。",
        ),
        severity: Severity::Negligible,
        references: &["CIS Docker Benchmark 1.6.0, 5.8", "ip(7), privileged ports"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12.5\nUSER 10001\nEXPOSE 80\n"],
    good: &[
        "FROM debian:12.5\nUSER 10001\nEXPOSE 8080\n",
        "FROM debian:12.5\nEXPOSE 80\n",
        "FROM debian:12.5\nEXPOSE 80\nFROM debian:12.5\nUSER app\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let Some(placed) = effective(file, |kind| matches!(kind, Kind::User(_))) else {
        return;
    };
    let Kind::User(word) = &placed.instruction.kind else {
        return;
    };
    if !matches!(user(file, &placed, word), User::Number | User::Name(_)) {
        return;
    }
    let stages = lineage(file);
    for port in ports(file) {
        let is_of_image = port
            .placed
            .stage
            .is_some_and(|stage| stages.contains(&stage));
        if !is_of_image || port.placed.onbuild || port.first == 0 || port.first >= 1024 {
            continue;
        }
        sink.report(
            port.placed.instruction,
            port.word.span,
            Text::new(
                format!(
                    "`USER {}` may not listen on {} everywhere",
                    word.text, port.first
                ),
                format!("`USER {}` 并非在所有环境都能监听 {}", word.text, port.first),
            ),
            Text::fixed(
                "listen on a port from 1024 up, such as 8080, and map it outside",
                "请监听 1024 及以上的端口(如 8080),并在外部做映射",
            ),
        );
    }
}
