//! Label keys that Docker advises against.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::labels;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-key",
        aliases: &["DL3048"],
        title: Text::fixed(
            "label key of a form that tools refuse",
            "标签键的格式不规范",
        ),
        why: Text::fixed(
            "Keys share one name space with all other tools: those that begin and end with a letter or digit and use lower case, digits, `.`, `-`, `_` and `/` are read everywhere, and three prefixes belong to Docker.",
            "标签键与其他工具共用命名空间:以小写字母开头、以小写字母或数字结尾,且仅含小写字母、数字、`.`、`-`、`_`、`/` 的键才能被普遍识别;另有三个前缀为 Docker 保留。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Docker object labels, Key format recommendations"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL Vendor=me\n",
        "FROM debian:12\nLABEL org..example=x\n",
        "FROM debian:12\nLABEL com.docker.mine=x\n",
        "FROM debian:12\nLABEL \"two words\"=x\n",
        "FROM debian:12\nARG NAME=Upper\nLABEL $NAME=x\n",
        "FROM debian:12\nONBUILD LABEL Vendor=me\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.some-key_1=x\n",
        "FROM debian:12\nLABEL \"org.example\"=x 'org.example/part'=y a=b\n",
        "FROM debian:12\nLABEL com.dockerish=x\n",
        "FROM debian:12\nARG NAME\nLABEL org.$NAME=x\n",
    ],
};

/// Prefixes that Docker keeps for itself.
const RESERVED: &[&str] = &["com.docker.", "io.docker.", "org.dockerproject."];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for label in labels(context) {
        let key = label.key.text.as_str();
        let prefix = RESERVED.iter().find(|prefix| key.starts_with(**prefix));
        if !label.key.known || prefix.is_none() && is_valid(key) {
            continue;
        }
        let shown: String = key.chars().take(60).collect();
        let (message, suggestion) = match prefix {
            Some(prefix) => (
                Text::new(
                    format!("keys that begin with `{prefix}` are kept for Docker"),
                    format!("以 `{prefix}` 开头的标签键为 Docker 保留"),
                ),
                Text::fixed(
                    "begin the key with a domain of your own, backwards: `org.example.`",
                    "请以自有域名的倒序作为键的前缀:`org.example.`",
                ),
            ),
            None => (
                Text::new(
                    format!("`{shown}` is no key that all tools read"),
                    format!("`{shown}` 不是规范的标签键"),
                ),
                Text::fixed(
                    "begin with a lower case letter, end with one or with a digit, and use only those, single `.` and `-`, `_` and `/` between",
                    "请以小写字母开头、以小写字母或数字结尾,中间只用小写字母、数字、不连续的 `.` 与 `-`,以及 `_`、`/`",
                ),
            ),
        };
        let mut found = sink.report(
            label.placed.instruction,
            label.pair.name.span,
            message,
            suggestion,
        );
        if label.placed.onbuild {
            found.aliases(&[]);
        }
    }
}

fn is_valid(key: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.ends_with(is_word)
        && key
            .chars()
            .all(|c| is_word(c) || matches!(c, '.' | '-' | '_' | '/'))
        && !key.contains("..")
        && !key.contains("--")
}
