//! `WORKDIR /proc/x`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::value;
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "system-workdir",
        aliases: &["DS-0030"],
        title: Text::fixed("working directory of the system", "工作目录位于系统目录"),
        why: Text::fixed(
            "The kernel or the runtime lays its own files over these directories, so that the image's are not there \
             when it runs; a directory opened there may also lead out of the container (CVE-2024-21626).",
            "内核或运行时会用自己的内容覆盖这些目录,镜像中的文件在运行时不可见;在其中打开目录还可能逃逸容器(CVE-2024-21626)。",
        ),
        severity: Severity::High,
        references: &["CVE-2024-21626", "Trivy DS-0030"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nWORKDIR /proc/self/fd/8\n",
        "FROM debian:12.5\nWORKDIR /dev/shm\n",
        "FROM debian:12.5\nENV D=/sys\nWORKDIR $D/x\n",
        "FROM debian:12.5\nWORKDIR /boot\n",
    ],
    good: &[
        "FROM debian:12.5\nWORKDIR /app/dev\n",
        "FROM debian:12.5\nWORKDIR /devel\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::Workdir(word) = &placed.instruction.kind else {
            continue;
        };
        let (path, _) = value(file, &placed, word);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        if !path.starts_with('/') || !matches!(parts.next(), Some("proc" | "dev" | "sys" | "boot"))
        {
            continue;
        }
        let written = super::without_quotes(word);
        let is_trivys = ["/proc/", "/dev/", "/boot/"]
            .iter()
            .any(|of| written.starts_with(of));
        let aliases: &[_] = if is_trivys && !placed.onbuild {
            &["DS-0030"]
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
                "work in a directory of the program's own, such as `/app`",
                "请使用程序自己的目录,例如 `/app`",
            ),
        )
        .aliases(aliases);
    }
}
