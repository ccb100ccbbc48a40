//! Whether the base distribution is still supported.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Does the distribution still get security fixes?
#[derive(Debug)]
pub(crate) struct BaseEol;

static META: Meta = Meta {
    id: "base-eol",
    dimension: Dimension::Maintainability,
    title: Text::fixed(
        "base distribution past its end of life",
        "基础发行版已停止维护",
    ),
    why: Text::fixed(
        "After the end of support nobody repairs new flaws, and most advisories no longer name them: the \
         image looks cleaner the older it gets.",
        "停止维护后新漏洞不再修复,公告也大多不再收录:镜像越旧看起来反而越“干净”。",
    ),
    references: &[
        "requirements B, quarterly re-evaluation",
        "requirements B 3.1",
    ],
    severity: Severity::High,
    needs: Needs::Bill,
};

impl Check for BaseEol {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, context: &Context<'_>) -> Outcome {
        let Some(os) = &facts.os else {
            let needed = facts
                .packages
                .iter()
                .any(|package| package.fact.is_installed_by_os())
                || !facts.coverage.unexplained.is_empty();
            return if needed {
                Outcome::unknown(Text::fixed(
                    "no file says which distribution this is",
                    "没有文件说明所用的发行版",
                ))
            } else {
                Outcome::not_applicable(Text::fixed(
                    "the image has no distribution under it",
                    "镜像不包含操作系统发行版",
                ))
            };
        };
        let name = os.release.display();
        let evidence = vec![Evidence {
            location: Some(os.location.clone()),
            line: None,
            detail: Text::verbatim(name.clone()),
        }];
        let Some(dates) = context.lifecycles.find(&os.release) else {
            return Outcome::unknown(Text::new(
                format!("no support dates are known for {name}"),
                format!("未知 {name} 的支持周期"),
            ))
            .with(evidence);
        };
        let today = context.now.to_zoned(TimeZone::UTC).date();
        judge(&name, today, dates.security, dates.extended).with(evidence)
    }
}

fn judge(name: &str, today: Date, security: Option<Date>, extended: Option<Date>) -> Outcome {
    match (security, extended) {
        (Some(end), _) if today < end => Outcome::pass(Text::new(
            format!("{name} gets security fixes until {end}"),
            format!("{name} 的安全支持至 {end}"),
        )),
        (Some(end), Some(extended)) if today < extended => Outcome::fail(
            Text::new(
                format!(
                    "regular support of {name} ended on {end}; extended support ends on {extended}"
                ),
                format!("{name} 的常规支持已于 {end} 结束;延长支持至 {extended}"),
            ),
            remedy(),
        )
        .weighing(Severity::Medium),
        (Some(_) | None, Some(end)) | (Some(end), None) if today >= end => Outcome::fail(
            Text::new(
                format!("support of {name} ended on {end}"),
                format!("{name} 的支持已于 {end} 结束"),
            ),
            remedy(),
        ),
        _ => Outcome::unknown(Text::new(
            format!("no end of security support is known for {name}"),
            format!("未知 {name} 的安全支持截止日期"),
        )),
    }
}

fn remedy() -> Remedy {
    Remedy::BaseUpdate {
        text: Text::fixed(
            "build on a supported release of the distribution",
            "改用仍受支持的发行版版本作为基础镜像",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::fact::OsRelease;
    use plimsoll_model::facts::{Location, OperatingSystem};

    #[test]
    fn support_has_three_states() {
        for (id, version, answer, severity) in [
            ("debian", "13", Answer::Pass, None),
            ("debian", "12", Answer::Fail, Some(Severity::Medium)),
            ("debian", "11", Answer::Fail, None),
            ("alpine", "3.16.2", Answer::Fail, None),
            ("centos", "7", Answer::Fail, None),
            ("gentoo", "2.9", Answer::Unknown, None),
        ] {
            let mut facts = crate::samples::facts();
            let release = OsRelease {
                id: id.into(),
                version: version.into(),
                ..OsRelease::default()
            };
            let location = Location {
                path: "etc/os-release".into(),
                layer: 0,
                introduced: 0,
            };
            facts.os = Some(OperatingSystem { release, location });
            let outcome = crate::samples::run(&BaseEol, &facts);
            assert_eq!(
                (outcome.answer, outcome.severity),
                (answer, severity),
                "{id} {version}"
            );
        }
    }
}
