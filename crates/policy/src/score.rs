//! The score of the requirements: information, never a decision.

use plimsoll_model::Severity;
use plimsoll_model::finding::Finding;
use plimsoll_model::verdict::{Grade, Score};

/// `max(0, 100 − 10·critical − 5·high − 1·medium)` over the flaws in packages, and malware, that nobody accepted.
pub(crate) fn score<'a>(findings: impl Iterator<Item = &'a Finding>) -> Score {
    let mut counts = [0_u32; 5];
    for finding in findings.filter(|finding| finding.class.is_of_advisory()) {
        let place = match finding.severity {
            Severity::Critical => 0,
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low | Severity::Negligible => 3,
            Severity::Unknown => 4,
        };
        counts[place] = counts[place].saturating_add(1);
    }
    let [critical, high, medium, low, unknown] = counts;
    let lost = critical
        .saturating_mul(10)
        .saturating_add(high.saturating_mul(5))
        .saturating_add(medium);
    let value = 100_u32.saturating_sub(lost);
    let grade = match value {
        80.. => Grade::Excellent,
        60.. => Grade::Good,
        _ => Grade::NeedsWork,
    };
    Score {
        value,
        grade,
        critical,
        high,
        medium,
        low,
        unknown,
    }
}
