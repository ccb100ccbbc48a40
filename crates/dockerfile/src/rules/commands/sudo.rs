//! `RUN sudo`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::heads;
use crate::ast::{Command, Kind};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::{Span, fix};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "sudo",
        aliases: &["DL3004", "DS-0010", "DKL-DI-0001"],
        title: Text::fixed("sudo in RUN", "RUN 中使用 sudo"),
        why: Text::fixed(
            "A build runs as root until `USER` says otherwise; `sudo` in the image is a way back to root for whoever gets into the container.",
            "在 `USER` 指定其他用户之前,构建以 root 身份执行;镜像中的 `sudo` 会让入侵容器的人重新获得 root 权限。",
        ),
        severity: Severity::High,
        references: &[
            "Docker manual, Building best practices, USER",
            "requirements A 5.2",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN sudo apt-get update\n",
        "FROM debian:12\nRUN echo x | sudo tee /etc/x\n",
        "FROM debian:12\nRUN [\"sudo\", \"make\"]\n",
        "FROM debian:12\nRUN A=b /usr/bin/sudo -u app make\n",
        "FROM debian:12\nRUN bash -c 'sudo make'\n",
    ],
    good: &[
        "FROM debian:12\nRUN echo sudo && command -v sudo\n",
        "FROM debian:12\nUSER root\nRUN make\nUSER app\n",
        "FROM debian:12\nRUN gosu app make\n",
    ],
};

/// A `sudo`: where it stands, where its command begins if it has no flags, and whether other linters see it.
struct Found {
    span: Span,
    behind: Option<usize>,
    is_plain: bool,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Some(found) = first(&placed.instruction.kind) else {
            continue;
        };
        let is_trivys =
            heads(placed.instruction).any(|head| head.split_whitespace().next() == Some("sudo"));
        let mut aliases = Vec::new();
        if found.is_plain {
            aliases.push("DL3004");
        }
        if is_trivys && !placed.onbuild {
            aliases.push("DS-0010");
        }
        aliases.push("DKL-DI-0001");
        let mut reported = sink.report(
            placed.instruction,
            found.span,
            Text::fixed(
                "`sudo` is not needed in a build and a danger in the image",
                "构建时不需要 `sudo`,留在镜像中则有风险",
            ),
            Text::fixed(
                "remove it, and put `USER root` before and `USER` with the other user behind where needed; at run time use `gosu` or `setpriv`",
                "请删除它,必要时在前面写 `USER root`、之后再切回其他用户;运行时请用 `gosu` 或 `setpriv`",
            ),
        );
        reported.aliases(&aliases);
        if let Some(behind) = found.behind {
            // As root the command does the same; as another user it fails, and the build says so.
            reported.unsafe_fix(vec![fix::remove(Span::new(found.span.start, behind))]);
        }
    }
}

fn first(kind: &Kind) -> Option<Found> {
    match kind {
        Kind::Run(Command::Exec(words)) => {
            let program = words.first()?;
            let name = program.text.rsplit('/').next();
            (name == Some("sudo")).then(|| Found {
                span: program.span,
                behind: None,
                is_plain: program.text == "sudo",
            })
        }
        Kind::Run(Command::Shell(form)) => form.script.commands().iter().find_map(|seen| {
            let command = seen.command;
            let name = command.words.first()?;
            if command.runs("sudo") {
                let next = command.args().first();
                let plain = next.filter(|next| {
                    let text = next.outline();
                    !text.starts_with('-') && !text.contains('=') && command.assignments.is_empty()
                });
                return Some(Found {
                    span: form.span(name.span),
                    behind: plain.map(|next| form.span(next.span).start),
                    is_plain: command.name() == Some("sudo"),
                });
            }
            let wrapped = command.effective().wrappers.contains(&"sudo");
            let inner = command.inner_script(form.text.text());
            let nested = inner.is_some_and(|inner| {
                inner
                    .script
                    .commands()
                    .iter()
                    .any(|seen| seen.command.runs("sudo"))
            });
            (wrapped || nested).then(|| Found {
                span: form.span(command.span),
                behind: None,
                is_plain: false,
            })
        }),
        _ => None,
    }
}
