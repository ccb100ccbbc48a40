//! Labels that have to be licence expressions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{Form, check_form};
use crate::lint::{Context, LabelKind, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-label-license",
        aliases: &["DL3054"],
        title: Text::fixed(
            "label whose value is no SPDX licence",
            "标签值不是 SPDX 许可证",
        ),
        why: Text::fixed(
            "Whoever may run the image is decided by machines that know SPDX expressions and nothing else.",
            "许可证审查由只认 SPDX 表达式的工具完成。",
        ),
        severity: Severity::Medium,
        references: &[
            "SPDX specification, annex on licence expressions",
            "image specification of OCI, Annotations",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nLABEL org.example.license=BSD\n",
        "FROM debian:12\nLABEL org.example.license=\"MIT, ISC\"\n",
        "FROM debian:12\nLABEL org.example.license=Proprietary\n",
        "FROM debian:12\nLABEL org.opencontainers.image.licenses=\"Apache 2\"\n",
    ],
    good: &[
        "FROM debian:12\nLABEL org.example.license=MIT\n",
        "FROM debian:12\nLABEL org.example.license=\"MIT OR Apache-2.0\"\n",
        "FROM debian:12\nLABEL org.example.license=\"(GPL-2.0-or-later WITH Classpath-exception-2.0) AND LicenseRef-Mine\"\n",
        "FROM debian:12\nARG L\nLABEL org.example.license=$L\n",
        "FROM debian:12\nLABEL org.opencontainers.image.licenses=ISC\n",
    ],
};

static FORM: Form = Form {
    kind: LabelKind::Spdx,
    known: &["org.opencontainers.image.licenses"],
    alias: "DL3054",
    is_valid,
    name: Text::fixed("a licence expression of SPDX", " SPDX 许可证表达式"),
    suggestion: Text::fixed(
        "take the identifier from the SPDX list: `Apache-2.0`, `MIT OR ISC`, or `LicenseRef-…` for one of your own",
        "请使用 SPDX 列表中的标识符:`Apache-2.0`、`MIT OR ISC`;自有许可证用 `LicenseRef-…`",
    ),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    check_form(context, sink, &FORM);
}

/// Whether it is an expression whose names the list has; deprecated ones (`GPL-2.0`) are still on it.
fn is_valid(value: &str) -> bool {
    if value.len() > 4096 {
        return false;
    }
    let mode = spdx::ParseMode {
        allow_deprecated: true,
        allow_postfix_plus_on_gpl: true,
        ..spdx::ParseMode::STRICT
    };
    spdx::Expression::parse_mode(value, mode).is_ok()
}
