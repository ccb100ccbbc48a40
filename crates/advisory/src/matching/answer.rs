//! All answers about one package: rules judged, records of one flaw joined, severity chosen.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Severity;
use plimsoll_model::advisory::{
    Applicability, CvssRating, FixState, MatchReason, PackageMatch, Vulnerability,
};
use plimsoll_version::Scheme;

use super::judge::{Installed, Judgement, judge};
use super::{Lookup, Wanted};
use crate::DatabaseError;
use crate::db::{KnownFlaw, Reader};
use crate::feeds;

/// A match that is not yet bound to a package of the image.
#[derive(Debug)]
pub(super) struct Answer {
    vulnerability: Vulnerability,
    pub(super) applicability: Applicability,
    fix: FixState,
    reason: MatchReason,
}

impl Answer {
    pub(super) fn for_package(&self, package: usize) -> PackageMatch {
        PackageMatch {
            package,
            vulnerability: self.vulnerability.clone(),
            answer: self.applicability,
            fix: self.fix.clone(),
            reason: self.reason.clone(),
        }
    }
}

/// What one record says of the package.
struct Said<'j, 'a> {
    record: u32,
    rating: Option<Severity>,
    judgement: &'j Judgement<'a>,
}

/// Looks a package up and answers for every flaw that is wanted, in the order of the flaws' ids.
pub(super) fn answers(
    reader: &mut Reader<'_>,
    lookup: &Lookup,
    wanted: Wanted,
) -> Result<Vec<Answer>, DatabaseError> {
    // An ecosystem without a scheme has no analyzer, so nobody asks for it.
    let Some(scheme) = lookup.key.scheme() else {
        return Ok(Vec::new());
    };
    let installed = Installed::new(lookup, scheme);
    let rules = reader.package(&lookup.key, &lookup.name)?;
    let judgements: Vec<Judgement<'_>> = rules
        .iter()
        .map(|entry| judge(&entry.rule, &installed))
        .collect();
    let mut by_flaw: BTreeMap<u32, Vec<Said<'_, '_>>> = BTreeMap::new();
    for (entry, judgement) in rules.iter().zip(&judgements) {
        for (flaw, record) in &entry.flaws {
            by_flaw.entry(*flaw).or_default().push(Said {
                record: *record,
                rating: entry.rule.rating,
                judgement,
            });
        }
    }
    let mut answers = Vec::new();
    for (flaw, said) in by_flaw {
        let Some(decides) = said.iter().min_by_key(|one| weight(one)) else {
            continue;
        };
        if wanted == Wanted::All || decides.judgement.answer != Applicability::NotAffected {
            let known = reader.known(flaw)?;
            answers.push(answer(known, &said, decides, &installed));
        }
    }
    answers.sort_by(|left, right| left.vulnerability.id.cmp(&right.vulnerability.id));
    if wanted == Wanted::Concerning {
        fold(&mut answers);
    }
    Ok(answers)
}

/// Affected outweighs unknown, and that outweighs not affected; then a record with a fix is the more useful.
fn weight(said: &Said<'_, '_>) -> (Applicability, bool, u32) {
    (
        match said.judgement.answer {
            Applicability::Affected => Applicability::Affected,
            // The order of the enumeration is that of its words and not of their weight.
            Applicability::Unknown => Applicability::NotAffected,
            Applicability::NotAffected => Applicability::Unknown,
        },
        said.judgement.fixed.is_empty(),
        said.record,
    )
}

fn answer(
    known: KnownFlaw,
    said: &[Said<'_, '_>],
    decides: &Said<'_, '_>,
    installed: &Installed<'_>,
) -> Answer {
    let (feed, record) = match known.records.get(decides.record as usize) {
        Some(record) => (record.feed.clone(), record.id.clone()),
        None => (String::new(), known.id.clone()),
    };
    let (severity, severity_source) = severity(&known, decides, &feed);
    let reason = MatchReason {
        looked_up: installed.lookup.name.clone(),
        compared: installed.lookup.version.clone(),
        scheme: installed.scheme.name().to_owned(),
        rule: decides.judgement.rule.clone(),
        unknown: decides.judgement.unknown.clone(),
        feed,
        record,
    };
    let mut references: Vec<String> = feeds::record_page(&reason.feed, &reason.record)
        .into_iter()
        .collect();
    references.extend(known.references);
    let mut seen = BTreeSet::new();
    references.retain(|address| seen.insert(address.clone()));
    let mut rated = BTreeSet::new();
    let cvss = known
        .ratings
        .into_iter()
        .map(|known| CvssRating {
            score: known.rating.score(),
            vector: known.rating.vector,
            source: known.feed,
        })
        .filter(|rating| rated.insert((rating.vector.clone(), rating.source.clone())))
        .collect();
    Answer {
        applicability: decides.judgement.answer,
        fix: fix(said, decides, installed),
        reason,
        vulnerability: Vulnerability {
            id: known.id,
            aliases: known.aliases,
            title: known.title,
            title_zh: Some(known.title_zh).filter(|title| !title.is_empty()),
            description: known.description,
            severity,
            severity_source,
            cvss,
            known_exploited: known.exploited,
            published: known.published,
            modified: known.modified,
            references,
        },
    }
}

/// Severity by the order of trust:
///
/// 1. the rating of the vendor of this very package (Debian's urgency; malware; `RustSec`'s informational
///    records),
/// 2. the worst CVSS score of the record that decided,
/// 3. the worst CVSS score of any other record of the flaw, of whatever feed,
/// 4. a rating in a word, of the record that decided, else the worst of any other,
/// 5. unknown, which is shown and never hidden.
fn severity(known: &KnownFlaw, decides: &Said<'_, '_>, feed: &str) -> (Severity, String) {
    if let Some(severity) = decides.rating {
        return (severity, format!("{feed} rating"));
    }
    let own = known
        .ratings
        .iter()
        .find(|rating| rating.record == Some(decides.record));
    if let Some(rating) = own.or(known.ratings.first()) {
        let severity = Severity::from_score(rating.rating.score());
        return (severity, format!("{} cvss", rating.feed));
    }
    let worded = |severity: Option<Severity>| severity.filter(|word| *word != Severity::Unknown);
    let own = known.records.get(decides.record as usize);
    if let Some(word) = own.and_then(|record| worded(record.word)) {
        return (word, format!("{feed} rating"));
    }
    let others = known
        .records
        .iter()
        .filter(|record| record.withdrawn.is_none())
        .filter_map(|record| Some((worded(record.word)?, &record.feed)));
    match others.max_by_key(|(word, _)| *word) {
        Some((word, feed)) => (word, format!("{feed} rating")),
        None => (Severity::Unknown, String::new()),
    }
}

/// All versions above the installed one that any record of the flaw calls fixed, the nearest first.
fn fix(said: &[Said<'_, '_>], decides: &Said<'_, '_>, installed: &Installed<'_>) -> FixState {
    let scheme = installed.scheme;
    let mut fixed: Vec<&str> = said
        .iter()
        .flat_map(|one| &one.judgement.fixed)
        .copied()
        .collect();
    if decides.judgement.answer != Applicability::NotAffected {
        fixed.retain(|version| is_above(scheme, version, &installed.lookup.version));
    }
    fixed.sort_by(|left, right| {
        scheme
            .compare(left, right)
            .unwrap_or_else(|_| left.cmp(right))
    });
    fixed.dedup_by(|left, right| {
        scheme
            .compare(left, right)
            .map_or(*left == *right, std::cmp::Ordering::is_eq)
    });
    if fixed.is_empty() {
        decides.judgement.without_versions.clone()
    } else {
        FixState::Fixed(fixed.into_iter().map(str::to_owned).collect())
    }
}

/// Versions that cannot be compared are kept: the fix is real, only its place is not known.
fn is_above(scheme: Scheme, version: &str, installed: &str) -> bool {
    scheme
        .compare(version, installed)
        .map_or(true, std::cmp::Ordering::is_gt)
}

/// Drops a flaw that speaks of several CVE ids at once where the package has an answer for each of them
/// alone, and leaves its ids with them: one flaw is counted once.
fn fold(answers: &mut Vec<Answer>) {
    let state: BTreeMap<String, Applicability> = answers
        .iter()
        .map(|answer| (answer.vulnerability.id.clone(), answer.applicability))
        .collect();
    let mut folded: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    answers.retain(|answer| {
        let vulnerability = &answer.vulnerability;
        let ids = vulnerability
            .aliases
            .iter()
            .chain([&vulnerability.id])
            .cloned();
        let (cves, others): (Vec<String>, Vec<String>) = ids.partition(|id| id.starts_with("CVE-"));
        let covered = cves.len() > 1
            && cves
                .iter()
                .all(|cve| state.get(cve) == Some(&answer.applicability))
            && !cves.contains(&vulnerability.id);
        if covered {
            folded.push((cves, others));
        }
        !covered
    });
    for (cves, others) in folded {
        for answer in answers.iter_mut() {
            if cves.contains(&answer.vulnerability.id) {
                answer.vulnerability.aliases.extend(others.iter().cloned());
                answer.vulnerability.aliases.sort();
                answer.vulnerability.aliases.dedup();
            }
        }
    }
}
