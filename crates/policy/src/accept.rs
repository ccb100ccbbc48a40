//! What somebody answers for: findings and open questions, each with an owner, a reason and an end.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use plimsoll_model::Text;
use plimsoll_model::finding::Finding;
use plimsoll_model::verdict::{Accepted, Veto};

use crate::statement::{ids_of, is_of_whole, several_cves};

/// One acceptance of the policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Id of a flaw (any of its aliases), of a check, or of a veto.
    pub rule: String,
    /// What it is about: a package name, a path; empty for everything under the rule.
    pub subject: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Last day on which it holds.
    pub until: Date,
}

impl Acceptance {
    fn to_accepted(&self) -> Accepted {
        Accepted {
            rule: self.rule.clone(),
            subject: self.subject.clone(),
            owner: self.owner.clone(),
            reason: self.reason.clone(),
            until: self.until.to_string(),
        }
    }
}

/// The acceptances that hold on a day, and which of them were used.
pub(crate) struct Ledger<'a> {
    rows: &'a [Acceptance],
    today: Date,
    used: RefCell<BTreeSet<usize>>,
    /// What is about a part of a flaw alone, with the CVE ids for which nobody answers.
    parts: RefCell<BTreeMap<usize, BTreeSet<String>>>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(rows: &'a [Acceptance], today: Date) -> Self {
        Self {
            rows,
            today,
            used: RefCell::new(BTreeSet::new()),
            parts: RefCell::new(BTreeMap::new()),
        }
    }

    fn accepts(&self, matches: impl Fn(&Acceptance) -> bool) -> bool {
        let mut accepted = false;
        for (idx, row) in self.rows.iter().enumerate() {
            if matches(row) {
                self.used.borrow_mut().insert(idx);
                accepted |= row.until >= self.today;
            }
        }
        accepted
    }

    /// Whether somebody answers for a finding: in the policy file, or in a statement that lays it aside.
    pub(crate) fn finding(&self, finding: &Finding) -> bool {
        let by_statement = finding.laid_aside().is_some();
        let is_about =
            |row: &Acceptance| row.subject.is_empty() || names(&finding.subject, &row.subject);
        let cves = several_cves(finding);
        let ids = ids_of(finding);
        let by_policy = self.accepts(|row| {
            let is_of_flaw = if cves.is_empty() {
                ids.contains(&row.rule.as_str())
            } else {
                is_of_whole(finding, &row.rule)
            };
            is_of_flaw && is_about(row)
        });
        // Who answers for one CVE id of several does not answer for the others.
        let holding = || {
            let rows = self.rows.iter().enumerate();
            rows.filter(|(_, row)| row.until >= self.today && is_about(row))
        };
        let open: Vec<&str> = cves
            .iter()
            .filter(|cve| holding().all(|(_, row)| row.rule != **cve))
            .copied()
            .collect();
        let by_each = !cves.is_empty()
            && open.is_empty()
            && self.accepts(|row| cves.contains(&row.rule.as_str()) && is_about(row));
        if !by_policy && !open.is_empty() {
            let parts = holding().filter(|(_, row)| ids.contains(&row.rule.as_str()));
            for (idx, _) in parts {
                let mut known = self.parts.borrow_mut();
                let others = open.iter().map(|cve| (*cve).to_owned());
                known.entry(idx).or_default().extend(others);
            }
        }
        by_policy || by_each || by_statement
    }

    /// Whether somebody answers for a check's failure, or for its open question.
    pub(crate) fn check(&self, id: &str) -> bool {
        self.accepts(|row| row.rule == id && row.subject.is_empty())
    }

    /// Whether somebody answers for a whole veto.
    pub(crate) fn veto(&self, veto: Veto) -> bool {
        self.accepts(|row| row.rule == veto.name() && row.subject.is_empty())
    }

    /// What was used and holds.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        let used = self.used.borrow();
        let holding = used.iter().filter_map(|idx| self.rows.get(*idx));
        holding
            .filter(|row| row.until >= self.today)
            .map(Acceptance::to_accepted)
            .collect()
    }

    /// What has expired, what is about a part of a flaw alone, and what matches nothing.
    pub(crate) fn remarks(&self) -> Vec<Text> {
        let used = self.used.borrow();
        let parts = self.parts.borrow();
        let mut remarks = Vec::new();
        for (idx, row) in self.rows.iter().enumerate() {
            let Acceptance {
                rule, owner, until, ..
            } = row;
            if row.until < self.today {
                remarks.push(Text::new(
                    format!("the acceptance of `{rule}` by {owner} ended on {until}"),
                    format!("{owner} 对 `{rule}` 的接受已于 {until} 到期"),
                ));
            } else if let Some(others) = parts.get(&idx) {
                let ids: Vec<&str> = others.iter().map(String::as_str).collect();
                remarks.push(Text::new(
                    format!(
                        "the acceptance of `{rule}` by {owner} does not cover a flaw that also is {}, which nobody \
                         accepts",
                        ids.join(", ")
                    ),
                    format!(
                        "{owner} 对 `{rule}` 的接受未涵盖该缺陷:它同时是 {},而后者无人接受",
                        ids.join("、")
                    ),
                ));
            } else if !used.contains(&idx) {
                remarks.push(Text::new(
                    format!("the acceptance of `{rule}` by {owner} matches nothing"),
                    format!("{owner} 对 `{rule}` 的接受未匹配任何内容"),
                ));
            }
        }
        remarks
    }
}

/// A subject is `name version` or a path; an acceptance names the whole of it or its first word.
fn names(subject: &str, wanted: &str) -> bool {
    subject == wanted || subject.split(' ').next() == Some(wanted)
}
