//! From the answers to the verdict.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::check::{Answer, CheckResult, Dimension};
use plimsoll_model::finding::Finding;
use plimsoll_model::verdict::{Decision, DimensionResult, Verdict, Veto, VetoResult};
use plimsoll_model::{Effect, Severity, Text};

use crate::accept::Ledger;
use crate::actions::actions;
use crate::coverage;
use crate::demands::{self, Weight};
use crate::file::Policy;
use crate::score::score;
use crate::vetoes;

/// The dimension in which a veto weighs.
fn dimension_of(veto: Veto) -> Dimension {
    match veto {
        Veto::SevereFlaw | Veto::Root => Dimension::Security,
        Veto::MovingTag => Dimension::Reliability,
        Veto::Unmaintained => Dimension::Maintainability,
        Veto::Agpl => Dimension::Compliance,
    }
}

/// Decides whether the image is fit.
///
/// In this order: a veto, or a failed check of high or critical weight, or a demand of the policy that is not met,
/// means unfit; an open veto, or something that could not be read, or less coverage than is demanded, or a demanded
/// signature that could not be looked for, means that it cannot be said; failed checks of less weight, open questions
/// and gaps are conditions; nothing of all this means fit.
#[must_use]
pub fn decide(policy: &Policy, assessment: &Assessment, now: Timestamp) -> Verdict {
    let ledger = Ledger::new(&policy.accept, now.to_zoned(TimeZone::UTC).date());
    let vetoes = vetoes::answer_all(policy, assessment, &ledger);
    let open: Vec<&CheckResult> = assessment
        .checks
        .iter()
        .filter(|check| matches!(check.answer, Answer::Fail | Answer::Unknown))
        .filter(|check| !ledger.check(&check.check))
        .collect();
    let findings: Vec<&Finding> = assessment
        .findings
        .iter()
        .filter(|finding| !ledger.finding(finding))
        .collect();

    let mut grounds = Grounds::of(assessment, &vetoes, &open);
    if !ledger.check(coverage::RULE) {
        grounds
            .blind
            .extend(coverage::shortfalls(policy, assessment));
    }
    for unmet in demands::unmet(policy, assessment) {
        if !ledger.check(unmet.rule) {
            grounds.of_weight(unmet.weight).push(unmet.reason);
        }
    }
    let decision = grounds.decision();
    let reasons = grounds.reasons(decision);
    let conditions = if decision == Decision::Conditional {
        grounds.conditions.clone()
    } else {
        Vec::new()
    };
    let dimensions = dimensions(assessment, &vetoes, &open);
    Verdict {
        decision,
        reasons,
        conditions,
        dimensions,
        score: score(findings.iter().copied()),
        actions: actions(findings.into_iter()),
        accepted: ledger.accepted(),
        remarks: ledger.remarks(),
        vetoes,
    }
}

/// Everything that speaks against the image, by what it leads to.
#[derive(Default)]
struct Grounds {
    against: Vec<Text>,
    blind: Vec<Text>,
    conditions: Vec<Text>,
}

impl Grounds {
    fn of(assessment: &Assessment, vetoes: &[VetoResult], open: &[&CheckResult]) -> Self {
        let mut grounds = Self::default();
        for veto in vetoes {
            let title = veto.veto.title();
            let text = Text::new(
                format!("{}: {}", title.en, veto.reason.en),
                format!("{}:{}", title.zh, veto.reason.zh),
            );
            match veto.answer {
                Answer::Fail => grounds.against.push(text),
                Answer::Unknown => grounds.blind.push(text),
                Answer::Pass | Answer::NotApplicable => {}
            }
        }
        for check in open {
            let by_veto = Veto::ALL
                .iter()
                .any(|v| vetoes::check_of(*v) == Some(check.check.as_str()));
            let heavy = matches!(check.severity, Severity::High | Severity::Critical);
            match check.answer {
                Answer::Fail if heavy && !by_veto => grounds.against.push(sentence(check)),
                // The veto above says it already.
                _ if by_veto => {}
                _ => grounds.conditions.push(sentence(check)),
            }
        }
        for problem in &assessment.problems {
            let text = Text::verbatim(format!("{}: {}", problem.subject, problem.reason));
            match problem.effect {
                Effect::Blind => grounds.blind.push(text),
                Effect::Gap => grounds.conditions.push(text),
                Effect::Note => {}
            }
        }
        grounds
    }

    fn of_weight(&mut self, weight: Weight) -> &mut Vec<Text> {
        match weight {
            Weight::Against => &mut self.against,
            Weight::Blind => &mut self.blind,
            Weight::Condition => &mut self.conditions,
        }
    }

    fn decision(&self) -> Decision {
        if !self.against.is_empty() {
            Decision::Unfit
        } else if !self.blind.is_empty() {
            Decision::Unknown
        } else if !self.conditions.is_empty() {
            Decision::Conditional
        } else {
            Decision::Fit
        }
    }

    fn reasons(&self, decision: Decision) -> Vec<Text> {
        match decision {
            Decision::Unfit => self.against.clone(),
            Decision::Unknown => self.blind.clone(),
            Decision::Conditional => vec![Text::fixed(
                "no veto and no heavy failure; the conditions below remain",
                "没有一票否决项和严重问题;仍需满足以下条件",
            )],
            Decision::Fit => vec![Text::fixed(
                "no veto, and every check passes",
                "没有一票否决项,所有检查均通过",
            )],
        }
    }
}

fn sentence(check: &CheckResult) -> Text {
    Text::new(
        format!("{}: {}", check.title.en, check.reason.en),
        format!("{}:{}", check.title.zh, check.reason.zh),
    )
}

fn dimensions(
    assessment: &Assessment,
    vetoes: &[VetoResult],
    open: &[&CheckResult],
) -> Vec<DimensionResult> {
    Dimension::ALL
        .into_iter()
        .map(|dimension| {
            let ids = |answer: Answer| -> Vec<String> {
                let checks = open
                    .iter()
                    .filter(|c| c.dimension == dimension && c.answer == answer);
                let vetoes = vetoes
                    .iter()
                    .filter(|v| dimension_of(v.veto) == dimension && v.answer == answer)
                    .filter(|v| vetoes::check_of(v.veto).is_none());
                checks
                    .map(|check| check.check.clone())
                    .chain(vetoes.map(|veto| veto.veto.name().to_owned()))
                    .collect()
            };
            let (failed, unknown) = (ids(Answer::Fail), ids(Answer::Unknown));
            let asked = assessment
                .checks
                .iter()
                .any(|check| check.dimension == dimension);
            let answer = if !failed.is_empty() {
                Answer::Fail
            } else if !unknown.is_empty() || !asked {
                Answer::Unknown
            } else {
                Answer::Pass
            };
            DimensionResult {
                dimension,
                answer,
                failed,
                unknown,
            }
        })
        .collect()
}
