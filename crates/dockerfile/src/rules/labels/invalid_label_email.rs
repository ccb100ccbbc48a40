//! Labels that have to be addresses of mail.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-email",
        aliases: &["DL3058"],
        title: Text::fixed(
            "label whose value is no address of mail",
            "标签值不是电子邮件地址",
        ),
        why: Text::fixed(
            "Whoever finds something in the image has to reach its owner.",
            "发现镜像问题的人需要能联系到负责人。",
        ),
        severity: Severity::Medium,
        references: &["RFC 5322, section 3.4.1"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.contact=team\n",
        "FROM debian:12\nLABEL org.example.contact=\"Team <team@example.org>\"\n",
        "FROM debian:12\nLABEL org.example.contact=a@b@example.org\n",
        "FROM debian:12\nLABEL org.example.contact=a..b@example.org\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.contact=team@example.org\n",
        "FROM debian:12\nLABEL org.example.contact=\"\\\"the team\\\"@example.org\"\n",
        "FROM debian:12\nLABEL org.example.contact=first.last+tag@example.org\n",
        "FROM debian:12\nARG M\nLABEL org.example.contact=$M\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::Email,
    known: &[],
    alias: "DL3058",
    is_valid,
    name: Text::fixed("an address of mail", "电子邮件地址"),
    suggestion: Text::fixed(
        "write the bare address: `team@example.org`",
        "请只填写地址本身:`team@example.org`",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

/// Whether it is an `addr-spec` without comments and folding (RFC 5322, section 3.4.1).
fn is_valid(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else {
        return false;
    };
    let is_atom = |word: &str| {
        let is_text = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        !word.is_empty() && word.chars().all(is_text)
    };
    let is_quoted = || {
        let inner = local
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        inner.is_some_and(|text| {
            let mut chars = text.chars();
            loop {
                match chars.next() {
                    None => return true,
                    Some('"') => return false,
                    Some('\\') if chars.next().is_none() => return false,
                    Some(c) if c.is_ascii_control() => return false,
                    Some(_) => {}
                }
            }
        })
    };
    let is_host = || {
        let name = domain.strip_suffix('.').unwrap_or(domain);
        name.split('.').all(|part| {
            let is_text = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !part.is_empty()
                && part.chars().all(is_text)
                && !part.starts_with('-')
                && !part.ends_with('-')
        })
    };
    let literal = domain
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let is_literal = literal.is_some_and(|text| {
        let text = text.strip_prefix("IPv6:").unwrap_or(text);
        text.parse::<std::net::IpAddr>().is_ok()
    });
    (local.split('.').all(is_atom) || is_quoted()) && (is_host() || is_literal)
}
