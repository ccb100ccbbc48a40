//! The façade: wires the default tables and runs the pipeline from a source to an assessment.
//!
//! [`read_facts`] opens an image and reads its layers, from the cache where they are known; [`assess`] adds
//! advisories and checks. Deciding is the matter of the policy crate, and showing that of the report crate.

mod attached;
mod controls;
mod explain;
mod facts;
mod findings;
mod history;
pub mod lint;
pub mod share;
mod signatures;
pub mod sources;
pub mod store;
pub mod update;

pub use plimsoll_advisory as advisory;
pub use plimsoll_analyze::cache;
pub use plimsoll_analyze::java_index;
pub use plimsoll_checks::lifecycle::Lifecycles;
pub use plimsoll_image as image;
pub use plimsoll_net as net;
pub use plimsoll_sbom as sbom;
pub use plimsoll_trust as trust;

use std::collections::BTreeSet;

use jiff::Timestamp;
use plimsoll_advisory::db::FRESH;
use plimsoll_advisory::{Database, EcosystemKey};
use plimsoll_model::advisory::{self as model_advisory, SeverityOrder, Snapshot};
use plimsoll_model::assessment::{AnalyzerStamp, Assessment, Provenance};
use plimsoll_model::base::TrustedBases;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::signing::Signatures;
use plimsoll_model::{Problem, Stage};

pub use attached::{AttachedError, PlacedDocument, attached_facts, attached_vex};
pub use controls::controls_named;
pub use explain::{explain, question};
pub use facts::{Progress, ReadOptions, Step, read_facts};
pub use signatures::{LoadTrustError, SignedBase, Trust, base_signatures, signatures, unsigned};

/// What an assessment rests on besides the image.
#[derive(Debug)]
pub struct Knowledge<'a> {
    /// The advisories.
    pub database: &'a Database,
    /// Until when its publisher stands by them, where that is known.
    pub expires: Option<Timestamp>,
    /// Support dates of distributions.
    pub lifecycles: &'a Lifecycles,
    /// Whose rating becomes the severity of a flaw.
    pub severity_order: &'a SeverityOrder,
    /// The base images that are trusted.
    pub trusted_bases: &'a TrustedBases,
    /// What became of the image's signatures, see [`signatures()`].
    pub signatures: &'a Signatures,
    /// The base that the image names, where a rule means it, see [`base_signatures()`].
    pub signed_base: Option<&'a SignedBase>,
    /// The time for which the answer is asked.
    pub now: Timestamp,
    /// Version of the program.
    pub program: &'a str,
}

/// Matches advisories, runs the checks and gathers what is wrong.
#[must_use]
pub fn assess(facts: ImageFacts, knowledge: &Knowledge<'_>) -> Assessment {
    let matched =
        plimsoll_advisory::match_packages_by(&facts, knowledge.database, knowledge.severity_order);
    let context = plimsoll_checks::Context {
        now: knowledge.now,
        lifecycles: knowledge.lifecycles,
    };
    let checks = plimsoll_checks::run_all(&facts, &context);
    let history = history::lint_history(&facts.config, &facts.layers);
    let findings = findings::gather(&facts, matched.matches, &checks, history.findings());
    let mut problems = facts.problems.clone();
    problems.extend(matched.problems);
    let mut snapshot = knowledge.database.snapshot();
    snapshot.expires = knowledge.expires.or(snapshot.expires);
    let asked = !matched.ecosystems.is_empty();
    problems.extend(age(&snapshot, asked, knowledge.now));
    problems.extend(neglected(
        knowledge.database,
        &matched.ecosystems,
        knowledge.now,
    ));
    problems.sort();
    problems.dedup();
    let controls = controls::answer_all(&controls::Known {
        facts: &facts,
        checks: &checks,
        findings: &findings,
        problems: &problems,
        snapshot: &snapshot,
        history: &history,
        trusted_bases: knowledge.trusted_bases,
        signatures: knowledge.signatures,
        signed_base: knowledge.signed_base,
    });
    Assessment {
        findings,
        checks,
        controls,
        judged: matched.judged,
        problems,
        provenance: Provenance {
            program: knowledge.program.to_owned(),
            analyzers: analyzers(),
            snapshot,
            severity_order: knowledge.severity_order.clone(),
        },
        facts,
    }
}

/// Advisories that have expired say nothing of what came since: where packages were looked up in them, that none was
/// found means nothing. A date of a time to come tells of a clock that is wrong, here or there.
fn age(snapshot: &Snapshot, asked: bool, now: Timestamp) -> Option<Problem> {
    if snapshot.knowledge == model_advisory::Knowledge::Watchlist {
        return None;
    }
    let subject = format!("advisories {}", snapshot.id);
    let Some(newest) = snapshot.newest else {
        return Some(Problem::note(
            Stage::Match,
            subject,
            "no feed tells how old it is",
        ));
    };
    let days = now.as_second().saturating_sub(newest.as_second()) / 86_400;
    if days < -1 {
        let reason = "the newest record has a date in the future";
        return Some(Problem::gap(Stage::Match, subject, reason));
    }
    if snapshot.expires.is_none_or(|expires| expires > now) {
        return None;
    }
    let reason = format!(
        "the newest record is {days} days old, and the database has expired; what came since then is not known"
    );
    Some(if asked {
        Problem::blind(Stage::Match, subject, reason)
    } else {
        Problem::gap(Stage::Match, subject, reason)
    })
}

/// A database may be new and yet hold old documents: whoever updates npm alone keeps what was fetched of Debian.
/// What packages of this image were looked up in is then as good as missing.
fn neglected(database: &Database, asked: &BTreeSet<EcosystemKey>, now: Timestamp) -> Vec<Problem> {
    let mut problems = Vec::new();
    for key in asked {
        let Some(checked) = database.checked(key) else {
            continue;
        };
        let seconds = now.as_second().saturating_sub(checked.as_second());
        if seconds > FRESH {
            let days = seconds / 86_400;
            let reason = format!(
                "their publisher was last asked {days} days ago; what came since then is not known"
            );
            problems.push(Problem::blind(
                Stage::Match,
                format!("advisories for {key}"),
                reason,
            ));
        }
    }
    problems
}

fn analyzers() -> Vec<AnalyzerStamp> {
    let mut stamps: Vec<AnalyzerStamp> = plimsoll_analyzers::all()
        .iter()
        .map(|analyzer| AnalyzerStamp {
            id: analyzer.meta().id.to_owned(),
            revision: analyzer.meta().revision,
        })
        .collect();
    stamps.sort();
    stamps
}
