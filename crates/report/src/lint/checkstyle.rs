//! The XML of Checkstyle, version 4.3, which many programs read: a `file` for each, an `error` for each finding.

use std::io;

use plimsoll_model::lint::{LintFile, LintReport};
use plimsoll_model::text::Language;

use crate::Settings;
use crate::lint::{Level, LintFormat, UNREADABLE, cannot_read};
use crate::safe::{Element, write_xml};

/// `-f checkstyle`.
pub(crate) struct Checkstyle;

impl LintFormat for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut root = Element::new("checkstyle").with("version", "4.3");
        for file in &report.files {
            root = root.holding(element(file, settings.language));
        }
        for (path, reason) in &report.unread {
            let reason = cannot_read(reason.get(settings.language), settings.language);
            let error = error((1, None), Level::Error, &reason, UNREADABLE);
            root = root.holding(Element::new("file").with("name", path).holding(error));
        }
        write_xml(&root, out)
    }
}

fn element(file: &LintFile, language: Language) -> Element {
    let mut out = Element::new("file").with("name", &file.path);
    for unread in &file.errors {
        let at = unread.region.start;
        let reason = cannot_read(unread.message.get(language), language);
        out = out.holding(error(
            (at.line, Some(at.column)),
            Level::Error,
            &reason,
            UNREADABLE,
        ));
    }
    for found in &file.findings {
        let at = found.region.start;
        let message = format!(
            "{} — {}",
            found.message.get(language),
            found.suggestion.get(language)
        );
        let level = Level::of(found.severity);
        out = out.holding(error(
            (at.line, Some(at.column)),
            level,
            &message,
            found.rule.id,
        ));
    }
    out
}

fn error((line, column): (u32, Option<u32>), level: Level, message: &str, rule: &str) -> Element {
    let mut out = Element::new("error").with("line", &line.to_string());
    if let Some(column) = column {
        out = out.with("column", &column.to_string());
    }
    out.with("severity", level.word("info"))
        .with("message", message)
        .with("source", &format!("plimsoll.{rule}"))
}
