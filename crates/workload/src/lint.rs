//! Runs the rules over a file.

use std::collections::BTreeSet;

use plimsoll_model::Text;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::sink::Found;
use plimsoll_model::lint::span::Span;
use plimsoll_model::lint::{LintError, LintFile, LintFinding, LintIgnored, sink};

use crate::ignore;
use crate::manifest::{Manifest, Subject, World};
use crate::rules::{self, Default as RuleDefault, Rule};

/// So many findings are listed of a file.
const MAX_FINDINGS: usize = 20_000;

/// What rules see.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file.
    pub manifest: &'a Manifest<'a>,
    /// What the user set.
    pub settings: &'a Settings,
}

/// Where rules put what they find.
#[derive(Debug)]
pub struct Sink<'a> {
    inner: sink::Sink<'a>,
    rule: &'static Rule,
    manifest: &'a Manifest<'a>,
}

impl Sink<'_> {
    /// Reports a finding: what it is about, the exact place, and what is wrong there, as the rest of a sentence
    /// that begins with the name. What to do is the rule's repair, in the words of the file's own world first.
    pub fn report(&mut self, subject: &dyn Subject, span: Span, says: &Text) -> Found<'_> {
        let suggestion = self.rule.repair.text(self.world());
        self.report_with(subject, span, says, suggestion)
    }

    /// The same with a suggestion for this very place.
    pub fn report_with(
        &mut self,
        subject: &dyn Subject,
        span: Span,
        says: &Text,
        suggestion: Text,
    ) -> Found<'_> {
        let (en, zh) = subject.noun(self.manifest);
        let scope = subject.scope(self.manifest, span);
        let message = Text::new(format!("{en} {}", says.en), format!("{zh}{}", says.zh));
        self.inner.report(scope, span, message, suggestion)
    }

    /// Reports a comment.
    pub fn report_comment(&mut self, span: Span, message: Text, suggestion: Text) -> Found<'_> {
        self.inner.report(span, span, message, suggestion)
    }

    fn world(&self) -> World {
        self.manifest.world()
    }
}

/// Runs every rule that the settings do not switch off over a Compose file or manifests of Kubernetes. `path` is
/// how reports name the file. `None` if the text is neither.
#[must_use]
pub fn lint(path: &str, text: &str, settings: &Settings) -> Option<LintFile> {
    let manifest = Manifest::read(path, text)?;
    let mut found = findings(&manifest, settings, |_| true);
    let is_cut = found.len() > MAX_FINDINGS;
    found.truncate(MAX_FINDINGS);
    let (found, mut ignored) = settings.apply(found);
    let (findings, by_comments) = ignore::lay_aside(&manifest, found, settings);
    ignored.extend(by_comments);
    LintIgnored::sort(&mut ignored);
    let tree = &manifest.tree;
    let mut errors: Vec<LintError> = tree
        .errors
        .iter()
        .chain(&manifest.gaps)
        .map(|(span, message)| LintError {
            region: tree.lines.region(text, *span),
            message: message.clone(),
        })
        .collect();
    if is_cut {
        let message = Text::fixed(
            "there are more than 20,000 findings; the rest is not listed",
            "发现超过 20000 条,其余未列出",
        );
        let region = tree.lines.region(text, Span::default());
        errors.push(LintError { region, message });
    }
    errors.sort();
    Some(LintFile {
        path: path.to_owned(),
        kind: manifest.kind,
        text: text.to_owned(),
        secrets: plimsoll_secrets::places(text),
        findings,
        ignored,
        errors,
    })
}

/// What the rules that are wanted find, in order of the file: one more than are listed where that is not all.
#[must_use]
pub fn findings(
    manifest: &Manifest<'_>,
    settings: &Settings,
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<LintFinding> {
    let context = Context { manifest, settings };
    let mut all = Vec::new();
    let runs = |rule: &Rule| settings.runs(&rule.meta, rule.default == RuleDefault::On);
    for rule in rules::all().filter(|rule| runs(rule) && wanted(rule)) {
        let room = MAX_FINDINGS.saturating_add(1).saturating_sub(all.len());
        if room == 0 {
            break;
        }
        let mut sink = Sink {
            inner: sink::Sink::new(&rule.meta, manifest.tree.text, &manifest.tree.lines),
            rule,
            manifest,
        };
        (rule.check)(&context, &mut sink);
        // What several services share through an alias or `extends` is one place with one repair.
        let mut seen = BTreeSet::new();
        let found = sink.inner.into_found().into_iter();
        let found = found.filter(|(span, found)| seen.insert((*span, found.aliases.clone())));
        all.extend(found.take(room));
    }
    sink::in_order(all)
}
