//! What a user sets for the linter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{LintFinding, LintIgnored, LintRule};
use crate::Severity;
use crate::lifecycle::Lifecycle;

/// What a label has to be (rules on labels ask for it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// Any text but an empty one.
    Text,
    /// A URL (RFC 3986).
    Url,
    /// A time (RFC 3339).
    Rfc3339,
    /// A licence expression of SPDX.
    Spdx,
    /// A commit of Git.
    GitHash,
    /// A version (Semantic Versioning 2.0.0).
    SemVer,
    /// An address of mail (RFC 5322).
    Email,
}

/// What a user sets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Rules whose findings are laid aside, by id or alias, and where it says so: `.hadolint.yaml`.
    pub ignored: BTreeMap<String, String>,
    /// Rules that are run though they are off by default, by id or alias.
    pub enabled: BTreeSet<String>,
    /// The only rules that are run, by id or alias; empty: all.
    pub only: BTreeSet<String>,
    /// How much a rule's findings weigh, by id or alias.
    pub severities: BTreeMap<String, Severity>,
    /// Registries from which bases may come, as `registry.example.org` or `*.example.org`; empty: any.
    pub trusted_registries: Vec<String>,
    /// Labels that there have to be.
    pub labels: BTreeMap<String, LabelKind>,
    /// Whether there may be no other labels.
    pub strict_labels: bool,
    /// Whether comments in the file cannot lay findings aside.
    pub disable_ignore_comments: bool,
    /// What `.dockerignore` of the linted file's build context says; `None` where there is none.
    pub dockerignore: Option<String>,
    /// Images that are not made for a platform, by both as the file writes them, with the platforms that they are made
    /// for: what registries said, and nothing where none was asked.
    pub missing_platforms: BTreeMap<(String, String), Vec<String>>,
    /// The day on which the files are linted, as `2026-01-31`: what holds until an earlier day no longer does.
    /// Empty: no day has come.
    pub today: String,
    /// How long distributions and what official images hold are supported, by the `ID` of os-release and the name of
    /// the image; none where nobody says.
    pub lifecycles: Arc<[Lifecycle]>,
}

impl Settings {
    /// Whether a rule is run, if it is on by default or not.
    #[must_use]
    pub fn runs(&self, rule: &LintRule, by_default: bool) -> bool {
        let named = |names: &BTreeSet<String>| names.iter().any(|name| rule.is_named(name));
        if self.only.is_empty() {
            by_default || named(&self.enabled)
        } else {
            named(&self.only)
        }
    }

    /// Whether a finding is asked for: all are, unless `only` names some.
    #[must_use]
    pub fn wants(&self, finding: &LintFinding) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| finding.is_named(name))
    }

    /// Gives findings the severity that the user set, takes those out that `only` does not name and lays aside
    /// what `ignored` names.
    #[must_use]
    pub fn apply(&self, found: Vec<LintFinding>) -> (Vec<LintFinding>, Vec<LintIgnored>) {
        let (mut kept, mut ignored) = (Vec::with_capacity(found.len()), Vec::new());
        for mut finding in found {
            if !self.wants(&finding) {
                continue;
            }
            let mut set = self.severities.iter();
            if let Some((_, severity)) = set.find(|(name, _)| finding.is_named(name)) {
                finding.severity = *severity;
            }
            let mut aside = self.ignored.iter();
            match aside.find(|(name, _)| finding.is_named(name)) {
                Some((_, by)) => ignored.push(LintIgnored {
                    finding,
                    by: by.clone(),
                }),
                None => kept.push(finding),
            }
        }
        (kept, ignored)
    }
}
