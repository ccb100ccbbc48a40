//! Labels that have to be URLs.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-url",
        aliases: &["DL3052"],
        title: Text::fixed("label whose value is no URL", "标签值不是 URL"),
        why: Text::fixed(
            "Catalogues and registries make a link of it; what is no URL leads nowhere.",
            "目录与镜像仓库会把它显示为链接;不是 URL 就无法打开。",
        ),
        severity: Severity::Medium,
        references: &["RFC 3986", "image specification of OCI, Annotations"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.url=example.org\n",
        "FROM debian:12\nLABEL org.example.url=\"https://example.org/a b\"\n",
        "FROM debian:12\nLABEL org.opencontainers.image.url=nowhere\n",
        "FROM debian:12\nARG URL=none\nLABEL org.example.url=$URL\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.url=https://example.org/a?b#c\n",
        "FROM debian:12\nLABEL org.example.url=mailto:a@example.org\n",
        "FROM debian:12\nARG URL\nLABEL org.example.url=$URL\n",
        "FROM debian:12\nLABEL org.opencontainers.image.source=https://example.org/x.git\n",
        "FROM debian:12\nLABEL org.opencontainers.image.url=\"\"\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::Url,
    known: &[
        "org.opencontainers.image.url",
        "org.opencontainers.image.documentation",
    ],
    alias: "DL3052",
    is_valid,
    name: Text::fixed("a URL", " URL"),
    suggestion: Text::fixed(
        "write it with its scheme: `https://example.org/…`",
        "请写出包含协议的完整地址:`https://example.org/…`",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

/// Whether it is a URI with a scheme (RFC 3986, section 3).
fn is_valid(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // What may stand unescaped, and the percent sign of what does not.
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    is_scheme && rest.chars().all(is_allowed)
}
