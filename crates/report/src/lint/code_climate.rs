//! Issues as the Code Climate specification ("Data Types", "Issues") and GitLab's code quality report take them: a
//! list of all, each with a fingerprint that stays while other lines change.

use std::io;

use plimsoll_model::Severity;
use plimsoll_model::lint::{LintReport, Region};
use serde_json::{Value, json};

use crate::Settings;
use crate::lint::{Fingerprints, LintFormat, UNREADABLE, cannot_read};
use crate::safe::write_json;

/// `-f code-climate`.
pub(crate) struct CodeClimate;

impl LintFormat for CodeClimate {
    fn name(&self) -> &'static str {
        "code-climate"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let language = settings.language;
        let mut issues = Vec::new();
        for file in &report.files {
            let mut names = Fingerprints::of(file);
            for error in &file.errors {
                let said = cannot_read(error.message.get(language), language);
                issues.push(issue(
                    (UNREADABLE, &said, ""),
                    Severity::Critical,
                    (&file.path, lines(error.region)),
                    &names.next(UNREADABLE, error.region),
                ));
            }
            for found in &file.findings {
                issues.push(issue(
                    (
                        found.rule.id,
                        found.message.get(language),
                        found.suggestion.get(language),
                    ),
                    found.severity,
                    (&file.path, lines(found.region)),
                    &names.next(found.rule.id, found.region),
                ));
            }
        }
        for (path, reason) in &report.unread {
            let said = cannot_read(reason.get(language), language);
            issues.push(issue(
                (UNREADABLE, &said, ""),
                Severity::Critical,
                (path, (1, 1)),
                &format!("{UNREADABLE}:{path}"),
            ));
        }
        write_json(&issues, out)
    }
}

fn lines(region: Region) -> (u32, u32) {
    (region.start.line, region.end.line)
}

fn issue(
    (rule, message, remedy): (&str, &str, &str),
    severity: Severity,
    (path, (begin, end)): (&str, (u32, u32)),
    fingerprint: &str,
) -> Value {
    let severity = match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Negligible | Severity::Unknown => "info",
    };
    json!({
        "type": "issue",
        "check_name": rule,
        "description": message,
        "content": {"body": remedy},
        "categories": ["Bug Risk"],
        "location": {"path": path, "lines": {"begin": begin, "end": end}},
        "severity": severity,
        "fingerprint": fingerprint,
    })
}
