//! Runs the rules over a file.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::lint::{
    Edit, Fix, LintError, LintFile, LintFinding, LintKind, LintRule, Safety,
};
use plimsoll_model::{Severity, Text};

use crate::ast::{Dockerfile, Instruction};
use crate::commands::{self, Run};
use crate::rules::{self, Default as RuleDefault, Rule};
use crate::span::Span;

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
    /// Whether a list names a rule, by its id or one of its aliases, in any case.
    pub(crate) fn names<'a>(mut list: impl Iterator<Item = &'a String>, rule: &LintRule) -> bool {
        list.any(|name| {
            rule.id.eq_ignore_ascii_case(name)
                || rule
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    fn runs(&self, rule: &Rule) -> bool {
        rule.default == RuleDefault::On || Self::names(self.enabled.iter(), &rule.meta)
    }
}

/// What rules see.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file.
    pub file: &'a Dockerfile,
    /// What the user set.
    pub settings: &'a Settings,
    /// Every `RUN` with the programs that it starts.
    pub runs: &'a [Run<'a>],
}

/// Where rules put what they find.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static Rule,
    file: &'a Dockerfile,
    found: Vec<(Span, LintFinding)>,
}

/// A rule reports at most so many findings of one file, so that a hostile file does not fill the memory.
const MAX_FINDINGS: usize = 10_000;

impl Sink<'_> {
    /// Reports a finding: the instruction that it is about, the exact place in the file, what is wrong there and
    /// what to do.
    pub fn report(
        &mut self,
        at: &Instruction,
        span: Span,
        message: Text,
        suggestion: Text,
    ) -> Found<'_> {
        let meta = &self.rule.meta;
        let finding = LintFinding {
            rule: meta,
            aliases: meta.aliases.to_vec(),
            severity: meta.severity,
            region: self.file.region(span),
            scope: self.file.region(at.span),
            message,
            suggestion,
            fix: None,
        };
        if self.found.len() >= MAX_FINDINGS {
            self.found.pop();
        }
        self.found.push((span, finding));
        Found {
            finding: self.found.last_mut().map(|(_, finding)| finding),
        }
    }
}

/// A finding that was just reported.
#[derive(Debug)]
pub struct Found<'a> {
    finding: Option<&'a mut LintFinding>,
}

impl Found<'_> {
    /// Says that only these of the rule's aliases say the same of this place.
    pub fn aliases(&mut self, aliases: &[&'static str]) -> &mut Self {
        self.change(|finding| finding.aliases = aliases.to_vec())
    }

    /// Says that it weighs other than the rule's findings do.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.change(|finding| finding.severity = severity)
    }

    /// Adds a patch that changes nothing of what the image does.
    pub fn safe_fix(&mut self, edits: Vec<Edit>) -> &mut Self {
        self.fix(Safety::Safe, edits)
    }

    /// Adds a patch that a person has to look at.
    pub fn unsafe_fix(&mut self, edits: Vec<Edit>) -> &mut Self {
        self.fix(Safety::Unsafe, edits)
    }

    fn fix(&mut self, safety: Safety, mut edits: Vec<Edit>) -> &mut Self {
        edits.sort();
        self.change(|finding| finding.fix = Some(Fix { safety, edits }))
    }

    fn change(&mut self, change: impl FnOnce(&mut LintFinding)) -> &mut Self {
        if let Some(finding) = &mut self.finding {
            change(finding);
        }
        self
    }
}

/// Runs every rule that the settings do not switch off. `path` is how reports name the file.
#[must_use]
pub fn lint(path: &str, text: &str, settings: &Settings) -> LintFile {
    let file = crate::parse(text);
    let findings = findings(&file, settings, |_| true);
    let errors = file.errors.iter().map(|error| LintError {
        region: file.region(error.span),
        message: error.message.clone(),
    });
    LintFile {
        path: path.to_owned(),
        kind: LintKind::Dockerfile,
        errors: errors.collect(),
        findings,
        ignored: Vec::new(),
        text: file.text,
    }
}

/// What the rules that are wanted find, in order of the file.
#[must_use]
pub fn findings(
    file: &Dockerfile,
    settings: &Settings,
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<LintFinding> {
    let runs = commands::runs(file);
    let context = Context {
        file,
        settings,
        runs: &runs,
    };
    let mut all = Vec::new();
    for rule in rules::all().filter(|rule| settings.runs(rule) && wanted(rule)) {
        let mut sink = Sink {
            rule,
            file,
            found: Vec::new(),
        };
        (rule.check)(&context, &mut sink);
        all.append(&mut sink.found);
    }
    all.sort_by(|(a, left), (b, right)| (a, left.rule.id).cmp(&(b, right.rule.id)));
    let mut found: Vec<LintFinding> = all.into_iter().map(|(_, finding)| finding).collect();
    for finding in &mut found {
        for (name, severity) in &settings.severities {
            if Settings::names(std::iter::once(name), finding.rule) {
                finding.severity = *severity;
            }
        }
    }
    found
}
