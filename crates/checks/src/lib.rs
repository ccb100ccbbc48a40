//! Production-readiness checks over the facts of an image, a file each.
//!
//! A check answers one question from facts alone: pass, fail, unknown or not applicable. It sees no
//! advisory, no policy and no clock but the one it is given. Known flaws in packages are the matcher's
//! matter, the verdict is policy's.
//!
//! To add one: write the file, add its `mod` line and its row in [`ALL`].

pub mod lifecycle;
#[cfg(test)]
mod samples;

mod agpl_license;
mod architectures;
mod base_eol;
mod config_secret;
mod duplicate_account;
mod empty_password;
mod exposed_ports;
mod file_secret;
mod healthcheck;
mod image_age;
mod leftover_file;
mod maintainer;
mod moving_tag;
mod needless_tool;
mod root_user;
mod sensitive_volume;
mod setuid_file;
mod trial;
mod unverified_source;

use jiff::Timestamp;
use plimsoll_model::check::{Answer, CheckResult, Dimension};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

use lifecycle::Lifecycles;

/// Who a check is; its prose is the documentation and the help text of reports.
#[derive(Debug)]
pub struct Meta {
    /// Stable id that completes "allow …", such as `root-user`.
    pub id: &'static str,
    /// The dimension that it belongs to.
    pub dimension: Dimension,
    /// What it asks about, a few words.
    pub title: Text,
    /// Why it matters, one or two sentences.
    pub why: Text,
    /// Where the rule comes from: a benchmark's id, a section of a specification, the requirements.
    pub references: &'static [&'static str],
    /// How much a failure weighs, unless the outcome says otherwise.
    pub severity: Severity,
    /// From which facts it answers.
    pub needs: Needs,
}

/// From which facts a check answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Configuration or files of the image. A bill of materials tells neither, so that the answer is unknown.
    Image,
    /// The name of the image, its system and its packages, which a bill of materials tells too.
    Bill,
}

/// What a check may know besides the facts.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The time for which the answer is asked.
    pub now: Timestamp,
    /// Support dates of distributions.
    pub lifecycles: &'a Lifecycles,
}

/// What a check says.
#[derive(Debug)]
pub struct Outcome {
    /// The answer.
    pub answer: Answer,
    /// Why, one sentence.
    pub reason: Text,
    /// How much it weighs, where that differs from the check's own severity.
    pub severity: Option<Severity>,
    /// Proof.
    pub evidence: Vec<Evidence>,
    /// What repairs it.
    pub remedy: Option<Remedy>,
}

impl Outcome {
    fn plain(answer: Answer, reason: Text) -> Self {
        Self {
            answer,
            reason,
            severity: None,
            evidence: Vec::new(),
            remedy: None,
        }
    }

    fn pass(reason: Text) -> Self {
        Self::plain(Answer::Pass, reason)
    }

    fn unknown(reason: Text) -> Self {
        Self::plain(Answer::Unknown, reason)
    }

    fn not_applicable(reason: Text) -> Self {
        Self::plain(Answer::NotApplicable, reason)
    }

    fn fail(reason: Text, remedy: Remedy) -> Self {
        Self {
            remedy: Some(remedy),
            ..Self::plain(Answer::Fail, reason)
        }
    }

    fn with(mut self, evidence: Vec<Evidence>) -> Self {
        self.evidence = evidence;
        self
    }

    fn weighing(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

/// Answers one question about an image.
pub trait Check: Send + Sync {
    /// Who this is.
    fn meta(&self) -> &'static Meta;

    /// Answers; called once for an image, never fails.
    fn run(&self, facts: &ImageFacts, context: &Context<'_>) -> Outcome;
}

/// Every check, in the order in which reports show them: by dimension, then by weight.
pub static ALL: &[&dyn Check] = &[
    &root_user::RootUser,
    &empty_password::EmptyPassword,
    &exposed_ports::ExposedPorts,
    &sensitive_volume::SensitiveVolume,
    &unverified_source::UnverifiedSource,
    &setuid_file::SetuidFile,
    &needless_tool::NeedlessTool,
    &duplicate_account::DuplicateAccount,
    &moving_tag::MovingTag,
    &healthcheck::Healthcheck,
    &base_eol::BaseEol,
    &maintainer::Maintainer,
    &image_age::ImageAge,
    &architectures::Architectures,
    &leftover_file::LeftoverFile,
    &config_secret::ConfigSecret,
    &file_secret::FileSecret,
    &agpl_license::AgplLicense,
    &trial::Trial,
];

fn answer(check: &dyn Check, facts: &ImageFacts, context: &Context<'_>) -> Outcome {
    let is_bill = facts.subject.source == SourceKind::Sbom;
    if is_bill && check.meta().needs == Needs::Image {
        return Outcome::unknown(Text::fixed(
            "a bill of materials does not tell",
            "物料清单中没有此信息",
        ));
    }
    check.run(facts, context)
}

/// Runs every check.
#[must_use]
pub fn run_all(facts: &ImageFacts, context: &Context<'_>) -> Vec<CheckResult> {
    ALL.iter()
        .map(|check| {
            let meta = check.meta();
            let outcome = answer(*check, facts, context);
            CheckResult {
                check: meta.id.to_owned(),
                dimension: meta.dimension,
                title: meta.title.clone(),
                answer: outcome.answer,
                severity: outcome.severity.unwrap_or(meta.severity),
                reason: outcome.reason,
                evidence: outcome.evidence,
                remedy: outcome.remedy,
            }
        })
        .collect()
}

/// A number of things in English: `1 program`, `3 programs`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Evidence that is a setting, not a file.
fn setting(text: impl Into<String>) -> Evidence {
    Evidence {
        location: None,
        line: None,
        detail: Text::verbatim(text),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_prose_is_there_in_both_languages() {
        let ids: BTreeSet<_> = ALL.iter().map(|check| check.meta().id).collect();
        assert_eq!(ids.len(), ALL.len());
        for check in ALL {
            let meta = check.meta();
            for text in [&meta.title, &meta.why] {
                assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", meta.id);
                assert_ne!(text.en, text.zh, "{}", meta.id);
            }
            assert!(!meta.references.is_empty(), "{}", meta.id);
        }
    }
}
