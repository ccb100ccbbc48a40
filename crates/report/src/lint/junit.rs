//! `JUnit` XML as continuous integration reads it: a suite for each file, a failed case for each finding, a skipped
//! one for what was laid aside, one that passed where there is nothing else.

use std::io;

use plimsoll_model::lint::{LintFile, LintFinding, LintReport};
use plimsoll_model::text::Language;

use crate::Settings;
use crate::lint::{LintFormat, UNREADABLE, cannot_read};
use crate::safe::{Element, write_xml};

/// `-f junit`.
pub(crate) struct Junit;

impl LintFormat for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut counts = Counts::default();
        let mut suites = Vec::new();
        for file in &report.files {
            let (suite, count) = suite(file, settings.language);
            counts.add(count);
            suites.push(suite);
        }
        for (path, reason) in &report.unread {
            let reason = cannot_read(reason.get(settings.language), settings.language);
            let case = case(path, UNREADABLE).holding(error(&reason));
            let count = Counts {
                tests: 1,
                errors: 1,
                ..Counts::default()
            };
            counts.add(count);
            suites.push(
                count
                    .on(Element::new("testsuite").with("name", path))
                    .holding(case),
            );
        }
        let mut root = Element::new("testsuites").with("name", "plimsoll lint");
        for (name, count) in [
            ("tests", counts.tests),
            ("failures", counts.failures),
            ("errors", counts.errors),
        ] {
            root = root.with(name, &count.to_string());
        }
        for suite in suites {
            root = root.holding(suite);
        }
        write_xml(&root, out)
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    fn on(self, element: Element) -> Element {
        element
            .with("tests", &self.tests.to_string())
            .with("failures", &self.failures.to_string())
            .with("errors", &self.errors.to_string())
            .with("skipped", &self.skipped.to_string())
    }
}

fn suite(file: &LintFile, language: Language) -> (Element, Counts) {
    let (failures, errors, skipped) = (file.findings.len(), file.errors.len(), file.ignored.len());
    let count = Counts {
        tests: (failures + errors + skipped).max(1),
        failures,
        errors,
        skipped,
    };
    let mut out = count.on(Element::new("testsuite").with("name", &file.path));
    for unread in &file.errors {
        let at = unread.region.start;
        let name = format!("{UNREADABLE} {}:{}", at.line, at.column);
        let reason = cannot_read(unread.message.get(language), language);
        out = out.holding(case(&file.path, &name).holding(error(&reason)));
    }
    for found in &file.findings {
        let message = found.message.get(language);
        let failure = Element::new("failure")
            .with("type", found.severity.name())
            .with("message", message)
            .text(&format!(
                "{}:{}:{} {message} — {}",
                file.path,
                found.region.start.line,
                found.region.start.column,
                found.suggestion.get(language)
            ));
        out = out.holding(case(&file.path, &name(found)).holding(failure));
    }
    for ignored in &file.ignored {
        let skipped = Element::new("skipped").with("message", &ignored.by);
        out = out.holding(case(&file.path, &name(&ignored.finding)).holding(skipped));
    }
    if failures + errors + skipped == 0 {
        out = out.holding(case(&file.path, "lint"));
    }
    (out, count)
}

fn name(found: &LintFinding) -> String {
    let at = found.region.start;
    format!("{} {}:{}", found.rule.id, at.line, at.column)
}

fn case(path: &str, name: &str) -> Element {
    Element::new("testcase")
        .with("classname", path)
        .with("name", name)
}

fn error(reason: &str) -> Element {
    Element::new("error")
        .with("type", UNREADABLE)
        .with("message", reason)
}
