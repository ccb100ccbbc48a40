//! Which finding to look at first: one order for every report, described in `docs/priority.md`.

use std::cmp::{Ordering, Reverse};

use jiff::Timestamp;

use crate::Severity;
use crate::advisory::{FixState, Vulnerability};
use crate::finding::{Finding, FindingClass};
use crate::reach::Reachability;

/// The place of a finding; the least is to be looked at first.
///
/// 1. Malware, and flaws that are known to be exploited.
/// 2. The severity, worst first.
/// 3. The probability that the flaw is exploited (EPSS), the highest first; none is the least.
/// 4. The highest CVSS base score; none is the least.
/// 5. Those with a fix before those without: they can be ended.
/// 6. Those in what a container loads before those of which that is not known, and these before those in packages
///    that what it starts is not linked to.
/// 7. The one whose fix can be installed for the longest time; where no record tells since when, the day on which
///    the flaw was published stands in, and one without either comes last.
#[derive(Debug, Clone, Copy)]
pub struct Priority {
    urgent: bool,
    severity: Severity,
    class: FindingClass,
    epss: f64,
    score: f64,
    fixed: bool,
    reachability: Reachability,
    since: Option<Timestamp>,
}

impl Priority {
    /// The place of a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        let found = finding.vulnerability.as_deref();
        let flaw = found.map(|found| &found.vulnerability);
        Self {
            urgent: flaw.is_some_and(|flaw| flaw.known_exploited || flaw.malicious),
            severity: finding.severity,
            class: finding.class,
            epss: flaw
                .and_then(|flaw| flaw.epss.as_ref())
                .map_or(-1.0, |epss| epss.probability),
            score: flaw.and_then(Vulnerability::worst_score).unwrap_or(-1.0),
            fixed: found.is_some_and(|found| matches!(found.fix, FixState::Fixed(_))),
            reachability: finding
                .package
                .as_ref()
                .map_or_else(Reachability::default, |package| package.reachability),
            since: found.and_then(|found| found.fix_since.or(found.vulnerability.published)),
        }
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        let dated = |one: &Self| (one.since.is_none(), one.since);
        let worst = |one: &Self| (Reverse(one.urgent), Reverse(one.severity), one.class);
        worst(self)
            .cmp(&worst(other))
            .then_with(|| other.epss.total_cmp(&self.epss))
            .then_with(|| other.score.total_cmp(&self.score))
            .then_with(|| other.fixed.cmp(&self.fixed))
            .then_with(|| self.reachability.cmp(&other.reachability))
            .then_with(|| dated(self).cmp(&dated(other)))
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Priority {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Priority {}

#[cfg(test)]
mod tests {
    use super::*;

    fn least() -> Priority {
        Priority {
            urgent: false,
            severity: Severity::Low,
            class: FindingClass::Vulnerability,
            epss: -1.0,
            score: -1.0,
            fixed: false,
            reachability: Reachability::NotLinked,
            since: None,
        }
    }

    /// Each of these is looked at before all that follow.
    #[test]
    fn the_order_is_that_of_the_document() {
        let date = |text: &str| text.parse::<Timestamp>().ok();
        let order = [
            Priority {
                urgent: true,
                ..least()
            },
            Priority {
                severity: Severity::Critical,
                ..least()
            },
            Priority {
                epss: 0.9,
                ..least()
            },
            Priority {
                epss: 0.0,
                score: 2.0,
                ..least()
            },
            Priority {
                score: 3.9,
                ..least()
            },
            Priority {
                fixed: true,
                ..least()
            },
            Priority {
                reachability: Reachability::Linked,
                ..least()
            },
            Priority {
                reachability: Reachability::Unknown,
                ..least()
            },
            Priority {
                since: date("2020-01-01T00:00:00Z"),
                ..least()
            },
            Priority {
                since: date("2024-01-01T00:00:00Z"),
                ..least()
            },
            least(),
        ];
        for (place, first) in order.iter().enumerate() {
            for (other, second) in order.iter().enumerate() {
                assert_eq!(first.cmp(second), place.cmp(&other), "{first:?} {second:?}");
            }
        }
    }
}
