//! How old the image is.

use jiff::Timestamp;
use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Was it built lately enough to have the fixes of its base?
#[derive(Debug)]
pub(crate) struct ImageAge;

static META: Meta = Meta {
    id: "image-age",
    dimension: Dimension::Maintainability,
    title: Text::fixed("old image", "镜像陈旧"),
    why: Text::fixed(
        "An image gets no fixes after it was built; one that is built anew at least every quarter has those \
         of its base.",
        "镜像构建后不会再获得修复;至少每季度重新构建才能包含基础镜像的修复。",
    ),
    references: &[
        "requirements B, quarterly re-evaluation",
        "CIS Docker Benchmark 1.6.0, 4.4",
    ],
    severity: Severity::Medium,
    needs: Needs::Image,
};

/// Days of a quarter, with a month of grace.
const LIMIT_DAYS: i64 = 120;

/// Dates before Docker existed (2013) are markers of reproducible builds.
const FIRST_SECOND: i64 = 1_356_998_400;

impl Check for ImageAge {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, context: &Context<'_>) -> Outcome {
        let Some(created) = &facts.config.created else {
            return Outcome::unknown(Text::fixed(
                "the image does not say when it was built",
                "镜像未记录构建时间",
            ));
        };
        let evidence = vec![setting(format!("created {created}"))];
        let Ok(time) = created.parse::<Timestamp>() else {
            return Outcome::unknown(Text::fixed(
                "the image's build date is not a date",
                "镜像的构建时间不是有效日期",
            ))
            .with(evidence);
        };
        let seconds = context.now.as_second().saturating_sub(time.as_second());
        let days = seconds / 86_400;
        if time.as_second() < FIRST_SECOND {
            return Outcome::unknown(Text::fixed(
                "the build date is a fixed one, as reproducible builds write it",
                "构建时间为可重现构建使用的固定值",
            ))
            .with(evidence);
        }
        if days < -1 {
            return Outcome::unknown(Text::fixed(
                "the build date lies in the future",
                "构建时间在未来",
            ))
            .with(evidence);
        }
        let text = Text::new(
            format!("built {days} days ago"),
            format!("构建于 {days} 天前"),
        );
        if days <= LIMIT_DAYS {
            return Outcome::pass(text).with(evidence);
        }
        Outcome::fail(
            text,
            Remedy::BaseUpdate {
                text: Text::fixed(
                    "build the image anew on the newest base of the same line",
                    "在同系列最新的基础镜像上重新构建",
                ),
            },
        )
        .with(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;

    #[test]
    fn age_counts_from_a_believable_date() {
        for (created, answer) in [
            (None, Answer::Unknown),
            (Some("1970-01-01T00:00:00Z"), Answer::Unknown),
            (Some("2027-01-01T00:00:00Z"), Answer::Unknown),
            (Some("yesterday"), Answer::Unknown),
            (Some("2026-11-01T10:00:00.123456789Z"), Answer::Pass),
            (Some("2026-01-01T00:00:00+08:00"), Answer::Fail),
        ] {
            let mut facts = crate::samples::facts();
            facts.config.created = created.map(str::to_owned);
            assert_eq!(
                crate::samples::run(&ImageAge, &facts).answer,
                answer,
                "{created:?}"
            );
        }
    }
}
