//! SARIF 2.1.0 (OASIS standard), with the rules' prose as help, and repairs as `fixes`.
//!
//! Columns count code points (`columnKind`). What was laid aside is a result with a suppression; what could not be
//! read is a notification, and then the run was not successful.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::Severity;
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{Fix, LintFile, LintFinding, LintReport, LintRule, Region};
use plimsoll_model::text::Language;
use serde_json::{Map, Value, json};

use crate::Settings;
use crate::lint::{Fingerprints, Level, LintFormat, cannot_read};
use crate::safe::write_json;

/// `-f sarif`.
pub(crate) struct Sarif;

impl LintFormat for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut log = Log {
            language: settings.language,
            rules: BTreeMap::new(),
            results: Vec::new(),
        };
        // Rules are numbered by their ids, so that the same rules have the same numbers.
        for finding in all(report) {
            log.rules.insert(finding.rule.id, (finding.rule, 0));
        }
        for (number, rule) in log.rules.values_mut().enumerate() {
            rule.1 = number;
        }
        for file in &report.files {
            log.file(file);
        }
        let notifications = notifications(report, settings.language);
        let is_whole =
            report.unread.is_empty() && report.files.iter().all(|file| file.errors.is_empty());
        let rules: Vec<Value> = log
            .rules
            .values()
            .map(|(rule, _)| descriptor(rule, settings.language))
            .collect();
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "plimsoll",
                    "version": report.program,
                    "semanticVersion": report.program,
                    "rules": rules,
                }},
                "invocations": [{
                    "executionSuccessful": is_whole,
                    "toolExecutionNotifications": notifications,
                }],
                "columnKind": "unicodeCodePoints",
                "language": match settings.language {
                    Language::En => "en",
                    Language::Zh => "zh-CN",
                },
                "results": log.results,
            }],
        });
        write_json(&log, out)
    }
}

/// Every finding, those that were laid aside too.
fn all(report: &LintReport) -> impl Iterator<Item = &LintFinding> {
    report.files.iter().flat_map(|file| {
        let ignored = file.ignored.iter().map(|ignored| &ignored.finding);
        file.findings.iter().chain(ignored)
    })
}

struct Log {
    language: Language,
    rules: BTreeMap<&'static str, (&'static LintRule, usize)>,
    results: Vec<Value>,
}

impl Log {
    fn file(&mut self, file: &LintFile) {
        let mut names = Fingerprints::of(file);
        let lines = Lines::of(&file.text);
        for finding in &file.findings {
            let result = self.result(file, &lines, finding, &mut names);
            self.results.push(Value::Object(result));
        }
        for ignored in &file.ignored {
            let mut result = self.result(file, &lines, &ignored.finding, &mut names);
            let kind = if ignored.by.starts_with("inline") {
                "inSource"
            } else {
                "external"
            };
            let suppression = json!({"kind": kind, "justification": ignored.by});
            result.insert("suppressions".to_owned(), json!([suppression]));
            self.results.push(Value::Object(result));
        }
    }

    fn result(
        &self,
        file: &LintFile,
        lines: &Lines,
        finding: &LintFinding,
        names: &mut Fingerprints<'_>,
    ) -> Map<String, Value> {
        let (message, remedy) = (
            finding.message.get(self.language),
            finding.suggestion.get(self.language),
        );
        let number = self.rules.get(finding.rule.id).map(|(_, number)| number);
        let fields = [
            ("ruleId", json!(finding.rule.id)),
            ("ruleIndex", json!(number)),
            ("level", json!(Level::of(finding.severity).word("note"))),
            ("message", json!({"text": format!("{message}\n{remedy}")})),
            (
                "locations",
                json!([{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&file.path)},
                    "region": region(finding.region),
                    "contextRegion": region(finding.scope),
                }}]),
            ),
            (
                "partialFingerprints",
                json!({"plimsoll/v1": names.next(finding.rule.id, finding.region)}),
            ),
            (
                "properties",
                json!({"severity": finding.severity, "aliases": finding.aliases}),
            ),
        ];
        let mut out: Map<String, Value> = fields
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect();
        if let Some(fix) = &finding.fix {
            let mut fix = self::fix(file, lines, fix);
            fix.insert("description".to_owned(), json!({"text": remedy}));
            out.insert("fixes".to_owned(), json!([fix]));
        }
        out
    }
}

fn fix(file: &LintFile, lines: &Lines, fix: &Fix) -> Map<String, Value> {
    let replacements = fix.edits.iter().map(|edit| {
        let (start, end) = (
            lines.place(&file.text, edit.start),
            lines.place(&file.text, edit.end),
        );
        // Columns are counted to ten thousand; in longer lines bytes say it.
        let deleted = if start.column.max(end.column) > 10_000 {
            json!({"byteOffset": edit.start, "byteLength": edit.end.saturating_sub(edit.start)})
        } else {
            region(Region { start, end })
        };
        json!({"deletedRegion": deleted, "insertedContent": {"text": edit.text}})
    });
    let change = json!({
        "artifactLocation": {"uri": uri(&file.path)},
        "replacements": replacements.collect::<Vec<_>>(),
    });
    let mut out = Map::new();
    out.insert("artifactChanges".to_owned(), json!([change]));
    out.insert("properties".to_owned(), json!({"safety": fix.safety}));
    out
}

fn descriptor(rule: &LintRule, language: Language) -> Value {
    let (title, why) = (rule.title.get(language), rule.why.get(language));
    let other = rule.aliases.join(", ");
    let sources = rule.references.join(", ");
    let help = format!("{why}\n\n{other}\n{sources}");
    // What GitHub shows as the severity of a security rule is a score on the scale of CVSS.
    let score = match rule.severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low | Severity::Negligible | Severity::Unknown => "2.0",
    };
    json!({
        "id": rule.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": help.trim_end()},
        "defaultConfiguration": {"level": Level::of(rule.severity).word("note")},
        "properties": {
            "tags": rule.aliases,
            "security-severity": score,
            "severity": rule.severity,
        },
    })
}

fn notifications(report: &LintReport, language: Language) -> Vec<Value> {
    let mut out = Vec::new();
    for file in &report.files {
        for error in &file.errors {
            out.push(json!({
                "level": "error",
                "message": {"text": cannot_read(error.message.get(language), language)},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&file.path)},
                    "region": region(error.region),
                }}],
            }));
        }
    }
    let unread = report.unread.iter().map(|row| (row, "error"));
    for ((path, reason), level) in unread.chain(report.notes.iter().map(|row| (row, "note"))) {
        let reason = reason.get(language);
        let text = match level {
            "error" => cannot_read(reason, language),
            _ => reason.to_owned(),
        };
        out.push(json!({
            "level": level,
            "message": {"text": text},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}],
        }));
    }
    out
}

fn region(region: Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

/// A path as a URI reference (RFC 3986): relative as it is, absolute as a `file` URI.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/Dockerfile"), "a%20b/Dockerfile");
        assert_eq!(uri("/a/中:1"), "file:///a/%E4%B8%AD%3A1");
        assert_eq!(uri("-"), "-");
    }
}
