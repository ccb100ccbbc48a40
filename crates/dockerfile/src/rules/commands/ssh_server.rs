//! An SSH server in the image.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Command, Kind};
use crate::commands::{Call, calls};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "ssh-server",
        aliases: &[],
        title: Text::fixed("SSH server in the image", "镜像中有 SSH 服务器"),
        why: Text::fixed(
            "It is a second way in, with keys and passwords that no orchestrator knows; keys made in the build are the same in every container.",
            "它是另一个入口,其密钥和密码不受编排系统管理;构建时生成的主机密钥在所有容器中都相同。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 5.7", "requirements A 5.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN ssh-keygen -A\n",
        "FROM debian:12\nRUN ssh-keygen -q -t rsa -N '' -f /etc/ssh/ssh_host_rsa_key\n",
        "FROM debian:12\nCMD [\"/usr/sbin/sshd\", \"-D\"]\n",
        "FROM debian:12\nENTRYPOINT service ssh start && app\n",
        "FROM debian:12\nRUN sed -i 's/#PermitRootLogin.*/PermitRootLogin yes/' /etc/ssh/sshd_config\n",
    ],
    good: &[
        "FROM debian:12\nRUN ssh-keygen -F github.com && ssh-keyscan github.com >> /etc/ssh/ssh_known_hosts\n",
        "FROM debian:12\nCMD [\"/usr/sbin/nginx\"]\nRUN echo sshd\n",
        "FROM debian:12\nRUN sed -i s/a/b/ /etc/ssh/ssh_config\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let starts = matches!(placed.instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_));
        let command: &Command = match &placed.instruction.kind {
            Kind::Run(command) | Kind::Cmd(command) | Kind::Entrypoint(command) => command,
            _ => continue,
        };
        for call in calls(&file.text, command) {
            let Some(message) = message(&call, starts) else {
                continue;
            };
            sink.report(
                placed.instruction,
                call.span,
                message,
                Text::fixed(
                    "leave the server out, and get into a container with `docker exec` or `kubectl exec`",
                    "请不要安装 SSH 服务器;需要进入容器时用 `docker exec` 或 `kubectl exec`",
                ),
            );
        }
    }
}

fn message(call: &Call, starts: bool) -> Option<Text> {
    let names = |part: &str| call.arguments.iter().any(|word| word.text.contains(part));
    match call.program.as_str() {
        "sshd" | "dropbear" => Some(Text::fixed(
            "this starts an SSH server",
            "这里启动了 SSH 服务器",
        )),
        "service" | "rc-service" | "systemctl"
            if starts && (call.has_word("ssh") || call.has_word("sshd")) =>
        {
            Some(Text::fixed(
                "this starts an SSH server",
                "这里启动了 SSH 服务器",
            ))
        }
        "ssh-keygen" if call.has_word("-A") || names("/etc/ssh/ssh_host") => Some(Text::fixed(
            "every container of this image gets the same host key, and who has the image has it too",
            "该镜像的所有容器都使用同一主机密钥,拥有镜像的人也就拥有该密钥",
        )),
        "sed" | "echo" | "tee"
            if names("sshd_config")
                || names("PermitRootLogin")
                || names("PermitEmptyPasswords") =>
        {
            Some(Text::fixed(
                "this configures an SSH server",
                "这里配置了 SSH 服务器",
            ))
        }
        _ => None,
    }
}
