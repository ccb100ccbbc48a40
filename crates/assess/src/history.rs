//! The rules of the linter over the steps that an image's history tells.

use std::collections::BTreeMap;

use plimsoll_dockerfile::Dockerfile;
use plimsoll_dockerfile::ast::{Kind, Token};
use plimsoll_dockerfile::history::{Origin, Reconstructed, Step, reconstruct};
use plimsoll_dockerfile::rules::{self, Applies};
use plimsoll_dockerfile::{lint, parse};
use plimsoll_model::finding::{Confidence, Evidence, Finding, FindingClass, Remedy, fingerprint};
use plimsoll_model::image::{ImageConfig, LayerInfo};
use plimsoll_model::lint::LintFinding;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::{Severity, Text};

/// Rules that hold for a history and are not put to that of a finished image, by what answers instead.
const LEFT_OUT: &[(&str, &[&str])] = &[
    (
        "checks of the configuration see the setting itself",
        &[
            "constant-healthcheck",
            "remote-control-port",
            "secret-in-command",
            "secret-value",
            "secret-variable",
            "sensitive-volume",
        ],
    ),
    (
        "checks of the files see what was left, and by whom",
        &[
            "apk-cache-kept",
            "apt-lists-kept",
            "dnf-cache-kept",
            "empty-password",
            "needless-package",
            "npm-cache-kept",
            "pip-cache-kept",
            "setuid-mode",
            "ssh-server",
            "yarn-cache-kept",
            "yum-cache-kept",
            "zypper-cache-kept",
        ],
    ),
    (
        "the build is over, and the image tells which versions it has",
        &[
            "apk-update-flag",
            "apt-command",
            "apt-prompt",
            "dnf-prompt",
            "npm-production-flag",
            "unpinned-apk-package",
            "unpinned-apt-package",
            "unpinned-dnf-package",
            "unpinned-gem",
            "unpinned-go-module",
            "unpinned-npm-package",
            "unpinned-pip-package",
            "unpinned-yum-package",
            "unpinned-zypper-package",
            "yum-prompt",
            "zypper-prompt",
        ],
    ),
];

/// Whether a rule is put to the history of an image.
fn is_put(rule: &rules::Rule) -> bool {
    let mut left_out = LEFT_OUT.iter().flat_map(|(_, ids)| *ids);
    rule.applies == Applies::History && !left_out.any(|id| *id == rule.meta.id)
}

/// Most places of one rule that are shown.
const SHOWN: usize = 20;

/// How many characters of a step are shown.
const LENGTH: usize = 160;

/// A history and what the rules say of it.
pub(crate) struct Linted {
    made: Reconstructed,
    found: BTreeMap<&'static str, Vec<LintFinding>>,
    /// Lines in which `ADD` fetches an address.
    fetched: Vec<u32>,
    /// Layers of which the history does not tell.
    untold: usize,
}

/// Puts every rule that holds for a history to the steps of an image.
pub(crate) fn lint_history(config: &ImageConfig, layers: &[LayerInfo]) -> Linted {
    let made = reconstruct(config);
    let settings = Settings {
        disable_ignore_comments: true,
        ..Settings::default()
    };
    let file = parse(&made.text);
    let mut found: BTreeMap<&'static str, Vec<LintFinding>> = BTreeMap::new();
    for finding in lint::findings(&file, &settings, is_put) {
        let line = finding.scope.start.line;
        let Some(step) = made.step(line) else {
            continue;
        };
        let is_of_add = finding.rule.id == ADD;
        if !is_of_add || !unpacks(&file, line, step.layer.and_then(|at| layers.get(at))) {
            found.entry(finding.rule.id).or_default().push(finding);
        }
    }
    let fetched = fetched(&file, &made);
    let told = config.history.iter().filter(|entry| !entry.empty_layer);
    let untold = config.rootfs.diff_ids.len().saturating_sub(told.count());
    Linted {
        made,
        found,
        fetched,
        untold,
    }
}

/// The rule by which `ADD` is not for plain files.
const ADD: &str = "add-for-files";

/// Whether `ADD` in a line unpacked an archive. The old builder keeps the digest of what it added, not its name, but one
/// file makes a layer of its folders and itself.
fn unpacks(file: &Dockerfile, line: u32, layer: Option<&LayerInfo>) -> bool {
    let mut at_line = file
        .instructions
        .iter()
        .filter(|instruction| file.region(instruction.span).start.line == line);
    let (Some(Kind::Add(transfer)), Some(layer)) =
        (at_line.next().map(|instruction| &instruction.kind), layer)
    else {
        return false;
    };
    let [source] = transfer.sources.as_slice() else {
        return false;
    };
    let parts = transfer
        .target
        .text
        .split('/')
        .filter(|part| !part.is_empty());
    // The folders of the target, the file, and one more where the target is a folder.
    let most = parts.count().saturating_add(2) as u64;
    source.text.starts_with("file:") && layer.entries > most
}

/// The lines in which `ADD` fetches an address.
fn fetched(file: &Dockerfile, made: &Reconstructed) -> Vec<u32> {
    let is_remote = |source: &Token| {
        ["http://", "https://", "ftp://", "git://", "git@"]
            .iter()
            .any(|scheme| source.text.starts_with(scheme))
    };
    file.instructions
        .iter()
        .filter(|instruction| match &instruction.kind {
            Kind::Add(transfer) => transfer.sources.iter().any(is_remote),
            _ => false,
        })
        .map(|instruction| file.region(instruction.span).start.line)
        .filter(|line| made.step(*line).is_some())
        .collect()
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
    /// What the rule with that id says; `None` where there is no such rule, or it is not put to histories.
    pub(crate) fn told(&self, id: &str) -> Option<Told> {
        rules::all().find(|rule| rule.meta.id == id && is_put(rule))?;
        let told = match self.found.get(id) {
            Some(found) => Told::Found {
                reason: reason(found),
                evidence: self.evidence(found),
            },
            None => self.gap().map_or(Told::Nothing, Told::Unclear),
        };
        Some(told)
    }

    /// Whether `ADD` fetches addresses: the other thing that it does and `COPY` does not, beside unpacking.
    pub(crate) fn told_of_addresses(&self) -> Told {
        if self.fetched.is_empty() {
            return self.gap().map_or(Told::Nothing, Told::Unclear);
        }
        let count = self.fetched.len();
        Told::Found {
            reason: Text::new(
                format!("`ADD` fetches addresses in {count} steps"),
                format!("`ADD` 在 {count} 个步骤中下载远程地址"),
            ),
            evidence: self.places(self.fetched.iter().copied()),
        }
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
        if self.untold > 0 {
            let untold = self.untold;
            return Some(Text::new(
                format!("the history does not tell of {untold} of the layers"),
                format!("构建历史未说明其中 {untold} 层的来源"),
            ));
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
        self.places(found.iter().map(|finding| finding.scope.start.line))
    }

    /// The steps at these lines, of very many the first ones.
    fn places(&self, at: impl Iterator<Item = u32>) -> Vec<Evidence> {
        let lines: Vec<&str> = self.made.text.lines().collect();
        let mut evidence: Vec<Evidence> = at
            .take(SHOWN)
            .filter_map(|line| self.place(line, &lines))
            .collect();
        evidence.sort();
        evidence.dedup();
        evidence
    }

    fn place(&self, line: u32, lines: &[&str]) -> Option<Evidence> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let excerpt = excerpt(lines.get(at)?);
        let step = self.made.step(line)?;
        let number = step.entry + 1;
        let (mut en, mut zh) = (format!("step {number}"), format!("构建步骤 {number}"));
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

#[cfg(test)]
mod tests {
    use plimsoll_model::Digest;
    use plimsoll_model::image::HistoryEntry;

    use super::*;

    fn config(steps: &[&str]) -> ImageConfig {
        let history = steps.iter().map(|step| HistoryEntry {
            created_by: (*step).to_owned(),
            ..HistoryEntry::default()
        });
        ImageConfig {
            history: history.collect(),
            ..ImageConfig::default()
        }
    }

    fn linted(steps: &[&str]) -> Linted {
        lint_history(&config(steps), &[])
    }

    #[test]
    fn what_is_left_out_is_a_rule_that_would_be_put() {
        for id in LEFT_OUT.iter().flat_map(|(_, ids)| *ids) {
            let rule = rules::all().find(|rule| rule.meta.id == *id);
            assert!(
                rule.is_some_and(|rule| rule.applies == Applies::History),
                "{id}"
            );
        }
    }

    #[test]
    fn a_step_is_shown_with_its_place_and_without_its_secrets() {
        let linted = linted(&[
            "/bin/sh -c #(nop) ADD file:0123456789abcdef0123456789abcdef in / ",
            "/bin/sh -c #(nop)  CMD [\"bash\"]",
            "|1 TOKEN=x /bin/sh -c apt-get update",
            "RUN /bin/sh -c API_TOKEN=s3cr3t-Passw0rd apt-get update # buildkit",
        ]);
        let Some(Told::Found { evidence, .. }) = linted.told("index-update-alone") else {
            panic!("the update alone is not found");
        };
        let shown: Vec<&str> = evidence.iter().map(|one| one.detail.en.as_ref()).collect();
        assert_eq!(
            shown,
            [
                "step 3: RUN apt-get update",
                "step 4: RUN API_TOKEN=******** apt-get update",
            ]
        );
        let findings = linted.findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings.first().map(|one| one.severity),
            Some(Severity::Medium)
        );
    }

    /// Of two steps of the old builder one made many files.
    #[test]
    fn an_archive_is_known_by_what_it_made() {
        let root = "/bin/sh -c #(nop) ADD file:0123456789abcdef in / ";
        let step = "/bin/sh -c #(nop) ADD file:0123456789abcdef in /app/ ";
        let mut config = config(&[root, step, step]);
        config.rootfs.diff_ids = vec![Digest::of(b"x"); 3];
        let layer = |entries| LayerInfo {
            digest: None,
            diff_id: None,
            compressed_size: None,
            size: None,
            media_type: String::new(),
            entries,
            created_by: None,
        };
        let linted = lint_history(&config, &[layer(400), layer(2), layer(300)]);
        let Some(Told::Found { evidence, .. }) = linted.told(ADD) else {
            panic!("the file is not found");
        };
        let lines: Vec<Option<u32>> = evidence.iter().map(|one| one.line).collect();
        assert_eq!(lines, [Some(4)]);
    }

    #[test]
    fn the_steps_of_the_base_weigh_less() {
        let linted = linted(&[
            "# debian.sh",
            "RUN /bin/sh -c apt-get update # buildkit",
            "CMD [\"bash\"]",
            "RUN /bin/sh -c make # buildkit",
            "CMD [\"/app\"]",
        ]);
        let findings = linted.findings();
        assert_eq!(
            findings.first().map(|one| one.severity),
            Some(Severity::Low)
        );
        let detail = findings.first().and_then(|one| one.evidence.first());
        let detail = detail.map(|one| one.detail.en.as_ref()).unwrap_or_default();
        assert!(detail.contains("of the base image"), "{detail}");
    }

    #[test]
    fn a_history_that_says_nothing_is_no_pass() {
        assert!(matches!(
            linted(&[]).told("index-update-alone"),
            Some(Told::Unclear(_))
        ));
        assert!(matches!(
            linted(&["# debian.sh"]).told("index-update-alone"),
            Some(Told::Unclear(_))
        ));
        assert!(matches!(
            linted(&["# debian.sh", "jib-maven-plugin:3.4.0"]).told("index-update-alone"),
            Some(Told::Unclear(_))
        ));
        assert!(matches!(
            linted(&["# debian.sh", "CMD [\"bash\"]"]).told("index-update-alone"),
            Some(Told::Nothing)
        ));
        assert!(linted(&[]).told("no-such-rule").is_none());
        let mut squashed = config(&["RUN /bin/sh -c make # buildkit"]);
        squashed.rootfs.diff_ids = vec![Digest::of(b"x"); 2];
        let squashed = lint_history(&squashed, &[]);
        assert!(matches!(squashed.told(ADD), Some(Told::Unclear(_))));
        let linted = lint_history(
            &config(&["# debian.sh", "ADD https://example.org/x /x # buildkit"]),
            &[],
        );
        assert!(matches!(linted.told_of_addresses(), Told::Found { .. }));
    }
}
