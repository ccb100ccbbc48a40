//! `chmod u+s`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{chmod, copied_mode};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "setuid-mode",
        aliases: &["CIS-DI-0008"],
        title: Text::fixed("setuid or setgid is set", "设置 setuid 或 setgid 位"),
        why: Text::fixed(
            "Whoever runs the file gets the rights of its owner; a fault in it is a way to root.",
            "运行该文件的人会获得其属主的权限;其中的漏洞就是通往 root 的途径。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.8"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN chmod u+s /bin/x\n",
        "FROM debian:12\nRUN chmod 4755 /bin/x && chmod 2755 /bin/y\n",
        "FROM debian:12\nCOPY --chmod=04755 a /bin/a\n",
        "FROM debian:12\nRUN install -m 4755 a /bin/a\n",
    ],
    good: &[
        "FROM debian:12\nRUN chmod u-s /bin/x && chmod 0755 /bin/y && chmod 1777 /tmp\n",
        "FROM debian:12\nRUN find / -perm /6000 -exec chmod a-s {} +\n",
        "FROM debian:12\nCOPY --chmod=755 a /bin/a\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let message = || {
        Text::fixed(
            "this file runs with the rights of its owner or group, whoever starts it",
            "无论由谁启动,该文件都以其属主或属组的权限运行",
        )
    };
    let suggestion = || {
        Text::fixed(
            "leave the bit away; give the one capability that is needed (`setcap`), or start as the user who has the right",
            "请不要设置该位;只授予所需的 capability(`setcap`),或以有权限的用户启动",
        )
    };
    for run in context.runs {
        for call in &run.calls {
            let installed = || {
                let parsed = call.parse(&["m", "mode", "o", "owner", "g", "group"]);
                let flag = parsed
                    .flag(&["m", "mode"])
                    .filter(|_| call.program == "install")?;
                Some((super::rights(flag.value?)?, flag.argument))
            };
            let found = chmod(call).or_else(installed);
            if let Some((_, word)) = found.filter(|(mode, _)| mode & 0o6000 != 0) {
                sink.report(run.instruction, word.span, message(), suggestion());
            }
        }
    }
    for placed in context.file.walk() {
        let found = copied_mode(placed.instruction);
        if let Some((_, flag)) = found.filter(|(mode, _)| mode & 0o6000 != 0) {
            sink.report(placed.instruction, flag.span, message(), suggestion());
        }
    }
}
