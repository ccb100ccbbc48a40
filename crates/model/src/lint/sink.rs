//! Where rules put what they find.

use super::span::{Lines, Span};
use super::{Edit, Fix, LintFinding, LintRule, Safety};
use crate::{Severity, Text};

/// So many findings of one rule are told of one file, so that a hostile file does not fill the memory. A rule reports
/// one more where that is not all, so that it can be said.
pub const MAX_FINDINGS: usize = 10_000;

/// Takes what one rule finds in one text.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static LintRule,
    text: &'a str,
    lines: &'a Lines,
    found: Vec<(Span, LintFinding)>,
}

impl<'a> Sink<'a> {
    /// An empty one for a rule, a text and the lines of that text.
    #[must_use]
    pub fn new(rule: &'static LintRule, text: &'a str, lines: &'a Lines) -> Self {
        Self {
            rule,
            text,
            lines,
            found: Vec::new(),
        }
    }

    /// Reports a finding: the stretch of the whole thing that it is about, the exact place, what is wrong there
    /// and what to do.
    pub fn report(
        &mut self,
        scope: Span,
        span: Span,
        message: Text,
        suggestion: Text,
    ) -> Found<'_> {
        if self.found.len() > MAX_FINDINGS {
            return Found { finding: None };
        }
        let finding = LintFinding {
            rule: self.rule,
            aliases: self.rule.aliases.to_vec(),
            severity: self.rule.severity,
            region: self.lines.region(self.text, span),
            scope: self.lines.region(self.text, scope),
            message,
            suggestion,
            fix: None,
        };
        self.found.push((span, finding));
        Found {
            finding: self.found.last_mut().map(|(_, finding)| finding),
        }
    }

    /// What was found, in the order of reporting.
    #[must_use]
    pub fn into_found(self) -> Vec<(Span, LintFinding)> {
        self.found
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

/// What all rules found, in order of the file.
#[must_use]
pub fn in_order(mut all: Vec<(Span, LintFinding)>) -> Vec<LintFinding> {
    all.sort_by(|(a, left), (b, right)| (a, left.rule.id).cmp(&(b, right.rule.id)));
    all.into_iter().map(|(_, finding)| finding).collect()
}
