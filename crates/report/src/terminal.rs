//! The report for people: the verdict and its reasons first, then what to do, then the findings by what
//! repairs them, then what the answer rests on.
//!
//! One file for each part. What an image says is made harmless in [`crate::paint`], the only place that knows of
//! escape sequences; no meaning is in colour alone.

mod controls;
mod findings;
mod foot;
mod rows;
mod verdict;

use std::io;

use crate::paint::{Paint, clip, plain, visible_width, wrap};
use plimsoll_model::Text;
use plimsoll_model::text::Language;

use crate::words::Words;
use crate::{Report, ReportFormat, Settings};

/// `-f terminal`, the default.
pub(crate) struct Terminal;

/// How many entries of one list are shown.
const SHOWN: usize = 12;

impl ReportFormat for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn write(
        &self,
        report: &Report<'_>,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut page = Page {
            report,
            width: settings.width.max(40),
            words: Words(settings.language),
            paint: Paint(settings.colour),
            out,
        };
        page.head()?;
        if let Some(verdict) = report.verdict {
            page.actions(verdict)?;
            page.vetoes(verdict)?;
            page.dimensions(verdict)?;
            page.controls()?;
        }
        page.findings()?;
        page.problems()?;
        page.coverage()?;
        page.knowledge()?;
        if let Some(verdict) = report.verdict {
            page.score(verdict)?;
        }
        Ok(())
    }
}

struct Page<'a> {
    report: &'a Report<'a>,
    width: usize,
    words: Words,
    paint: Paint,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn zh(&self) -> bool {
        self.words.0 == Language::Zh
    }

    fn pick(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.words.pick(en, zh)
    }

    fn text(&self, text: &Text) -> String {
        text.get(self.words.0).to_owned()
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A blank line and a title.
    fn heading(&mut self, title: &str) -> io::Result<()> {
        let title = self.paint.bold(&clip(title, self.width));
        writeln!(self.out, "\n{title}")
    }

    /// A text of as many lines as it needs, behind a lead such as a mark or a number.
    fn hang(&mut self, lead: &str, text: &str) -> io::Result<()> {
        self.hang_painted(lead, &plain(text))
    }

    /// The same for a text that is harmless already and may have colours of ours.
    fn hang_painted(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let indent = visible_width(lead);
        let lines = wrap(text, self.width.saturating_sub(indent));
        for (idx, line) in lines.iter().enumerate() {
            if idx == 0 {
                writeln!(self.out, "{}", format!("{lead}{line}").trim_end())?;
            } else {
                writeln!(self.out, "{}{line}", " ".repeat(indent))?;
            }
        }
        Ok(())
    }

    /// A text of one line behind a lead, cut where the line ends.
    fn cut(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let room = self.width.saturating_sub(visible_width(lead));
        writeln!(
            self.out,
            "{}",
            format!("{lead}{}", clip(text, room)).trim_end()
        )
    }

    /// The same, less conspicuous.
    fn whisper(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let text = clip(text, self.width.saturating_sub(indent));
        writeln!(self.out, "{}{}", " ".repeat(indent), self.paint.dim(&text))
    }

    /// Says how many entries of a list were left out; `what` tells more about them and may be empty.
    fn more(&mut self, indent: usize, more: usize, what: &str) -> io::Result<()> {
        if more == 0 {
            return Ok(());
        }
        let what = match (what.is_empty(), self.zh()) {
            (true, _) => String::new(),
            (false, false) => format!(" ({what})"),
            (false, true) => format!("({what})"),
        };
        let line = if self.zh() {
            format!("……另有 {more} 项{what},`-f json` 可查看全部")
        } else {
            format!("… and {more} more{what}; `-f json` lists all")
        };
        self.hang(&" ".repeat(indent), &line)
    }
}
