//! The rules of the linter over the steps that an image's history tells.

use std::collections::BTreeMap;

use plimsoll_dockerfile::history::{Origin, Reconstructed, Step, reconstruct};
use plimsoll_dockerfile::rules::{self, Applies};
use plimsoll_dockerfile::{lint, parse};
use plimsoll_model::finding::{Confidence, Evidence, Finding, FindingClass, Remedy, fingerprint};
use plimsoll_model::image::ImageConfig;
use plimsoll_model::lint::LintFinding;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::{Severity, Text};

/// Rules that are not put to a history, by one of their ids elsewhere: a check says the same and sees more of it, the
/// configuration or the files themselves; or the rule counts instructions, of which base and image have their own.
const LEFT_OUT: &[&str] = &[
    // root-user
    "DL3002",
    "DS-0002",
    // healthcheck
    "DL3012",
    "DL3057",
    "DS-0023",
    "DS-0026",
    // config-secret
    "DL3064",
    "DS-0031",
    "SecretsUsedInArgOrEnv",
    // exposed-ports
    "DS-0004",
    // sensitive-volume
    "DKL-DI-0002",
    // leftover-file
    "DL3009",
    "DL3032",
    "DL3036",
    "DL3040",
    "DL3042",
    "DL3060",
    "DKL-DI-0005",
    // Several of them
    "DL4003",
    "DL4004",
    "DL3059",
    "MultipleInstructionsDisallowed",
];

/// Most places of one rule that are shown.
const SHOWN: usize = 20;

/// How many characters of a step are shown.
const LENGTH: usize = 160;

/// A history and what the rules say of it.
pub(crate) struct Linted {
    made: Reconstructed,
    found: BTreeMap<&'static str, Vec<LintFinding>>,
}

/// Puts every rule that holds for a history to the steps of an image.
pub(crate) fn lint_history(config: &ImageConfig) -> Linted {
    let made = reconstruct(config);
    let settings = Settings {
        disable_ignore_comments: true,
        ..Settings::default()
    };
    let file = parse(&made.text);
    let mut found: BTreeMap<&'static str, Vec<LintFinding>> = BTreeMap::new();
    let applies = |rule: &rules::Rule| {
        rule.applies == Applies::History
            && !LEFT_OUT.iter().any(|left_out| rule.meta.is_named(left_out))
    };
    for finding in lint::findings(&file, &settings, applies) {
        if made.step(finding.scope.start.line).is_some() {
            found.entry(finding.rule.id).or_default().push(finding);
        }
    }
    Linted { made, found }
}

/// What a history says of one rule.
pub(crate) enum Told {
    /// The rule finds something.
    Found {
        /// What, in the first place.
        reason: Text,
        /// Where.
        evidence: Vec<Evidence>,
    },
    /// Every step of the image is known, and it finds nothing.
    Nothing,
    /// There is no history, or steps of it say nothing that can be read.
    Unclear(Text),
}

impl Linted {
    /// What the rule with that id or alias says, and its own id; `None` where there is no such rule.
    pub(crate) fn told(&self, name: &str) -> Option<(&'static str, Told)> {
        let id = rules::named(name)?.meta.id;
        let told = match self.found.get(id) {
            Some(found) => Told::Found {
                reason: reason(found),
                evidence: self.evidence(found),
            },
            None => self.gap().map_or(Told::Nothing, Told::Unclear),
        };
        Some((id, told))
    }

    /// The base image, where the builder noted its name.
    pub(crate) fn base(&self) -> Option<&str> {
        self.made.base.as_deref()
    }

    /// Why finding nothing means nothing.
    fn gap(&self) -> Option<Text> {
        if self.made.steps.is_empty() {
            return Some(Text::fixed("the image has no history", "镜像没有构建历史"));
        }
        // The root filesystem of a base is made by a tool of its own.
        let own = self.made.steps.iter().skip(1);
        let unknown = own
            .filter(|step| step.of == Origin::Own && !step.is_known)
            .count();
        let unknown = unknown.saturating_add(self.made.omitted);
        let alone = self.made.steps.len() == 1 && !self.made.steps.iter().all(|step| step.is_known);
        (unknown > 0 || alone).then(|| {
            Text::new(
                format!(
                    "{} steps of the history tell no instruction",
                    unknown.max(1)
                ),
                format!("构建历史中有 {} 个步骤无法识别为指令", unknown.max(1)),
            )
        })
    }

    /// The findings, one for each rule.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.found
            .values()
            .filter_map(|found| self.finding(found))
            .collect()
    }

    fn finding(&self, found: &[LintFinding]) -> Option<Finding> {
        let first = found.first()?;
        let worst = found.iter().map(|finding| finding.severity).max()?;
        let of_base = found.iter().all(|finding| {
            self.step(finding)
                .is_some_and(|step| step.of == Origin::Base)
        });
        Some(Finding {
            rule: first.rule.id.to_owned(),
            class: FindingClass::Configuration,
            subject: "image".to_owned(),
            // Whoever builds on a base cannot change its steps.
            severity: if of_base {
                worst.min(Severity::Low)
            } else {
                worst
            },
            confidence: Confidence::Medium,
            title: reason(found),
            evidence: self.evidence(found),
            remedy: Remedy::Manual {
                text: redacted(&first.suggestion),
            },
            fingerprint: fingerprint(&["history", first.rule.id]),
            package: None,
            vulnerability: None,
            triage: Vec::new(),
        })
    }

    fn step(&self, finding: &LintFinding) -> Option<&Step> {
        self.made.step(finding.scope.start.line)
    }

    fn evidence(&self, found: &[LintFinding]) -> Vec<Evidence> {
        let lines: Vec<&str> = self.made.text.lines().collect();
        let mut evidence: Vec<Evidence> = found
            .iter()
            .take(SHOWN)
            .filter_map(|finding| {
                let line = finding.scope.start.line;
                let at = usize::try_from(line).ok()?.checked_sub(1)?;
                let excerpt = excerpt(lines.get(at)?);
                let step = self.step(finding)?;
                let (mut en, mut zh) = (
                    format!("step {}", step.entry + 1),
                    format!("构建步骤 {}", step.entry + 1),
                );
                if let Some(layer) = step.layer {
                    en = format!("{en}, layer {layer}");
                    zh = format!("{zh},第 {layer} 层");
                }
                if step.of == Origin::Base {
                    en = format!("{en}, of the base image");
                    zh = format!("{zh},来自基础镜像");
                }
                Some(Evidence {
                    location: None,
                    line: Some(line),
                    detail: Text::new(format!("{en}: {excerpt}"), format!("{zh}:{excerpt}")),
                })
            })
            .collect();
        evidence.sort();
        evidence.dedup();
        evidence
    }
}

/// What is wrong: the message of the only place, else the rule's title and how many places there are.
fn reason(found: &[LintFinding]) -> Text {
    match found {
        [only] => redacted(&only.message),
        [first, ..] => {
            let count = found.len();
            let title = &first.rule.title;
            Text::new(
                format!("{}, in {count} places of the history", title.en),
                format!("{}(构建历史中共 {count} 处)", title.zh),
            )
        }
        [] => Text::fixed("", ""),
    }
}

fn redacted(text: &Text) -> Text {
    Text::new(
        plimsoll_secrets::redact(&text.en),
        plimsoll_secrets::redact(&text.zh),
    )
}

/// The beginning of a line, without secrets.
fn excerpt(line: &str) -> String {
    let line = plimsoll_secrets::redact(line);
    let mut short: String = line.chars().take(LENGTH).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
