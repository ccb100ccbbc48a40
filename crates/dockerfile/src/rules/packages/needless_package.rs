//! Tools that a running application does not need.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use std::collections::{HashMap, HashSet};

use super::{aliases, of};
use crate::ast::Command;
use crate::commands::{Argument, Run, calls};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Managed, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "needless-package",
        aliases: &[],
        title: Text::fixed(
            "needless package in the image",
            "镜像中安装了不必要的软件包",
        ),
        why: Text::fixed(
            "Tools for people help whoever breaks in, bring flaws of their own and make the image larger.",
            "供人使用的工具会方便入侵者,带来自身的漏洞,并增大镜像。",
        ),
        severity: Severity::Medium,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.3",
            "requirements A 5.2",
            "requirements B 1.3",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl wget vim nano sudo ssh\n",
        "FROM alpine:3.20\nRUN apk add --no-cache openssh-server=9 busybox-extras\n",
        "FROM golang:1.22 AS a\nRUN apt-get install -y curl\nFROM a\nRUN true\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl && curl -o /x https://example.org && apt-get purge -y curl\n",
        "FROM golang:1.22 AS a\nRUN apt-get install -y curl git\nFROM debian:12\nCOPY --from=a /x /x\n",
        "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build curl && apk del .build\n",
        "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n",
        "FROM alpine:3.20\nRUN apk add --no-cache openssh-server\nCMD [\"/usr/sbin/sshd\", \"-D\"]\n",
    ],
};

/// What a package is for, and the program for which an image may need it.
struct Needless {
    /// Its name, or what its name begins with where a dash or the end follows.
    name: &'static str,
    kind: Kind,
    program: &'static str,
}

/// Kinds of needless packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Download,
    Editor,
    Privilege,
    Remote,
    Network,
    Debug,
}

const fn needless(name: &'static str, kind: Kind, program: &'static str) -> Needless {
    Needless {
        name,
        kind,
        program,
    }
}

static PACKAGES: &[Needless] = &[
    needless("curl", Kind::Download, "curl"),
    needless("wget", Kind::Download, "wget"),
    needless("lynx", Kind::Download, "lynx"),
    needless("vim", Kind::Editor, "vim"),
    needless("vi", Kind::Editor, "vi"),
    needless("neovim", Kind::Editor, "nvim"),
    needless("nano", Kind::Editor, "nano"),
    needless("emacs", Kind::Editor, "emacs"),
    needless("joe", Kind::Editor, "joe"),
    needless("sudo", Kind::Privilege, "sudo"),
    needless("doas", Kind::Privilege, "doas"),
    needless("ssh", Kind::Remote, "ssh"),
    needless("openssh", Kind::Remote, "ssh"),
    needless("openssh-client", Kind::Remote, "ssh"),
    needless("openssh-clients", Kind::Remote, "ssh"),
    needless("openssh-server", Kind::Remote, "sshd"),
    needless("dropbear", Kind::Remote, "dropbear"),
    needless("rsh-client", Kind::Remote, "rsh"),
    needless("rsh-server", Kind::Remote, "rshd"),
    needless("telnet", Kind::Remote, "telnet"),
    needless("telnetd", Kind::Remote, "telnetd"),
    needless("inetutils-telnet", Kind::Remote, "telnet"),
    needless("telnet-server", Kind::Remote, "telnetd"),
    needless("busybox-extras", Kind::Remote, "telnet"),
    needless("ftp", Kind::Remote, "ftp"),
    needless("lftp", Kind::Remote, "lftp"),
    needless("tftp", Kind::Remote, "tftp"),
    needless("vsftpd", Kind::Remote, "vsftpd"),
    needless("netcat", Kind::Network, "nc"),
    needless("netcat-openbsd", Kind::Network, "nc"),
    needless("netcat-traditional", Kind::Network, "nc"),
    needless("nc", Kind::Network, "nc"),
    needless("ncat", Kind::Network, "ncat"),
    needless("nmap", Kind::Network, "nmap"),
    needless("nmap-ncat", Kind::Network, "ncat"),
    needless("socat", Kind::Network, "socat"),
    needless("tcpdump", Kind::Network, "tcpdump"),
    needless("tshark", Kind::Network, "tshark"),
    needless("strace", Kind::Debug, "strace"),
    needless("gdb", Kind::Debug, "gdb"),
    needless("ltrace", Kind::Debug, "ltrace"),
    needless("htop", Kind::Debug, "htop"),
    needless("tmux", Kind::Debug, "tmux"),
    needless("screen", Kind::Debug, "screen"),
    needless("man-db", Kind::Debug, "man"),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let started = started(context);
    let removed = removed(context);
    for run in context.runs.iter().filter(|run| run.is_shipped) {
        for manager in [
            Manager::Apt,
            Manager::Apk,
            Manager::Yum,
            Manager::Dnf,
            Manager::Zypper,
            Manager::Pacman,
        ] {
            for managed in of(run, manager) {
                if managed.act != Act::Install {
                    continue;
                }
                // `apk del .build` takes away what `--virtual .build` brought.
                let group = managed.flag(&["t", "virtual"]).and_then(|flag| flag.value);
                let place = (run.index, managed.call.span.start);
                let is_gone = |name: &str| removed.get(name).is_some_and(|at| *at > place);
                if group.is_some_and(is_gone) {
                    continue;
                }
                for word in &managed.operands {
                    let name = bare(&word.text);
                    if let Some(known) = find(name)
                        && !started.contains(known.program)
                        && !is_gone(name)
                    {
                        report(sink, run, &managed, word, known);
                    }
                }
            }
        }
    }
}

/// A package's name without version, architecture and release.
fn bare(word: &str) -> &str {
    let end = word.find(['=', '<', '>', '~', '/', ':', '@']);
    let name = end.and_then(|end| word.get(..end)).unwrap_or(word);
    let version = name.match_indices('-').find(|(at, _)| {
        let behind = name.get(at.saturating_add(1)..).unwrap_or_default();
        behind.starts_with(|c: char| c.is_ascii_digit())
    });
    version.and_then(|(at, _)| name.get(..at)).unwrap_or(name)
}

fn find(name: &str) -> Option<&'static Needless> {
    PACKAGES.iter().find(|known| {
        known.name == name
            || known.kind == Kind::Editor
                && name
                    .strip_prefix(known.name)
                    .is_some_and(|rest| rest.starts_with('-'))
    })
}

/// Programs that the image starts by itself, and for its health checks.
fn started(context: &Context<'_>) -> HashSet<String> {
    let mut found = HashSet::new();
    for placed in context.file.walk() {
        let instruction = placed.instruction;
        if matches!(instruction.kind, crate::ast::Kind::Run(_)) {
            continue;
        }
        let Some(command) = instruction.command() else {
            continue;
        };
        for call in calls(&context.file.text, command) {
            found.insert(call.program);
        }
        if let Command::Exec(words) = command {
            found.extend(words.iter().map(|word| word.text.clone()));
        }
    }
    found
}

/// Where packages are taken away for the last time.
fn removed(context: &Context<'_>) -> HashMap<String, (usize, usize)> {
    let mut found = HashMap::new();
    for run in context.runs {
        for call in &run.calls {
            let Some(managed) = crate::packages::managed(call) else {
                continue;
            };
            if managed.act == Act::Remove {
                for word in &managed.operands {
                    found.insert(word.text.clone(), (run.index, call.span.start));
                }
            }
        }
    }
    found
}

fn report(
    sink: &mut Sink<'_>,
    run: &Run<'_>,
    managed: &Managed<'_>,
    word: &Argument,
    known: &Needless,
) {
    let name = bare(&word.text);
    let (en, zh, do_en, do_zh) = match known.kind {
        Kind::Download => (
            "downloads files for whoever gets into the container",
            "可供入侵者下载文件",
            "download in a stage before this one and copy the file, or take the package away in the same `RUN`",
            "请在之前的阶段下载并复制文件,或在同一 `RUN` 中删除该包",
        ),
        Kind::Editor => (
            "is an editor, and nobody edits in a container",
            "是编辑器,而容器内不应编辑文件",
            "leave it out; change the file and build again",
            "请勿安装;应修改文件并重新构建",
        ),
        Kind::Privilege => (
            "lets a user become root",
            "可让用户获得 root 权限",
            "leave it out; use `USER`, and `gosu` or `setpriv` where a start script has to change users",
            "请勿安装;请使用 `USER`,启动脚本需切换用户时使用 `gosu` 或 `setpriv`",
        ),
        Kind::Remote => (
            "is remote access beside that of the container platform",
            "提供了容器平台之外的远程访问途径",
            "leave it out; use `docker exec` or `kubectl exec`",
            "请勿安装;请使用 `docker exec` 或 `kubectl exec`",
        ),
        Kind::Network => (
            "opens connections for whoever gets into the container",
            "可供入侵者建立网络连接",
            "leave it out; look at the network from a debug container",
            "请勿安装;请用调试容器排查网络",
        ),
        Kind::Debug => (
            "is a tool for people",
            "是供人使用的工具",
            "leave it out; look from a debug container (`kubectl debug`, `docker debug`)",
            "请勿安装;请使用调试容器(`kubectl debug`、`docker debug`)",
        ),
    };
    let known = aliases(run, managed.call, &[], &[], false);
    sink.report(
        run.instruction,
        word.span,
        Text::new(format!("`{name}` {en}"), format!("`{name}` {zh}")),
        Text::fixed(do_en, do_zh),
    )
    .aliases(&known);
}
