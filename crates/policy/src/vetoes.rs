//! The five vetoes.

use plimsoll_model::advisory::{Applicability, Knowledge, Vulnerability};
use plimsoll_model::assessment::Assessment;
use plimsoll_model::check::{Answer, CheckResult};
use plimsoll_model::finding::Finding;
use plimsoll_model::verdict::{Veto, VetoResult};
use plimsoll_model::{Effect, Severity, Text};

use crate::accept::Ledger;
use crate::file::{Policy, SevereBy};

/// The check through which a veto is answered, for those that have one. Such a check decides through its
/// veto alone.
pub(crate) fn check_of(veto: Veto) -> Option<&'static str> {
    match veto {
        Veto::MovingTag => Some("moving-tag"),
        Veto::SevereFlaw => None,
        Veto::Unmaintained => Some("maintainer"),
        Veto::Root => Some("root-user"),
        Veto::Agpl => Some("agpl-license"),
    }
}

/// Answers all five, in their order.
pub(crate) fn answer_all(
    policy: &Policy,
    assessment: &Assessment,
    ledger: &Ledger<'_>,
) -> Vec<VetoResult> {
    Veto::ALL
        .into_iter()
        .map(|veto| {
            let result = answer(policy, assessment, ledger, veto);
            let open = matches!(result.answer, Answer::Fail | Answer::Unknown);
            let accepted = open
                && (ledger.veto(veto) || check_of(veto).is_some_and(|check| ledger.check(check)));
            if accepted {
                VetoResult {
                    answer: Answer::Pass,
                    reason: Text::new(
                        format!("somebody answers for it: {}", result.reason.en),
                        format!("已有人负责:{}", result.reason.zh),
                    ),
                    ..result
                }
            } else {
                result
            }
        })
        .collect()
}

fn answer(policy: &Policy, assessment: &Assessment, ledger: &Ledger<'_>, veto: Veto) -> VetoResult {
    let (answer, reason) = match veto {
        Veto::SevereFlaw => severe_flaw(policy, assessment, ledger),
        Veto::Root => root(by_check(assessment, "root-user")),
        Veto::MovingTag | Veto::Unmaintained | Veto::Agpl => {
            let check = by_check(assessment, check_of(veto).unwrap_or_default());
            match check {
                Some(check) => (check.answer, check.reason.clone()),
                None => (Answer::Unknown, NOT_ASKED),
            }
        }
    };
    VetoResult {
        veto,
        answer,
        reason,
    }
}

const NOT_ASKED: Text = Text::fixed("it was not asked", "未检查");

fn by_check<'a>(assessment: &'a Assessment, id: &str) -> Option<&'a CheckResult> {
    assessment.checks.iter().find(|check| check.check == id)
}

/// Root alone is no veto: it must also be impossible to lower, and only a trial shows that.
fn root(check: Option<&CheckResult>) -> (Answer, Text) {
    let Some(check) = check else {
        return (Answer::Unknown, NOT_ASKED);
    };
    match check.answer {
        Answer::Fail => (
            Answer::Unknown,
            Text::new(
                format!(
                    "{}; whether it also works as another user is seen only when it runs",
                    check.reason.en
                ),
                format!("{};能否以其他用户运行需实测才能知道", check.reason.zh),
            ),
        ),
        other => (other, check.reason.clone()),
    }
}

/// What is to be thought of one flaw.
enum Weight {
    Severe,
    Open,
    Light,
}

/// A flaw without any score is weighed by the word of its source; without either it stays open, as does
/// one of which it cannot be said whether it applies (T81).
fn weigh(policy: &Policy, finding: &Finding) -> Weight {
    let Some(found) = &finding.vulnerability else {
        return Weight::Light;
    };
    if found.vulnerability.malicious && found.answer == Applicability::Affected {
        return Weight::Severe;
    }
    let score = score(policy, &found.vulnerability);
    let severe = match score {
        Some(score) => score >= policy.severe_score,
        None => matches!(finding.severity, Severity::High | Severity::Critical),
    };
    if severe && found.answer == Applicability::Affected {
        return Weight::Severe;
    }
    if severe || (score.is_none() && finding.severity == Severity::Unknown) {
        return Weight::Open;
    }
    Weight::Light
}

/// The score that counts. By the order of sources it is the worst of the one that made the severity; a word
/// has no score.
fn score(policy: &Policy, flaw: &Vulnerability) -> Option<f64> {
    if policy.severe_by == SevereBy::Worst {
        return flaw.worst_score();
    }
    let source = flaw.severity_source.strip_suffix(" cvss")?;
    flaw.cvss
        .iter()
        .filter(|rating| rating.source == source && !rating.is_superseded(&flaw.cvss))
        .map(|rating| rating.score)
        .filter(|score| Severity::from_score(*score) == flaw.severity)
        .max_by(f64::total_cmp)
}

fn severe_flaw(policy: &Policy, assessment: &Assessment, ledger: &Ledger<'_>) -> (Answer, Text) {
    let limit = policy.severe_score;
    let mut severe: Vec<&Finding> = Vec::new();
    let mut open = 0_usize;
    let flaws = assessment
        .findings
        .iter()
        .filter(|f| f.class.is_of_advisory());
    for finding in flaws.filter(|finding| !ledger.finding(finding)) {
        match weigh(policy, finding) {
            Weight::Severe => severe.push(finding),
            Weight::Open => open += 1,
            Weight::Light => {}
        }
    }
    if let Some(first) = severe.first() {
        return (Answer::Fail, too_severe(&severe, first, limit));
    }
    if let Some(problem) = assessment
        .problems
        .iter()
        .find(|problem| problem.effect == Effect::Blind)
    {
        return (
            Answer::Unknown,
            Text::new(
                format!(
                    "none found, but not all could be seen: {}: {}",
                    problem.subject, problem.reason
                ),
                format!(
                    "未发现,但有内容无法查看:{}:{}",
                    problem.subject, problem.reason
                ),
            ),
        );
    }
    if open > 0 {
        return (
            Answer::Unknown,
            Text::new(
                format!("{open} flaws have no score, or it cannot be said whether they apply"),
                format!("有 {open} 个漏洞没有评分,或无法判断是否受影响"),
            ),
        );
    }
    if assessment.provenance.snapshot.knowledge == Knowledge::Watchlist {
        return (
            Answer::Unknown,
            Text::fixed(
                "none found, but only the built-in watchlist was used; `plimsoll db update` fetches the \
                 advisories",
                "未发现,但仅使用了内置观察清单;请运行 `plimsoll db update` 获取完整公告",
            ),
        );
    }
    (
        Answer::Pass,
        Text::new(
            format!("no flaw with CVSS {limit:.1} or more"),
            format!("没有 CVSS ≥ {limit:.1} 的漏洞"),
        ),
    )
}

/// What is too severe: malware first, else how many flaws, with one of them.
fn too_severe(severe: &[&Finding], first: &Finding, limit: f64) -> Text {
    let is_malware = |finding: &&&Finding| {
        let found = finding.vulnerability.as_deref();
        found.is_some_and(|found| found.vulnerability.malicious)
    };
    if let Some(malware) = severe.iter().find(is_malware) {
        return Text::new(
            format!("{} is malware ({})", malware.subject, malware.rule),
            format!("{} 是恶意软件包({})", malware.subject, malware.rule),
        );
    }
    let count = severe.len();
    let example = format!("{} in {}", first.rule, first.subject);
    Text::new(
        format!("{count} flaws with CVSS {limit:.1} or more, such as {example}"),
        format!(
            "{count} 个 CVSS ≥ {limit:.1} 的漏洞,例如 {} 中的 {}",
            first.subject, first.rule
        ),
    )
}
