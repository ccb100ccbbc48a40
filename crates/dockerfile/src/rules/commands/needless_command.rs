//! Commands that have nothing to act on while an image is built.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::Via;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "needless-command",
        aliases: &["DL3001"],
        title: Text::fixed(
            "command that has no sense in a build",
            "构建中没有意义的命令",
        ),
        why: Text::fixed(
            "A build has no services, no kernel of its own and nobody at the keyboard; what such a command changes is gone with the `RUN`.",
            "构建过程中没有服务、没有自己的内核,也没有人操作键盘;这类命令的效果在 `RUN` 结束后就消失。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN service nginx start && make\n",
        "FROM debian:12\nRUN [\"top\"]\n",
        "FROM debian:12\nRUN sysctl -w vm.max_map_count=262144\n",
        "FROM debian:12\nRUN systemctl enable nginx && systemctl start nginx\n",
        "FROM debian:12\nRUN if ps; then kill 1; fi\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get install -y vim && command -v top\n",
        "FROM debian:12\nRUN systemctl enable nginx\n",
        "FROM debian:12\nRUN echo mount\nCMD [\"top\"]\n",
    ],
};

/// What it does that has no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Starts and stops services, or the machine.
    Service,
    /// Changes the kernel, or what it has mounted.
    Kernel,
    /// Waits for somebody to type.
    Person,
    /// Shows what is running.
    Display,
}

/// The programs, and whether hadolint names them too.
const PROGRAMS: &[(&str, Sort, bool)] = &[
    ("service", Sort::Service, true),
    ("shutdown", Sort::Service, true),
    ("systemctl", Sort::Service, false),
    ("rc-service", Sort::Service, false),
    ("initctl", Sort::Service, false),
    ("reboot", Sort::Service, false),
    ("halt", Sort::Service, false),
    ("poweroff", Sort::Service, false),
    ("mount", Sort::Kernel, true),
    ("umount", Sort::Kernel, false),
    ("sysctl", Sort::Kernel, false),
    ("modprobe", Sort::Kernel, false),
    ("insmod", Sort::Kernel, false),
    ("swapon", Sort::Kernel, false),
    ("ssh", Sort::Person, true),
    ("vim", Sort::Person, true),
    ("telnet", Sort::Person, false),
    ("nano", Sort::Person, false),
    ("htop", Sort::Person, false),
    ("ps", Sort::Display, true),
    ("free", Sort::Display, true),
    ("top", Sort::Display, true),
    ("kill", Sort::Display, true),
    ("ifconfig", Sort::Display, false),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in &run.calls {
            let Some((_, sort, is_hadolints)) =
                PROGRAMS.iter().find(|(name, _, _)| call.program == *name)
            else {
                continue;
            };
            // Enabling a unit writes a link, and that stays.
            let lasts = [
                "enable",
                "disable",
                "mask",
                "preset",
                "set-default",
                "--version",
            ];
            if call.program == "systemctl" && lasts.iter().any(|word| call.has_word(word)) {
                continue;
            }
            let name = &call.program;
            let mut found = sink.report(
                run.instruction,
                call.span,
                Text::new(
                    format!("`{name}` has no lasting effect in a build"),
                    format!("`{name}` 在构建中没有持久效果"),
                ),
                suggestion(*sort),
            );
            if !is_hadolints || call.via != Via::Direct {
                found.aliases(&[]);
            }
        }
    }
}

fn suggestion(sort: Sort) -> Text {
    match sort {
        Sort::Service => Text::fixed(
            "start it when the container starts: `CMD` or `ENTRYPOINT`; one service for a container",
            "请在容器启动时启动它:用 `CMD` 或 `ENTRYPOINT`,一个容器一个服务",
        ),
        Sort::Kernel => Text::fixed(
            "set it where the container runs: `docker run --sysctl`, `--mount`, or the host",
            "请在运行容器的地方设置:`docker run --sysctl`、`--mount`,或宿主机",
        ),
        Sort::Person => Text::fixed(
            "use a command that asks nothing: `sed` for an editor, `--mount=type=ssh` with `git` for `ssh`",
            "请改用非交互命令:用 `sed` 代替编辑器,用 `--mount=type=ssh` 配合 `git` 代替 `ssh`",
        ),
        Sort::Display => Text::fixed("remove it", "请删除"),
    }
}
