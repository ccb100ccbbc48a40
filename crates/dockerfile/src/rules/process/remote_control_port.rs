//! `EXPOSE 22`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::ports;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "remote-control-port",
        aliases: &["DS-0004"],
        title: Text::fixed("port of remote control", "开放了远程控制端口"),
        why: Text::fixed(
            "A container is replaced, not logged in to; a service of remote control in it is a second way in, with \
             accounts and keys that nobody manages.",
            "容器应当替换而不是登录;其中的远程控制服务等于另开一个入口,账户和密钥无人管理。",
        ),
        severity: Severity::Medium,
        references: &[
            "requirements A 5.2, EXPOSE 22 and 3389",
            "requirements B 4.2",
            "CIS Docker Benchmark 1.6.0, 5.7",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nEXPOSE 80 22/tcp\n",
        "FROM debian:12.5\nARG P=22\nEXPOSE $P\n",
        "FROM debian:12.5\nEXPOSE 3389\n",
        "FROM debian:12.5\nEXPOSE 20-25\n",
    ],
    good: &["FROM debian:12.5\nEXPOSE 80 443 2222 8000-8010\n"],
};

/// Ports by which machines are controlled, and what listens there (IANA, Service Name and Transport Protocol Port
/// Number Registry; 2375 by Docker's custom, 5985 and 5986 by that of `WinRM`).
const PORTS: &[(u64, &str)] = &[
    (22, "SSH"),
    (23, "Telnet"),
    (512, "rexec"),
    (513, "rlogin"),
    (514, "rsh"),
    (2375, "Docker API"),
    (3389, "RDP"),
    (5900, "VNC"),
    (5985, "WinRM"),
    (5986, "WinRM"),
];

/// A range with more ports than this names no port in particular.
const WIDE: u64 = 1000;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut trivy_said = None;
    for port in ports(context.file) {
        let is_wide = port.last.saturating_sub(port.first) > WIDE;
        let is_udp = port.word.text.to_ascii_lowercase().ends_with("/udp");
        let known = PORTS
            .iter()
            .find(|(number, _)| (port.first..=port.last).contains(number));
        let Some((number, service)) = known.filter(|_| !is_wide) else {
            continue;
        };
        // 514 of UDP is syslog, and 22 of UDP nothing at all.
        if is_udp && *number != 22 {
            continue;
        }
        let is_plain =
            port.is_plain && matches!(port.word.text.as_str(), "22" | "22/tcp" | "22/udp");
        let mut aliases = Vec::new();
        if is_plain && trivy_said != Some(port.placed.index) {
            trivy_said = Some(port.placed.index);
            aliases.push("DS-0004");
        }
        sink.report(
            port.placed.instruction,
            port.word.span,
            Text::new(
                format!("{number} is the port of {service}"),
                format!("{number} 是 {service} 的端口"),
            ),
            Text::fixed(
                "leave the service out of the image; look into a container with `exec` or a debug container",
                "请从镜像中去掉该服务;需要查看容器时使用 `exec` 或调试容器",
            ),
        )
        .aliases(&aliases);
    }
}
