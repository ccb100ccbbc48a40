//! Holding statements against the findings of an image.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::finding::Finding;
use plimsoll_model::triage::{Triage, TriageState};
use plimsoll_model::{Problem, Stage};

use crate::statement::{Flaws, Seen, Statement, ids_of, is_of_whole, several_cves};

/// Writes into each finding what is said of it, and into the problems which statements have ended or match
/// nothing.
///
/// Of VEX the newest statement holds; one without a date is the oldest, and of those of the same time the one
/// that speaks most against the image. A flaw that bears several CVE ids is laid aside when each of them is, for a
/// statement about one says nothing of the others. Ignore rules hold beside it, in the same way. Only what advisories tell is looked
/// at.
pub fn triage(statements: &[Statement], assessment: &mut Assessment, now: Timestamp) {
    let index = Index::new(statements);
    let mut fates: Vec<Fate> = vec![Fate::NoSuchFlaw; statements.len()];
    let mut said: Vec<Vec<Triage>> = Vec::with_capacity(assessment.findings.len());
    for finding in &assessment.findings {
        said.push(said_of(&index, finding, assessment, now, &mut fates));
    }
    for (finding, said) in assessment.findings.iter_mut().zip(said) {
        finding.triage = said;
    }
    assessment.problems.extend(notes(statements, &fates));
    assessment.problems.sort();
    assessment.problems.dedup();
}

/// What became of a statement; the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    NoSuchFlaw,
    OtherProduct,
    Ended,
    /// About one of several CVE ids of the flaw, while the others stand.
    Partial,
    Used,
}

/// Statements by the ids of their flaws, so that many findings and many statements stay cheap.
struct Index<'a> {
    statements: &'a [Statement],
    by_id: BTreeMap<&'a str, Vec<usize>>,
    of_all: Vec<usize>,
}

impl<'a> Index<'a> {
    fn new(statements: &'a [Statement]) -> Self {
        let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut of_all = Vec::new();
        for (place, statement) in statements.iter().enumerate() {
            if statement.flaws == Flaws::All {
                of_all.push(place);
            }
            for id in statement.flaws.ids() {
                by_id.entry(id).or_default().push(place);
            }
        }
        Self {
            statements,
            by_id,
            of_all,
        }
    }

    fn about(&self, finding: &Finding) -> BTreeSet<usize> {
        let ids = ids_of(finding);
        let named = ids.iter().filter_map(|id| self.by_id.get(id)).flatten();
        named.chain(&self.of_all).copied().collect()
    }
}

fn said_of(
    index: &Index<'_>,
    finding: &Finding,
    assessment: &Assessment,
    now: Timestamp,
    fates: &mut [Fate],
) -> Vec<Triage> {
    if !finding.class.is_of_advisory() {
        return Vec::new();
    }
    let seen = Seen::new(&assessment.facts, finding);
    let cves = several_cves(finding);
    let mut said = Vec::new();
    for place in index.about(finding) {
        let Some(statement) = index.statements.get(place) else {
            continue;
        };
        if !statement.is_of_flaw(&seen) {
            continue;
        }
        let fate = if !statement.is_of_product(&seen) {
            Fate::OtherProduct
        } else if statement.ends.is_some_and(|ends| ends <= now) {
            Fate::Ended
        } else {
            said.push(Said {
                triage: to_triage(statement),
                place,
                cves: named(statement, &cves),
                is_of_whole: is_of_whole_flaw(statement, finding),
            });
            Fate::Partial
        };
        if let Some(known) = fates.get_mut(place) {
            *known = fate.max(*known);
        }
    }
    let counts = decide(&mut said, &cves);
    decide_rules(&mut said, &cves);
    for one in &said {
        let is_used = if one.is_rule() {
            one.triage.holds
        } else {
            counts
        };
        if let Some(known) = fates.get_mut(one.place).filter(|_| is_used) {
            *known = Fate::Used;
        }
    }
    // What does not hold is no rule of this finding.
    said.retain(|one| one.triage.holds || !one.is_rule());
    let mut said: Vec<Triage> = said.into_iter().map(|one| one.triage).collect();
    // Of what is said twice one holds; it is told once.
    let held: Vec<Triage> = said.iter().filter(|one| one.holds).cloned().collect();
    for one in said.iter_mut().filter(|one| !one.holds) {
        let holds = Triage {
            holds: true,
            ..one.clone()
        };
        one.holds = held.contains(&holds);
    }
    said.sort();
    said.dedup();
    said
}

/// What one statement says of one flaw.
struct Said<'a> {
    triage: Triage,
    /// Which of the statements it is.
    place: usize,
    /// Of several CVE ids of the flaw, those that it names.
    cves: Vec<&'a str>,
    /// Whether it is about the flaw with all its ids.
    is_of_whole: bool,
}

impl Said<'_> {
    /// Whether it is a rule of an ignore file.
    fn is_rule(&self) -> bool {
        self.triage.state == TriageState::Accepted
    }
}

fn named<'a>(statement: &Statement, cves: &[&'a str]) -> Vec<&'a str> {
    let ids = statement.flaws.ids();
    let asked = cves.iter().copied();
    asked.filter(|cve| ids.iter().any(|id| id == cve)).collect()
}

fn is_of_whole_flaw(statement: &Statement, finding: &Finding) -> bool {
    let mut ids = statement.flaws.ids().iter();
    statement.flaws == Flaws::All || ids.any(|id| is_of_whole(finding, id))
}

fn to_triage(statement: &Statement) -> Triage {
    Triage {
        state: statement.state,
        holds: statement.state == TriageState::Accepted,
        justification: statement.justification.clone(),
        reason: statement.reason.clone(),
        by: statement.by.clone(),
        source: statement.source.clone(),
        made: statement.made,
        ends: statement.ends,
    }
}

/// Marks the statements of VEX that hold: the newest, and of several CVE ids the newest of each. `false` where
/// some of these have none, while what is said of the others lays them aside.
fn decide(said: &mut [Said<'_>], cves: &[&str]) -> bool {
    let newest = |said: &[Said<'_>], cve: Option<&str>| {
        let of_vex = said
            .iter()
            .enumerate()
            .filter(|(_, one)| !one.is_rule() && cve.is_none_or(|cve| one.cves.contains(&cve)));
        let newest = of_vex.max_by(|(_, a), (_, b)| {
            let (a, b) = (&a.triage, &b.triage);
            let dates = a.made.cmp(&b.made);
            dates
                .then_with(|| b.state.cmp(&a.state))
                .then_with(|| a.cmp(b))
        });
        newest.map(|(idx, one)| (idx, one.triage.state.lays_aside()))
    };
    let found: Vec<Option<(usize, bool)>> = if cves.is_empty() {
        vec![newest(said, None)]
    } else {
        let each = cves.iter().map(|cve| newest(said, Some(cve)));
        each.collect()
    };
    let known = || found.iter().flatten();
    let stands = known().any(|(_, aside)| !aside);
    let counts = stands || found.iter().all(Option::is_some);
    for (idx, aside) in known() {
        if let Some(one) = said.get_mut(*idx).filter(|_| counts && (!stands || !aside)) {
            one.triage.holds = true;
        }
    }
    counts
}

/// Marks the rules of ignore files that hold: of several CVE ids, each needs one.
fn decide_rules(said: &mut [Said<'_>], cves: &[&str]) {
    let is_named = |cve: &&str| {
        let mut rules = said.iter().filter(|one| one.is_rule());
        rules.any(|rule| rule.cves.contains(cve))
    };
    let all = cves.iter().all(is_named);
    for one in said.iter_mut().filter(|one| one.is_rule()) {
        one.triage.holds = one.is_of_whole || (all && (cves.is_empty() || !one.cves.is_empty()));
    }
}

/// Ids that one note names at most.
const SHOWN: usize = 20;

/// One note for each document and fate.
fn notes(statements: &[Statement], fates: &[Fate]) -> Vec<Problem> {
    let mut told: BTreeMap<(&str, Fate), BTreeSet<String>> = BTreeMap::new();
    for (statement, fate) in statements.iter().zip(fates) {
        if *fate == Fate::Used {
            continue;
        }
        let what = match statement.flaws.ids() {
            [] => "a rule for all flaws".to_owned(),
            [first, ..] => format!("`{first}`"),
        };
        let source = statement.source.as_str();
        told.entry((source, *fate)).or_default().insert(what);
    }
    told.into_iter()
        .map(|((source, fate), ids)| {
            let more = ids.len().saturating_sub(SHOWN);
            let mut shown: Vec<String> = ids.into_iter().take(SHOWN).collect();
            if more > 0 {
                shown.push(format!("{more} more"));
            }
            let why = match fate {
                Fate::NoSuchFlaw => "nothing in this image bears the id, so that these are dead",
                Fate::OtherProduct => {
                    "the image has the flaw, but not in the product that is named, so that these do not count"
                }
                Fate::Partial => {
                    "the flaw bears other CVE ids too, of which nothing is said, so that these do not count"
                }
                Fate::Ended | Fate::Used => "these have ended and no longer count",
            };
            Problem::note(Stage::Policy, source, format!("{why}: {}", shown.join(", ")))
        })
        .collect()
}
