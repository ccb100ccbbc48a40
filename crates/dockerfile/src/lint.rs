//! Runs the rules over a file.

use plimsoll_model::Text;
pub use plimsoll_model::lint::settings::{LabelKind, Settings};
pub use plimsoll_model::lint::sink::Found;
use plimsoll_model::lint::{LintError, LintFile, LintFinding, LintIgnored, LintKind, sink};

use crate::ast::{Dockerfile, Instruction};
use crate::commands::{self, Run};
use crate::ignore;
use crate::rules::{self, Default as RuleDefault, Rule};
use crate::span::Span;

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
pub struct Sink<'a>(sink::Sink<'a>);

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
        self.0.report(at.span, span, message, suggestion)
    }

    /// Reports a finding about a place that belongs to no instruction: a comment.
    pub fn report_comment(&mut self, span: Span, message: Text, suggestion: Text) -> Found<'_> {
        self.0.report(span, span, message, suggestion)
    }
}

/// Runs every rule that the settings do not switch off. `path` is how reports name the file.
#[must_use]
pub fn lint(path: &str, text: &str, settings: &Settings) -> LintFile {
    let file = crate::parse(text);
    let found = findings(&file, settings, |_| true);
    let (findings, ignored) = lay_aside(&file, found, settings);
    let errors = file.errors.iter().map(|error| LintError {
        region: file.region(error.span),
        message: error.message.clone(),
    });
    LintFile {
        path: path.to_owned(),
        kind: LintKind::Dockerfile,
        errors: errors.collect(),
        findings,
        ignored,
        secrets: plimsoll_secrets::places(&file.text),
        text: file.text,
    }
}

/// What is left of the findings, and what comments of the file and settings lay aside.
fn lay_aside(
    file: &Dockerfile,
    found: Vec<LintFinding>,
    settings: &Settings,
) -> (Vec<LintFinding>, Vec<LintIgnored>) {
    let asides = if settings.disable_ignore_comments {
        Vec::new()
    } else {
        ignore::asides(file, &settings.today)
    };
    let parted = ignore::part(asides, found);
    let (kept, mut ignored) = settings.apply(parted.kept);
    let inline = parted.ignored.into_iter();
    // What is not asked for is not told, laid aside or not.
    ignored.extend(inline.filter(|ignored| settings.wants(&ignored.finding)));
    LintIgnored::sort(&mut ignored);
    (kept, ignored)
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
    let runs = |rule: &Rule| settings.runs(&rule.meta, rule.default == RuleDefault::On);
    for rule in rules::all().filter(|rule| runs(rule) && wanted(rule)) {
        let mut sink = Sink(sink::Sink::new(&rule.meta, &file.text, &file.lines));
        (rule.check)(&context, &mut sink);
        all.append(&mut sink.0.into_found());
    }
    sink::in_order(all)
}
