//! `chmod 777`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{chmod, copied_mode};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "world-writable-mode",
        aliases: &[],
        title: Text::fixed("everybody may write", "所有用户均可写"),
        why: Text::fixed(
            "Whoever gets to run anything in the container changes what others run there.",
            "任何能在容器中执行命令的人都可以篡改其他用户运行的内容。",
        ),
        severity: Severity::Medium,
        references: &["CIS Docker Benchmark 1.6.0, 4.8"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN chmod -R 777 /app\n",
        "FROM debian:12\nRUN chmod a+rwx /app && chmod o+w /x\n",
        "FROM debian:12\nCOPY --chmod=0777 a /app\n",
        "FROM debian:12\nRUN [\"chmod\", \"666\", \"/x\"]\n",
    ],
    good: &[
        "FROM debian:12\nRUN chmod 755 /app && chmod +x /x && chmod o-w /y\n",
        "FROM debian:12\nRUN chmod 1777 /tmp && chmod a+rwxt /var/tmp\n",
        "FROM debian:12\nCOPY --chmod=755 a /app\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    // With the sticky bit a directory is as `/tmp` has to be.
    let is_open = |mode: u32| mode & 0o002 != 0 && mode & 0o1000 == 0;
    let suggestion = || {
        Text::fixed(
            "give the file to the user who needs it (`COPY --chown`), and write `chmod 755`, or `g+w` for a group",
            "请把文件交给需要它的用户(`COPY --chown`),并写 `chmod 755`;需要组内可写时用 `g+w`",
        )
    };
    let message = || {
        Text::fixed(
            "every user of the container may write this",
            "容器中的任何用户都可以写入",
        )
    };
    for run in context.runs {
        for call in &run.calls {
            if let Some((_, word)) = chmod(call).filter(|(mode, _)| is_open(*mode)) {
                sink.report(run.instruction, word.span, message(), suggestion());
            }
        }
    }
    for placed in context.file.walk() {
        if let Some((_, flag)) = copied_mode(placed.instruction).filter(|(mode, _)| is_open(*mode))
        {
            sink.report(placed.instruction, flag.span, message(), suggestion());
        }
    }
}
