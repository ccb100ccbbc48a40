//! Another program in the place of `/bin/sh`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::{Call, Via};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "shell-link",
        aliases: &["DL4005"],
        title: Text::fixed("/bin/sh is replaced", "替换 /bin/sh"),
        why: Text::fixed(
            "Packages rely on the `/bin/sh` that they were tested with, and their updates put it back.",
            "软件包依赖其测试时所用的 `/bin/sh`,升级时还会把它恢复。",
        ),
        severity: Severity::Medium,
        references: &["Dockerfile reference, SHELL"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n",
        "FROM debian:12\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n",
        "FROM debian:12\nRUN [\"ln\", \"-sf\", \"/bin/bash\", \"/bin/sh\"]\n",
        "FROM debian:12\nRUN mv /bin/bash /usr/bin/sh\n",
        "FROM debian:12\nRUN ln -sft /bin/sh /bin/bash\n",
    ],
    good: &[
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\n",
        "FROM debian:12\nRUN ln -s /bin/sh /bin/shell\n",
        "FROM debian:12\nRUN ls -l /bin/sh && cp /bin/sh /opt/sh\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in &run.calls {
            if !replaces(call) {
                continue;
            }
            let mut found = sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "this puts another shell in the place of `/bin/sh`, for everything in the image",
                    "此处为镜像中的所有程序替换了 `/bin/sh`",
                ),
                Text::fixed(
                    "write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`, which holds for the `RUN` that follow",
                    "请写 `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`,它对后续的 `RUN` 有效",
                ),
            );
            let is_hadolints = call.program == "ln" && call.has_word("/bin/sh");
            if !is_hadolints || call.via != Via::Direct {
                found.aliases(&[]);
            }
        }
    }
}

fn replaces(call: &Call) -> bool {
    if !["ln", "mv", "cp", "install"].contains(&call.program.as_str()) {
        return false;
    }
    let parsed = call.parse(&[
        "t",
        "target-directory",
        "S",
        "suffix",
        "m",
        "mode",
        "o",
        "g",
    ]);
    let is_shell = |text: &str| matches!(text, "/bin/sh" | "/usr/bin/sh");
    let target = parsed.operands.last().map(|word| word.text.as_str());
    let behind_flag = parsed
        .flag(&["t", "target-directory"])
        .and_then(|flag| flag.value);
    parsed.operands.len() > 1 && target.is_some_and(is_shell) || behind_flag.is_some_and(is_shell)
}
