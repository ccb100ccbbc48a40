//! Package managers that are told not to verify what they fetch.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, counted};

/// Do settings in the image let packages be installed unverified?
#[derive(Debug)]
pub(crate) struct UnverifiedSource;

static META: Meta = Meta {
    id: "unverified-source",
    dimension: Dimension::Security,
    title: Text::fixed(
        "packages are installed unverified",
        "软件包安装时不校验签名",
    ),
    why: Text::fixed(
        "Without the check of signatures whoever stands between the build and the repository decides what is in the \
         image.",
        "不校验签名时,构建与软件源之间的任何人都能决定镜像的内容。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    severity: Severity::Medium,
    needs: Needs::Image,
};

impl Check for UnverifiedSource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let found = &facts.posture.unverified;
        if found.is_empty() {
            return Outcome::pass(Text::fixed(
                "no setting of a package manager in the image switches the check of signatures off",
                "镜像中的软件包管理器配置均未关闭签名校验",
            ));
        }
        let count = found.len();
        Outcome::fail(
            Text::new(
                format!(
                    "{} the check of signatures off",
                    counted(count, "setting switches", "settings switch")
                ),
                format!("有 {count} 处配置关闭了签名校验"),
            ),
            Remedy::Manual {
                text: Text::fixed(
                    "add the repository's key and switch the check on",
                    "添加软件源的公钥并启用签名校验",
                ),
            },
        )
        .with(
            found
                .iter()
                .map(|one| Evidence {
                    location: Some(one.location.clone()),
                    line: Some(one.unverified.line),
                    detail: Text::verbatim(one.unverified.setting.clone()),
                })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::fact::Unverified;
    use plimsoll_model::posture::LocatedUnverified;

    #[test]
    fn each_setting_is_shown_where_it_stands() {
        let mut facts = crate::samples::facts();
        assert_eq!(
            crate::samples::run(&UnverifiedSource, &facts).answer,
            Answer::Pass
        );
        facts.posture.unverified = vec![LocatedUnverified {
            location: crate::samples::location("etc/apt/sources.list"),
            unverified: Unverified {
                line: 3,
                setting: "trusted=yes".to_owned(),
            },
        }];
        let outcome = crate::samples::run(&UnverifiedSource, &facts);
        assert_eq!(outcome.answer, Answer::Fail);
        assert_eq!(outcome.evidence.first().and_then(|one| one.line), Some(3));
    }
}
