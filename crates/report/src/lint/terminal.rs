//! The report for people: each finding with the source it is about, what to do, and the patch as it would be.

use std::io;

use plimsoll_model::Text;
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{Fix, LintFile, LintFinding, LintReport, Region, Safety};

use crate::lint::diff::{self, Patch};
use crate::lint::{LintFormat, cannot_read, excerpt};
use crate::paint::{Paint, clip, plain, visible_width, wrap};
use crate::words::Words;
use crate::{Settings, paint};

/// `-f terminal`, the default.
pub(crate) struct Terminal;

/// Lines of one patch that are shown on each side.
const SHOWN: usize = 12;

impl LintFormat for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut page = Page {
            width: settings.width.max(40),
            words: Words(settings.language),
            paint: Paint(settings.colour),
            out,
        };
        for file in &report.files {
            page.file(file)?;
        }
        for (path, reason) in &report.unread {
            let said = cannot_read(reason.get(settings.language), settings.language);
            let lead = format!("{} ", page.paint.bold(&plain(&format!("{path}:"))));
            page.hang(&lead, 2, &plain(&said))?;
        }
        for (path, note) in &report.notes {
            let lead = page.words.pick("note", "提示");
            let lead = page.paint.dim(&plain(&format!("{lead} {path}: ")));
            page.hang(&lead, 2, &plain(note.get(settings.language)))?;
        }
        page.summary(report)
    }
}

struct Page<'a> {
    width: usize,
    words: Words,
    paint: Paint,
    out: &'a mut dyn io::Write,
}

/// A file whose lines are known.
struct Source<'a> {
    file: &'a LintFile,
    lines: Lines,
    /// Columns of its largest line number.
    digits: usize,
}

impl Page<'_> {
    fn file(&mut self, file: &LintFile) -> io::Result<()> {
        if file.findings.is_empty() && file.errors.is_empty() {
            return Ok(());
        }
        let lines = Lines::of(&file.text);
        let digits = lines.line(file.text.len()).to_string().len();
        let source = Source {
            file,
            lines,
            digits: digits.max(2),
        };
        for error in &file.errors {
            let word = self.words.pick("error", "错误");
            let word = self
                .paint
                .severity(plimsoll_model::Severity::Critical, word);
            self.head(&source, error.region, &word, "")?;
            let said = cannot_read(error.message.get(self.words.0), self.words.0);
            self.hang("  ", 2, &plain(&said))?;
            self.excerpt(&source, error.region, &|page, text| page.bold(text))?;
            writeln!(self.out)?;
        }
        for finding in &file.findings {
            self.finding(&source, finding)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finding(&mut self, source: &Source<'_>, finding: &LintFinding) -> io::Result<()> {
        let word = self.words.severity(finding.severity);
        let word = self.paint.severity(finding.severity, word);
        let rule = self.paint.bold(finding.rule.id);
        let aliases = self.paint.dim(&finding.aliases.join(" "));
        let names = format!("{rule} {aliases}");
        self.head(source, finding.region, &word, names.trim_end())?;
        self.hang("  ", 2, &self.text(&finding.message))?;
        let severity = finding.severity;
        self.excerpt(source, finding.region, &|paint, text| {
            paint.severity(severity, text)
        })?;
        self.hang("  → ", 4, &self.text(&finding.suggestion))?;
        match &finding.fix {
            Some(fix) => self.fix(source, fix),
            None => Ok(()),
        }
    }

    fn text(&self, text: &Text) -> String {
        plain(text.get(self.words.0))
    }

    /// The place, how bad it is, and the names of the rule.
    fn head(
        &mut self,
        source: &Source<'_>,
        region: Region,
        word: &str,
        names: &str,
    ) -> io::Result<()> {
        let at = region.start;
        let place = format!("{}:{}:{}", source.file.path, at.line, at.column);
        let place = self.paint.bold(&plain(&place));
        self.hang("", 2, format!("{place} {word} {names}").trim_end())
    }

    /// A text that is harmless already behind a lead; its further lines are indented.
    fn hang(&mut self, lead: &str, indent: usize, text: &str) -> io::Result<()> {
        let first = visible_width(lead);
        // What the lead takes of the first line is taken of each, as the lead may be long.
        let room = self.width.saturating_sub(indent.max(first));
        for (idx, line) in wrap(text, room.max(20)).iter().enumerate() {
            if idx == 0 {
                writeln!(self.out, "{}", format!("{lead}{line}").trim_end())?;
            } else {
                writeln!(self.out, "{}{line}", " ".repeat(indent))?;
            }
        }
        Ok(())
    }

    fn excerpt(
        &mut self,
        source: &Source<'_>,
        region: Region,
        colour: &dyn Fn(Paint, &str) -> String,
    ) -> io::Result<()> {
        let digits = source.digits;
        let room = self.width.saturating_sub(digits + 5);
        for row in excerpt::rows(source.file, &source.lines, region, room) {
            let Some(line) = row.line else {
                writeln!(self.out, "  {:>digits$} {}", "", self.paint.dim("…"))?;
                continue;
            };
            let bar = self.paint.dim("│");
            let number = self.paint.dim(&format!("{line:>digits$}"));
            let text = format!("  {number} {bar} {}", row.text);
            writeln!(self.out, "{}", text.trim_end())?;
            let (lead, count) = row.carets;
            let carets = colour(self.paint, &"^".repeat(count));
            writeln!(
                self.out,
                "  {:>digits$} {bar} {}{carets}",
                "",
                " ".repeat(lead)
            )?;
        }
        Ok(())
    }

    fn fix(&mut self, source: &Source<'_>, fix: &Fix) -> io::Result<()> {
        let Some(patch) = diff::patch(source.file, &source.lines, fix) else {
            return Ok(());
        };
        let title = match fix.safety {
            Safety::Safe => self.words.pick("safe fix (--fix):", "安全修复(--fix):"),
            Safety::Unsafe => self.words.pick(
                "fix to look at first (--unsafe-fixes):",
                "需人工确认的修复(--unsafe-fixes):",
            ),
        };
        writeln!(self.out, "  {title}")?;
        let Patch {
            line,
            before,
            after,
        } = patch;
        let mut number = Some(line);
        // What is only put in is shown behind the line that it follows.
        if let Some(above) = line.checked_sub(1).filter(|_| before.is_empty())
            && let Some(start) = source.lines.start(above)
        {
            let text = excerpt::line_from(&source.file.text, start);
            let text = excerpt::masked(text, start, &source.file.secrets);
            self.changed(source, Some(above), ' ', &text)?;
        }
        for text in before.iter().take(SHOWN) {
            self.changed(source, number, '-', text)?;
            number = number.map(|number| number + 1);
        }
        self.more(source, before.len())?;
        for text in after.iter().take(SHOWN) {
            self.changed(source, None, '+', text)?;
        }
        self.more(source, after.len())
    }

    fn changed(
        &mut self,
        source: &Source<'_>,
        number: Option<u32>,
        mark: char,
        text: &str,
    ) -> io::Result<()> {
        let digits = source.digits;
        let number = number.map_or_else(String::new, |number| number.to_string());
        let number = self.paint.dim(&format!("{number:>digits$}"));
        let text = text.replace('\t', "    ");
        let text = clip(text.trim_end(), self.width.saturating_sub(digits + 5));
        let line = format!("{mark} {text}");
        let line = match mark {
            '-' => self.paint.removed(line.trim_end()),
            ' ' => line.trim_end().to_owned(),
            _ => self.paint.added(line.trim_end()),
        };
        writeln!(self.out, "{}", format!("  {number} {line}").trim_end())
    }

    /// Says that lines of a patch are not shown.
    fn more(&mut self, source: &Source<'_>, lines: usize) -> io::Result<()> {
        let Some(more) = lines.checked_sub(SHOWN).filter(|more| *more > 0) else {
            return Ok(());
        };
        let digits = source.digits;
        let text = self
            .words
            .count(more, "more line", "more lines", "行未显示");
        writeln!(
            self.out,
            "  {:>digits$} {}",
            "",
            self.paint.dim(&format!("… {text}"))
        )
    }

    fn summary(&mut self, report: &LintReport) -> io::Result<()> {
        let words = self.words;
        let findings = || report.files.iter().flat_map(|file| &file.findings);
        let count = findings().count();
        let files = words.count(report.files.len(), "file", "files", "个文件");
        let comma = words.pick(", ", ",");
        let mut parts = Vec::new();
        if count == 0 {
            parts.push(words.pick("nothing found", "未发现问题").to_owned());
        } else {
            let severities = words.severities(findings().map(|finding| finding.severity));
            let count = words.count(count, "finding", "findings", "项问题");
            parts.push(match words.0 {
                plimsoll_model::text::Language::En => format!("{count} ({severities})"),
                plimsoll_model::text::Language::Zh => format!("{count}({severities})"),
            });
        }
        let of = |safety| {
            let with_fix = findings().filter_map(|finding| finding.fix.as_ref());
            with_fix.filter(|fix| fix.safety == safety).count()
        };
        let rows = [
            (of(Safety::Safe), "repaired by --fix", "项可用 --fix 修复"),
            (
                of(Safety::Unsafe),
                "with --unsafe-fixes",
                "项可用 --unsafe-fixes 修复",
            ),
            (
                report.files.iter().map(|file| file.ignored.len()).sum(),
                "laid aside",
                "项已忽略",
            ),
            (
                report
                    .files
                    .iter()
                    .map(|file| file.errors.len())
                    .sum::<usize>()
                    + report.unread.len(),
                "not read",
                "处无法读取",
            ),
        ];
        for (count, en, zh) in rows.into_iter().filter(|(count, ..)| *count > 0) {
            parts.push(words.count(count, en, en, zh));
        }
        let colon = words.pick(": ", ":");
        let line = format!("{files}{colon}{}", parts.join(comma));
        for line in paint::wrap(&line, self.width) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }
}
