//! Annotations of GitHub Actions, lines as "Workflow commands" of its documentation describes them:
//! `::error file=…,line=…::message`.

use std::io;

use plimsoll_model::lint::{LintReport, Region};
use plimsoll_model::text::Language;

use crate::Settings;
use crate::lint::{Level, LintFormat, UNREADABLE, cannot_read};
use crate::safe::visible;

/// `-f github`.
pub(crate) struct Annotations;

impl LintFormat for Annotations {
    fn name(&self) -> &'static str {
        "github"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let language = settings.language;
        for file in &report.files {
            for error in &file.errors {
                let said = cannot_read(error.message.get(language), language);
                let at = Some(error.region);
                line(Level::Error, (&file.path, at), UNREADABLE, &said, out)?;
            }
            for found in &file.findings {
                let mut names = vec![found.rule.id];
                names.extend(&found.aliases);
                let names = match language {
                    Language::En => names.join(", "),
                    Language::Zh => names.join("、"),
                };
                let said = format!(
                    "{}\n{}",
                    found.message.get(language),
                    found.suggestion.get(language)
                );
                let level = Level::of(found.severity);
                let at = Some(found.region);
                line(level, (&file.path, at), &names, &said, out)?;
            }
        }
        for (path, reason) in &report.unread {
            let said = cannot_read(reason.get(language), language);
            line(Level::Error, (path, None), UNREADABLE, &said, out)?;
        }
        for (path, note) in &report.notes {
            let title = "settings";
            line(Level::Note, (path, None), title, note.get(language), out)?;
        }
        Ok(())
    }
}

fn line(
    level: Level,
    (path, region): (&str, Option<Region>),
    title: &str,
    message: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write!(out, "::{} file={}", level.word("notice"), property(path))?;
    if let Some(Region { start, end }) = region {
        write!(out, ",line={},endLine={}", start.line, end.line)?;
        // Columns are for a single line only.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
    }
    writeln!(out, ",title={}::{}", property(title), data(message))
}

/// Text behind `::`.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(visible).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_place() {
        assert_eq!(property("a:b,c%d\ne"), "a%3Ab%2Cc%25d%0Ae");
        assert_eq!(
            data("50% of a: b,\r\n::error::c"),
            "50%25 of a: b,\u{fffd}%0A::error::c"
        );
    }
}
