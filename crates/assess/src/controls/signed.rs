//! Controls 4.5 and 4.12: whether the image is signed as the policy asks, and whether all that is signed beside it was
//! verified.

use plimsoll_model::Text;
use plimsoll_model::check::Answer;
use plimsoll_model::finding::Evidence;
use plimsoll_model::signing::{Held, Signatures, SignedArtefact, SignedOutcome};

use super::Said;
use crate::signatures::is_enough;

/// Most artefacts that are shown; there may be a hundred.
const SHOWN: usize = 20;

/// Answers 4.5.
pub(super) fn image(signatures: &Signatures) -> Said {
    let held = match asked(signatures) {
        Ok(held) => held,
        Err(said) => return said,
    };
    let mut missing = held.rules.iter().filter(|rule| !rule.holds);
    let said = if is_enough(held) {
        let by: Vec<&str> = held
            .rules
            .iter()
            .filter(|rule| rule.holds)
            .map(|rule| rule.signer.as_str())
            .collect();
        let by = by.join(", ");
        Said::new(
            Answer::Pass,
            Text::new(
                format!("it is signed as the policy asks: {by}"),
                format!("已按策略要求签名:{by}"),
            ),
        )
    } else if let Some(why) = unclear(held) {
        Said::unknown(why)
    } else {
        let wanted = missing.next().map_or("", |rule| rule.signer.as_str());
        let (en, zh) = match held.found.len() {
            0 => (
                "nothing that is signed is beside it".to_owned(),
                "没有任何已签名内容".to_owned(),
            ),
            many => (
                format!(
                    "of {many} signatures and attestations beside it none is the one that is asked for"
                ),
                format!("随镜像保存的 {many} 个签名与证明均不符合要求"),
            ),
        };
        Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "it is not signed as the policy asks, by {wanted}: {en}; sign this digest, for example with \
                     `cosign sign`, or correct the `[[signed-by]]`"
                ),
                format!(
                    "未按策略要求由 {wanted} 签名:{zh};请为此摘要签名(例如使用 `cosign sign`)或修正 `[[signed-by]]`"
                ),
            ),
        )
    };
    Said {
        evidence: evidence(held),
        ..said
    }
}

/// Answers 4.12.
pub(super) fn artefacts(signatures: &Signatures) -> Said {
    let held = match asked(signatures) {
        Ok(held) => held,
        Err(said) => return said,
    };
    let many = held.found.len();
    let bad = held
        .found
        .iter()
        .filter(|one| matches!(one.outcome, SignedOutcome::Rejected(_)))
        .count();
    let said = if bad > 0 {
        Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "{bad} of {many} signatures and attestations beside the image are by nobody whom the policy names, \
                     or not good; remove them, or name who signed in a `[[signed-by]]`"
                ),
                format!(
                    "随镜像保存的 {many} 个签名与证明中有 {bad} 个并非由策略指定的签署者签署或无效;请移除,或在 `[[signed-by]]` 中指定其签署者"
                ),
            ),
        )
    } else if let Some(why) = unclear(held) {
        Said::unknown(why)
    } else if many == 0 {
        Said::new(
            Answer::NotApplicable,
            Text::fixed(
                "nothing that is signed is beside the image",
                "没有随镜像保存的已签名内容",
            ),
        )
    } else {
        Said::new(
            Answer::Pass,
            Text::new(
                format!(
                    "each of the {many} signatures and attestations beside the image was verified"
                ),
                format!("随镜像保存的 {many} 个签名与证明均已验证"),
            ),
        )
    };
    Said {
        evidence: evidence(held),
        ..said
    }
}

fn asked(signatures: &Signatures) -> Result<&Held, Said> {
    match signatures {
        Signatures::NotAsked(why) | Signatures::Unreachable(why) => Err(Said::unknown(why.clone())),
        Signatures::Held(held) => Ok(held),
    }
}

/// Why something may be good that was not found to be.
pub(super) fn unclear(held: &Held) -> Option<Text> {
    if let Some(why) = &held.more {
        return Some(Text::new(
            format!("not all that is beside the image was looked at: {}", why.en),
            format!("未能查看随镜像保存的全部内容:{}", why.zh),
        ));
    }
    held.found.iter().find_map(|one| match &one.outcome {
        SignedOutcome::Unclear(why) => Some(Text::new(
            format!("{}: {}", one.place, why.en),
            format!("{}:{}", one.place, why.zh),
        )),
        _ => None,
    })
}

/// What was found, each with what became of it.
fn evidence(held: &Held) -> Vec<Evidence> {
    held.found
        .iter()
        .take(SHOWN)
        .map(|one| Evidence {
            location: None,
            line: None,
            detail: told(one),
        })
        .collect()
}

fn told(one: &SignedArtefact) -> Text {
    let (en, zh) = match &one.outcome {
        SignedOutcome::Verified { by, predicate } => {
            let kind = predicate.as_ref();
            let kind = kind.map_or(String::new(), |kind| format!(" (`{kind}`)"));
            (
                format!("verified, by {by}{kind}"),
                format!("已验证,签署者 {by}{kind}"),
            )
        }
        SignedOutcome::Rejected(why) => (
            format!("rejected: {}", why.en),
            format!("被拒绝:{}", why.zh),
        ),
        SignedOutcome::Unclear(why) => (why.en.to_string(), why.zh.to_string()),
    };
    let place = &one.place;
    if one.of_index {
        Text::new(
            format!("{place}, of the index: {en}"),
            format!("{place}(针对索引):{zh}"),
        )
    } else {
        Text::new(format!("{place}: {en}"), format!("{place}:{zh}"))
    }
}
