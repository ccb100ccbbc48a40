//! Labels that have to be commits of Git.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-git-hash",
        aliases: &["DL3055"],
        title: Text::fixed(
            "label whose value is no commit of Git",
            "标签值不是 Git 提交哈希",
        ),
        why: Text::fixed(
            "The source of an image is found by it.",
            "镜像对应的源代码要靠它来查找。",
        ),
        severity: Severity::Medium,
        references: &["git help revisions"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.revision=main\n",
        "FROM debian:12\nLABEL org.example.revision=01234\n",
        "FROM debian:12\nLABEL org.example.revision=0123456789012345678901234567890123456789a\n",
        "FROM debian:12\nLABEL org.example.revision=ABCDEF0123\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.revision=0123abc\n",
        "FROM debian:12\nLABEL org.example.revision=0123456789012345678901234567890123456789\n",
        "FROM debian:12\nLABEL org.example.revision=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
        "FROM debian:12\nARG R\nLABEL org.example.revision=$R\n",
        "FROM debian:12\nLABEL org.opencontainers.image.revision=r1234\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::GitHash,
    known: &[],
    alias: "DL3055",
    is_valid,
    name: Text::fixed("a commit of Git", " Git 提交哈希"),
    suggestion: Text::fixed(
        "write the commit as `git rev-parse HEAD` prints it",
        "请填写 `git rev-parse HEAD` 输出的提交哈希",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

/// Whether it is a hash of SHA-1 or SHA-256, or the beginning of one that Git prints (7 digits and more).
fn is_valid(value: &str) -> bool {
    matches!(value.len(), 7..=40 | 64) && value.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}
