//! What a user sets for the linter.

use std::collections::{BTreeMap, BTreeSet};

use super::LintRule;
use crate::Severity;

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
    /// Rules that are not run, by id or alias.
    pub ignored: BTreeSet<String>,
    /// Rules that are run though they are off by default, by id or alias.
    pub enabled: BTreeSet<String>,
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
}

impl Settings {
    /// Whether a rule that is on or off by default is run: one that is off has to be asked for.
    #[must_use]
    pub fn runs(&self, rule: &LintRule, is_on: bool) -> bool {
        is_on || self.enabled.iter().any(|name| rule.is_called(name))
    }
}
