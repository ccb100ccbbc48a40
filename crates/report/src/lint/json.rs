//! The report for machines: our own schema, version 1, published in `docs/schema/lint-1.json`.
//!
//! - Lists are always lists, never null; what is not known is null. Every field is always there.
//! - A field or a word of an enumeration is only ever added within a version.
//! - Lines and columns count from 1, columns in characters; the end is behind the last character. Edits count in
//!   bytes of the file, from 0.

use std::io;

use plimsoll_model::lint::{Fix, LintFile, LintFinding, LintReport, Region};
use plimsoll_model::text::Language;
use plimsoll_model::{Severity, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Settings;
use crate::lint::LintFormat;
use crate::safe::{Each, write_json};

/// `-f json`.
pub(crate) struct Json;

/// The version of the schema.
const SCHEMA_VERSION: u32 = 1;

impl LintFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let words = Words(settings.language);
        let document = Document {
            files: Each(&report.files, |file| words.file(file)),
            language: settings.language,
            notes: words.told(&report.notes),
            program: &report.program,
            schema_version: SCHEMA_VERSION,
            summary: summary(report),
            unread: words.told(&report.unread),
        };
        write_json(&document, out)
    }
}

/// The document; files are written one by one.
#[derive(Serialize)]
struct Document<'a, F> {
    files: F,
    language: Language,
    notes: Vec<Value>,
    program: &'a str,
    schema_version: u32,
    summary: Value,
    unread: Vec<Value>,
}

/// Counts, so that a gate needs no arithmetic.
fn summary(report: &LintReport) -> Value {
    let findings = || report.files.iter().flat_map(|file| &file.findings);
    let mut counts = Map::new();
    counts.insert("total".to_owned(), json!(findings().count()));
    for severity in Severity::WORST_FIRST {
        let count = findings().filter(|one| one.severity == severity).count();
        counts.insert(severity.name().to_owned(), json!(count));
    }
    let files = &report.files;
    json!({
        "files": files.len(),
        "findings": counts,
        "fixable": findings().filter(|one| one.fix.is_some()).count(),
        "ignored": files.iter().map(|file| file.ignored.len()).sum::<usize>(),
        "errors": files.iter().map(|file| file.errors.len()).sum::<usize>(),
    })
}

/// Writes sentences in one language.
#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn told(self, rows: &[(String, Text)]) -> Vec<Value> {
        rows.iter()
            .map(|(path, reason)| json!({"path": path, "reason": reason.get(self.0)}))
            .collect()
    }

    fn file(self, file: &LintFile) -> Value {
        let errors = file.errors.iter().map(|error| {
            let mut out = place(error.region);
            out.insert("message".to_owned(), json!(error.message.get(self.0)));
            Value::Object(out)
        });
        let ignored = file.ignored.iter().map(|ignored| {
            let mut out = self.finding(&ignored.finding);
            out.insert("by".to_owned(), json!(ignored.by));
            Value::Object(out)
        });
        let findings = file.findings.iter();
        json!({
            "path": file.path,
            "kind": file.kind,
            "findings": findings.map(|one| Value::Object(self.finding(one))).collect::<Vec<_>>(),
            "ignored": ignored.collect::<Vec<_>>(),
            "errors": errors.collect::<Vec<_>>(),
        })
    }

    fn finding(self, finding: &LintFinding) -> Map<String, Value> {
        let mut out = place(finding.region);
        let fields = [
            ("rule", json!(finding.rule.id)),
            ("aliases", json!(finding.aliases)),
            ("severity", json!(finding.severity)),
            ("message", json!(finding.message.get(self.0))),
            ("suggestion", json!(finding.suggestion.get(self.0))),
            ("fix", finding.fix.as_ref().map_or(Value::Null, fix)),
            ("scope", Value::Object(place(finding.scope))),
        ];
        out.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        out
    }
}

fn fix(fix: &Fix) -> Value {
    json!({"safety": fix.safety, "edits": fix.edits})
}

fn place(region: Region) -> Map<String, Value> {
    let fields = [
        ("line", region.start.line),
        ("column", region.start.column),
        ("end_line", region.end.line),
        ("end_column", region.end.column),
    ];
    fields
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into_iter()
        .collect()
}
