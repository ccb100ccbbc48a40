//! `ONBUILD FROM`, `ONBUILD MAINTAINER` and `ONBUILD ONBUILD`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "nested-onbuild",
        aliases: &["DL3043"],
        title: Text::fixed(
            "instruction that ONBUILD cannot hold",
            "ONBUILD 不能包含的指令",
        ),
        why: Text::fixed(
            "`FROM`, `MAINTAINER` and `ONBUILD` cannot be put off: the build of this image, or of all that begin with it, fails.",
            "`FROM`、`MAINTAINER` 和 `ONBUILD` 不能延迟执行:本镜像或以它为基础的镜像会构建失败。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, ONBUILD"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nONBUILD FROM debian:13\n",
        "FROM debian:12\nONBUILD ONBUILD RUN make\n",
        "FROM debian:12\nONBUILD MAINTAINER me\n",
    ],
    good: &["FROM debian:12\nONBUILD RUN make\n"],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk().filter(|placed| placed.onbuild) {
        let inner = placed.instruction;
        if !matches!(
            inner.kind,
            Kind::From(_) | Kind::Maintainer(_) | Kind::Onbuild(_)
        ) {
            continue;
        }
        let name = inner.name();
        sink.report(
            inner,
            inner.keyword.span,
            Text::new(
                format!("`ONBUILD` cannot hold `{name}`"),
                format!("`ONBUILD` 不能包含 `{name}`"),
            ),
            Text::fixed(
                "put it into the file of the image that begins with this one",
                "请将其写入以此镜像为基础的镜像的构建文件",
            ),
        );
    }
}
