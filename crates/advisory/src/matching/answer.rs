//! All answers about one package: rules judged, records of one flaw joined, severity chosen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use plimsoll_model::Severity;
use plimsoll_model::advisory::{
    Applicability, CvssRating, FixState, MatchReason, PackageMatch, SeverityOrder, Vulnerability,
};
use plimsoll_version::Scheme;

use super::Wanted;
use super::judge::{Installed, Judgement, judge};
use super::lookup::Lookup;
use super::severity::severity;
use crate::DatabaseError;
use crate::advisory::Rank;
use crate::db::{KnownFlaw, KnownRecord, Reader};
use crate::{feeds, release};

/// A match that is not yet bound to a package of the image.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    vulnerability: Vulnerability,
    pub(super) applicability: Applicability,
    fix: FixState,
    fix_since: Option<Timestamp>,
    reason: MatchReason,
}

impl Answer {
    pub(super) fn for_package(self, package: usize) -> PackageMatch {
        PackageMatch {
            package,
            vulnerability: self.vulnerability,
            answer: self.applicability,
            fix: self.fix,
            fix_since: self.fix_since,
            reason: self.reason,
        }
    }
}

/// What one record says of the package.
pub(super) struct Said<'j, 'a> {
    pub(super) record: u32,
    pub(super) rating: Option<Severity>,
    rank: Rank,
    judgement: &'j Judgement<'a>,
    /// Place of the target that was looked up: what is said under an earlier one decides.
    target: usize,
}

/// Looks a package up and answers for every flaw that is wanted, in the order of the flaws' ids.
pub(super) fn answers(
    reader: &mut Reader<'_>,
    lookup: &Lookup,
    wanted: Wanted,
    order: &SeverityOrder,
) -> Result<Vec<Answer>, DatabaseError> {
    let mut found = Vec::new();
    for target in &lookup.targets {
        // An ecosystem without a scheme has no analyzer, so nobody asks for it.
        if let Some(scheme) = target.key.scheme()
            && let Some(package) = reader.package(&target.key, &target.name)?
        {
            found.push((Installed::new(lookup, target, scheme), package));
        }
    }
    let mut targets = Vec::new();
    for (installed, package) in &found {
        targets.push((installed, reader.said(package)?));
    }
    let judgements: Vec<Vec<Judgement<'_>>> = targets
        .iter()
        .map(|(installed, package)| {
            package
                .rules
                .iter()
                .map(|entry| judge(&entry.rule, installed))
                .collect()
        })
        .collect();
    let mut by_flaw: BTreeMap<u32, Vec<Said<'_, '_>>> = BTreeMap::new();
    for (place, ((_, package), judgements)) in targets.iter().zip(&judgements).enumerate() {
        for (entry, judgement) in package.rules.iter().zip(judgements) {
            for (flaw, record) in &entry.flaws {
                by_flaw.entry(*flaw).or_default().push(Said {
                    record: *record,
                    rating: entry.rule.rating,
                    rank: entry.rule.rank,
                    judgement,
                    target: place,
                });
            }
        }
    }
    let mut answers = Vec::new();
    for (flaw, mut said) in by_flaw {
        keep_own_branch(&mut said, |target| {
            targets
                .get(target)
                .map(|(installed, _)| installed.branch.as_deref())
        });
        drop_spare(&mut said);
        let Some(decides) = said.iter().min_by_key(|one| weight(one)) else {
            continue;
        };
        let Some((installed, package)) = targets.get(decides.target) else {
            continue;
        };
        if wanted == Wanted::All || decides.judgement.answer != Applicability::NotAffected {
            let known = reader.known(flaw)?;
            let mut answer = answer(known, &said, decides, installed, order);
            if answer.fix_since.is_none() {
                answer.fix_since = released(&answer.fix, &package.releases);
            }
            answers.push(answer);
        }
    }
    answers.sort_by(|left, right| left.vulnerability.id.cmp(&right.vulnerability.id));
    if wanted == Wanted::Concerning {
        fold(&mut answers);
    }
    // Most packages have few, and there can be ten thousand packages.
    answers.shrink_to_fit();
    Ok(answers)
}

/// Where errata of several branches of Red Hat's release, or of a rebuild of it, repair one flaw, the one of the
/// package's own branch decides: `23.el9_2.4` has the fix, though that of 9.3 bears a higher number (trap T5).
fn keep_own_branch<'b>(
    said: &mut Vec<Said<'_, '_>>,
    branch_of: impl Fn(usize) -> Option<Option<&'b str>>,
) {
    if said.len() < 2 {
        return;
    }
    let branches = |one: &Said<'_, '_>| -> Option<String> {
        match one.judgement.fixed.as_slice() {
            [fixed] if !one.judgement.aside => release::branch(fixed),
            _ => None,
        }
    };
    let own: Vec<(bool, bool)> = said
        .iter()
        .map(|one| {
            let theirs = branches(one);
            let ours = branch_of(one.target).flatten();
            (
                theirs.is_some() && theirs.as_deref() == ours,
                theirs.is_some(),
            )
        })
        .collect();
    let targets: BTreeSet<usize> = said
        .iter()
        .zip(&own)
        .filter(|(_, (is_own, _))| *is_own)
        .map(|(one, _)| one.target)
        .collect();
    let mut own = own.into_iter();
    said.retain(|one| {
        let (is_own, has_branch) = own.next().unwrap_or_default();
        is_own || !has_branch || !targets.contains(&one.target)
    });
}

/// What a publisher says more exactly in another feed, for the same package, does not count in this one.
fn drop_spare(said: &mut Vec<Said<'_, '_>>) {
    if said.iter().all(|one| one.rank == Rank::Full) {
        return;
    }
    let full: BTreeSet<usize> = said
        .iter()
        .filter(|one| one.rank == Rank::Full && !one.judgement.aside)
        .map(|one| one.target)
        .collect();
    said.retain(|one| one.rank == Rank::Full || !full.contains(&one.target));
}

/// The nearer target decides. Under one, affected outweighs unknown, and that outweighs not affected — where a
/// rule is for other packages than this one, a rule that is for it decides —; then a record with a fix is the more
/// useful.
fn weight(said: &Said<'_, '_>) -> (bool, usize, Applicability, bool, u32) {
    (
        said.judgement.aside,
        said.target,
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
    order: &SeverityOrder,
) -> Answer {
    let (feed, record) = match known.records.get(decides.record as usize) {
        Some(record) => (record.feed.clone(), record.id.clone()),
        None => (String::new(), known.id.clone()),
    };
    let (severity, severity_source) = severity(&known, decides, &feed, order);
    let reason = MatchReason {
        looked_up: installed.target.name.clone(),
        compared: installed.target.version.clone(),
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
            source: known.source().to_owned(),
            vector: known.rating.vector,
        })
        .filter(|rating| rated.insert((rating.vector.clone(), rating.source.clone())))
        .collect();
    let fix = fix(said, decides, installed);
    Answer {
        applicability: decides.judgement.answer,
        fix_since: fix_since(&fix, said, &known.records),
        fix,
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
            known_exploited: known.exploited.is_some(),
            exploitation: known.exploited,
            epss: known.epss,
            doubts: known.doubts,
            malicious: known.malicious,
            published: known.published,
            modified: known.modified,
            references,
        },
    }
}

/// All versions above the installed one that any record of the flaw calls fixed, the nearest first; else those
/// that only who pays for extended support gets.
fn fix(said: &[Said<'_, '_>], decides: &Said<'_, '_>, installed: &Installed<'_>) -> FixState {
    let texts = |versions: Vec<&str>| versions.into_iter().map(str::to_owned).collect();
    let fixed = said.iter().flat_map(|one| &one.judgement.fixed).copied();
    let fixed = above(fixed.collect(), decides, installed);
    if !fixed.is_empty() {
        return FixState::Fixed(texts(fixed));
    }
    let paid = said.iter().flat_map(|one| &one.judgement.subscription);
    let paid = above(paid.copied().collect(), decides, installed);
    if paid.is_empty() {
        decides.judgement.without_versions.clone()
    } else {
        FixState::Subscription(texts(paid))
    }
}

/// The day on which the nearest fix could be installed, by the first record that tells of it and of a day.
fn fix_since(fix: &FixState, said: &[Said<'_, '_>], records: &[KnownRecord]) -> Option<Timestamp> {
    let nearest = nearest(fix)?;
    let tells = |one: &&Said<'_, '_>| {
        let judgement = one.judgement;
        let mut versions = judgement.fixed.iter().chain(&judgement.subscription);
        versions.any(|version| *version == nearest)
    };
    said.iter()
        .filter(tells)
        .filter_map(|one| records.get(one.record as usize)?.released)
        .min()
}

/// The same by what is known of the package's versions, whatever the flaw.
fn released(fix: &FixState, releases: &[(&str, Date)]) -> Option<Timestamp> {
    let nearest = nearest(fix)?;
    let (_, day) = releases.iter().find(|(version, _)| *version == nearest)?;
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn nearest(fix: &FixState) -> Option<&str> {
    let (FixState::Fixed(versions) | FixState::Subscription(versions)) = fix else {
        return None;
    };
    versions.first().map(String::as_str)
}

/// Versions above the installed one, each once, the nearest first.
fn above<'a>(
    mut fixed: Vec<&'a str>,
    decides: &Said<'_, '_>,
    installed: &Installed<'_>,
) -> Vec<&'a str> {
    let scheme = installed.scheme;
    if decides.judgement.answer != Applicability::NotAffected {
        fixed.retain(|version| is_above(scheme, version, &installed.target.version));
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
    fixed
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
