//! What to do, and what it repairs: findings grouped by their remedy.

use std::collections::BTreeMap;

use plimsoll_model::Severity;
use plimsoll_model::finding::{Finding, Remedy};
use plimsoll_model::verdict::Action;

/// One action for each remedy, the one that repairs the worst first, then the one that repairs most.
pub(crate) fn actions<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Action> {
    let mut groups: BTreeMap<&Remedy, (Severity, Vec<String>)> = BTreeMap::new();
    for finding in findings {
        let group = groups
            .entry(&finding.remedy)
            .or_insert((Severity::Unknown, Vec::new()));
        group.0 = group.0.max(finding.severity);
        group.1.push(finding.fingerprint.clone());
    }
    let mut actions: Vec<Action> = groups
        .into_iter()
        .map(|(remedy, (severity, mut repairs))| {
            repairs.sort();
            repairs.dedup();
            Action {
                remedy: remedy.clone(),
                severity,
                repairs,
            }
        })
        .collect();
    actions.sort_by(|a, b| {
        (b.severity, b.repairs.len())
            .cmp(&(a.severity, a.repairs.len()))
            .then(a.remedy.cmp(&b.remedy))
    });
    actions
}
