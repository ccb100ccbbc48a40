//! Section 4 of the CIS Docker Benchmark, "Container Images and Build File", from what an assessment knows already.
//!
//! [`SECTION_4`] is the one place that maps controls to checks and rules (`table.rs`); `page.rs` tells of it. A control fails when one of its parts does; it
//! passes only when all of them do. Titles are in our words; ids and the order are the benchmark's.

use std::collections::BTreeMap;

use plimsoll_model::advisory::{Applicability, FixState, Knowledge, Snapshot};
use plimsoll_model::base::TrustedBases;
use plimsoll_model::check::{Answer, CheckResult};
use plimsoll_model::control::{Benchmark, ControlResult, Method};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Finding};
use plimsoll_model::image::SourceKind;
use plimsoll_model::signing::Signatures;
use plimsoll_model::{Effect, Problem, Text};

use crate::history::{Linted, Told};
use crate::signatures::SignedBase;

mod base;
mod page;
mod signed;
mod table;

pub(crate) use base::named_base;
pub use page::controls_named;
use table::SECTION_4;

/// A control and where its answer comes from.
#[derive(Debug)]
struct Control {
    id: &'static str,
    title: Text,
    /// What the benchmark wants, in our words.
    asks: Text,
    method: Method,
    parts: &'static [Part],
}

/// A part of an answer.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// A check, by its id.
    Check(&'static str),
    /// A rule of the linter over the history, by its id.
    Rule(&'static str),
    /// Whether `ADD` fetches addresses.
    Addresses,
    /// Flaws for which there is a fix.
    Patches,
    /// Which base there is, and whether somebody trusts it.
    Base,
    /// Whether the image is signed as the policy asks.
    ContentTrust,
    /// Whether all that is signed beside the image was verified.
    Signatures,
}

/// What the answers rest on.
pub(crate) struct Known<'a> {
    pub(crate) facts: &'a ImageFacts,
    pub(crate) checks: &'a [CheckResult],
    pub(crate) findings: &'a [Finding],
    pub(crate) problems: &'a [Problem],
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) history: &'a Linted,
    pub(crate) trusted_bases: &'a TrustedBases,
    pub(crate) signatures: &'a Signatures,
    pub(crate) signed_base: Option<&'a SignedBase>,
}

/// The answer to a part.
struct Said {
    answer: Answer,
    reason: Text,
    evidence: Vec<Evidence>,
    by: Option<String>,
}

impl Said {
    fn new(answer: Answer, reason: Text) -> Self {
        Self {
            answer,
            reason,
            evidence: Vec::new(),
            by: None,
        }
    }

    fn unknown(reason: Text) -> Self {
        Self::new(Answer::Unknown, reason)
    }
}

/// Answers every control.
pub(crate) fn answer_all(known: &Known<'_>) -> Vec<ControlResult> {
    SECTION_4
        .iter()
        .map(|control| answer(control, known))
        .collect()
}

fn answer(control: &Control, known: &Known<'_>) -> ControlResult {
    let parts: Vec<Said> = control
        .parts
        .iter()
        .map(|part| part.answer(known))
        .collect();
    let has = |answer: Answer| parts.iter().any(|part| part.answer == answer);
    let answer = [Answer::Fail, Answer::Unknown, Answer::Pass]
        .into_iter()
        .find(|answer| has(*answer))
        .unwrap_or(Answer::NotApplicable);
    let speaking = || parts.iter().filter(|part| part.answer == answer);
    let join = |pick: fn(&Text) -> &str, with: &str| {
        let mut reasons: Vec<&str> = speaking().map(|part| pick(&part.reason)).collect();
        reasons.dedup();
        reasons.join(with)
    };
    let mut evidence: Vec<Evidence> = speaking().flat_map(|part| part.evidence.clone()).collect();
    evidence.sort();
    evidence.dedup();
    ControlResult {
        benchmark: Benchmark::CisDocker160,
        id: control.id.to_owned(),
        title: control.title.clone(),
        method: control.method,
        answer,
        reason: Text::new(join(|text| &text.en, "; "), join(|text| &text.zh, ";")),
        evidence,
        by: parts.iter().filter_map(|part| part.by.clone()).collect(),
    }
}

impl Part {
    fn answer(self, known: &Known<'_>) -> Said {
        match self {
            Self::Check(id) => check(known, id),
            Self::Rule(id) => Said {
                by: Some(id.to_owned()),
                ..of_history(known, || known.history.told(id))
            },
            Self::Addresses => of_history(known, || Some(known.history.told_of_addresses())),
            Self::Patches => patches(known),
            Self::Base => base::answer(known),
            Self::ContentTrust => signed::image(known.signatures),
            Self::Signatures => signed::artefacts(known.signatures),
        }
    }
}

fn check(known: &Known<'_>, id: &str) -> Said {
    let Some(check) = known.checks.iter().find(|check| check.check == id) else {
        return Said::unknown(Text::fixed("it was not asked", "未检查"));
    };
    Said {
        answer: check.answer,
        reason: check.reason.clone(),
        evidence: check.evidence.clone(),
        by: Some(check.check.clone()),
    }
}

fn of_history(known: &Known<'_>, told: impl Fn() -> Option<Told>) -> Said {
    match known.facts.subject.source {
        SourceKind::Dir => {
            return Said::unknown(Text::fixed(
                "a directory has no history",
                "目录没有构建历史",
            ));
        }
        SourceKind::Sbom => {
            return Said::unknown(Text::fixed(
                "a bill of materials does not tell",
                "物料清单中没有此信息",
            ));
        }
        _ => {}
    }
    match told() {
        Some(Told::Found { reason, evidence }) => Said {
            evidence,
            ..Said::new(Answer::Fail, reason)
        },
        Some(Told::Nothing) => Said::new(
            Answer::Pass,
            Text::fixed("no step of the history does so", "构建历史中没有此类步骤"),
        ),
        Some(Told::Unclear(why)) => Said::unknown(why),
        None => Said::unknown(Text::fixed("it was not asked", "未检查")),
    }
}

/// Whether every flaw that somebody has repaired is repaired here.
fn patches(known: &Known<'_>) -> Said {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in known.findings {
        let is_open = finding.class.is_of_advisory()
            && finding.laid_aside().is_none()
            && finding.vulnerability.as_ref().is_some_and(|found| {
                found.answer == Applicability::Affected && matches!(found.fix, FixState::Fixed(_))
            });
        if is_open {
            *open.entry(finding.subject.as_str()).or_default() += 1;
        }
    }
    if let Some(first) = open.keys().next() {
        let (packages, flaws) = (open.len(), open.values().sum::<usize>());
        return Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "{flaws} known flaws in {packages} packages have a fix that is not in the image, such as in {first}"
                ),
                format!(
                    "{packages} 个软件包中有 {flaws} 个已知漏洞已有修复但未包含在镜像中,例如 {first}"
                ),
            ),
        );
    }
    if let Some(problem) = known
        .problems
        .iter()
        .find(|problem| problem.effect == Effect::Blind)
    {
        return Said::unknown(Text::new(
            format!(
                "not all could be seen: {}: {}",
                problem.subject, problem.reason
            ),
            format!("有内容无法查看:{}:{}", problem.subject, problem.reason),
        ));
    }
    if known.snapshot.knowledge == Knowledge::Watchlist {
        return Said::unknown(Text::fixed(
            "only the built-in watchlist was used",
            "仅使用了内置观察清单",
        ));
    }
    Said::new(
        Answer::Pass,
        Text::fixed(
            "no known flaw has a fix that is not in the image",
            "没有已有修复而未包含的已知漏洞",
        ),
    )
}

#[cfg(test)]
mod tests {
    use plimsoll_model::image::ImageConfig;

    use super::*;

    #[test]
    fn the_section_is_whole_and_its_checks_are_there() {
        let ids: Vec<String> = (1..=12).map(|n| format!("4.{n}")).collect();
        let own: Vec<&str> = SECTION_4.iter().map(|control| control.id).collect();
        assert_eq!(own, ids);
        for control in SECTION_4 {
            assert_ne!(control.title.en, control.title.zh, "{}", control.id);
            assert_ne!(control.asks.en, control.asks.zh, "{}", control.id);
            for part in control.parts {
                let (id, is_there) = match part {
                    Part::Check(id) => {
                        let mut all = plimsoll_checks::ALL.iter();
                        (*id, all.any(|check| check.meta().id == *id))
                    }
                    Part::Rule(id) => {
                        let history = crate::history::lint_history(&ImageConfig::default(), &[]);
                        (*id, history.told(id).is_some())
                    }
                    Part::Patches
                    | Part::Base
                    | Part::Addresses
                    | Part::ContentTrust
                    | Part::Signatures => continue,
                };
                assert!(is_there, "{id}");
            }
        }
    }
}
