//! `ENV DEBIAN_FRONTEND=…`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "debian-frontend-env",
        aliases: &[],
        title: Text::fixed(
            "DEBIAN_FRONTEND stays set in the image",
            "DEBIAN_FRONTEND 留在镜像中",
        ),
        why: Text::fixed(
            "`ENV` holds in every container and every image that begins with this one, where a person who installs something is then asked nothing.",
            "`ENV` 对所有容器以及以此镜像为基础的镜像都有效,之后手动安装软件的人将看不到任何提示。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, FAQ on DEBIAN_FRONTEND"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\n",
        "FROM debian:12\nENV DEBIAN_FRONTEND noninteractive\n",
        "FROM debian:12\nENV LANG=C DEBIAN_FRONTEND=noninteractive\n",
    ],
    good: &[
        "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\n",
        "FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get install -y x\n",
        "FROM debian:12\nENV DEBIAN_FRONTEND=\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Kind::Env(pairs) = &placed.instruction.kind else {
            continue;
        };
        for pair in pairs {
            let is_empty = pair
                .value
                .as_ref()
                .is_none_or(|value| value.unquoted(context.file.escape).is_empty());
            if pair.name.text != "DEBIAN_FRONTEND" || is_empty {
                continue;
            }
            let mut found = sink.report(
                placed.instruction,
                pair.span,
                Text::fixed(
                    "`DEBIAN_FRONTEND` stays set in every container",
                    "`DEBIAN_FRONTEND` 在每个容器中都保持设置",
                ),
                Text::fixed(
                    "write `ARG DEBIAN_FRONTEND=noninteractive`, which holds for the build only",
                    "请写成 `ARG DEBIAN_FRONTEND=noninteractive`,它只在构建时有效",
                ),
            );
            if pairs.len() == 1 && !pair.is_legacy {
                // An image that begins with this one and relied on it would be asked.
                found.unsafe_fix(vec![fix::replace(placed.instruction.keyword.span, "ARG")]);
            }
        }
    }
}
