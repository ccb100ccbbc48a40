//! `VOLUME /proc`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "sensitive-volume",
        aliases: &["DKL-DI-0002"],
        title: Text::fixed("volume over a directory of the system", "卷覆盖了系统目录"),
        why: Text::fixed(
            "A volume there hides what the kernel or the system keeps, or invites to mount the host's; updates of the \
             image do not reach it any more.",
            "在这些目录上声明卷会遮盖内核或系统的内容,或诱导挂载主机目录;镜像更新也不再生效。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 5.6", "Dockle DKL-DI-0002"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nVOLUME /proc\n",
        "FROM debian:12.5\nVOLUME [\"/data\", \"/etc/\"]\n",
        "FROM debian:12.5\nVOLUME /var/run/docker.sock\n",
    ],
    good: &[
        "FROM debian:12.5\nVOLUME /data /var/lib/app /etc/app\n",
        "FROM debian:12.5\nVOLUME $D\n",
    ],
};

/// What Dockle looks for.
const OF_KERNEL: [&str; 3] = ["/dev", "/proc", "/sys"];
/// What the benchmark names beside, and the sockets of Docker and containerd.
const OF_SYSTEM: [&str; 12] = [
    "/",
    "/bin",
    "/boot",
    "/etc",
    "/lib",
    "/lib64",
    "/sbin",
    "/usr",
    "/run",
    "/var/run",
    "/var/run/docker.sock",
    "/run/containerd/containerd.sock",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::Volume(words) = &placed.instruction.kind else {
            continue;
        };
        for word in words {
            let path = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape)
                .text;
            let path = match path.trim_end_matches('/') {
                "" if path.starts_with('/') => "/",
                path => path,
            };
            let is_of_kernel = OF_KERNEL.contains(&path)
                || OF_KERNEL.iter().any(|of| {
                    path.strip_prefix(of)
                        .is_some_and(|rest| rest.starts_with('/'))
                });
            if !is_of_kernel && !OF_SYSTEM.contains(&path) {
                continue;
            }
            let aliases: &[_] = if OF_KERNEL.contains(&path) {
                &["DKL-DI-0002"]
            } else {
                &[]
            };
            sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("`{path}` belongs to the system"),
                    format!("`{path}` 属于系统目录"),
                ),
                Text::fixed(
                    "declare a directory of the program's own data, such as `/data`",
                    "请声明程序自己的数据目录,例如 `/data`",
                ),
            )
            .aliases(aliases);
        }
    }
}
