//! A stretch of source as people are shown it, with carets below.

use std::borrow::Cow;
use std::ops::Range;

use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{LintFile, Region};
use unicode_width::UnicodeWidthChar;

use crate::safe::is_hidden;

/// Columns of a tab.
const TAB: usize = 4;
/// Lines of a long stretch that are shown: its first ones and its last.
const SHOWN: u32 = 4;

/// One line of an excerpt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of the line; `None` for a row that stands for lines that are not shown.
    pub(super) line: Option<u32>,
    /// What stands there, as wide as it may be.
    pub(super) text: String,
    /// Columns before the carets, and how many of them there are.
    pub(super) carets: (usize, usize),
}

/// The lines of a stretch, cut to `width` columns around what is found.
pub(super) fn rows(file: &LintFile, lines: &Lines, region: Region, width: usize) -> Vec<Row> {
    let text = &file.text;
    let (first, last) = (region.start.line, region.end.line);
    // A stretch that ends before the first character of a line does not show that line.
    let last = if last > first && region.end.column == 1 {
        last - 1
    } else {
        last
    };
    // Of a long stretch the first lines and the last are shown.
    let head = first..=last.min(first + SHOWN - 2);
    let tail = (last > *head.end()).then_some(last);
    let mut rows = Vec::new();
    for line in head.chain(tail) {
        if Some(line) == tail && last - first >= SHOWN {
            rows.push(Row {
                line: None,
                text: "…".to_owned(),
                carets: (0, 0),
            });
        }
        let Some(start) = lines.start(line) else {
            break;
        };
        let source = line_from(text, start);
        let source = source.strip_suffix('\r').unwrap_or(source);
        let source = masked(source, start, &file.secrets);
        let from = if line == first {
            region.start.column - 1
        } else {
            0
        };
        let to = (line == region.end.line).then(|| region.end.column - 1);
        rows.push(row(line, &source, (from, to), width));
    }
    rows
}

/// Text that begins at byte `start` of a file, with a `*` for each character of a secret.
pub(super) fn masked<'a>(text: &'a str, start: usize, secrets: &[Range<usize>]) -> Cow<'a, str> {
    let first = secrets.partition_point(|secret| secret.end <= start);
    let end = start + text.len();
    let mut inside = secrets[first..]
        .iter()
        .take_while(|secret| secret.start < end)
        .peekable();
    if inside.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let at = start + at;
        while inside.next_if(|secret| secret.end <= at).is_some() {}
        let is_secret = inside.peek().is_some_and(|secret| secret.contains(&at));
        shown.push(match character {
            '\n' | '\r' => character,
            _ if is_secret => '*',
            _ => character,
        });
    }
    Cow::Owned(shown)
}

/// The line that begins at a byte, as far as columns are counted: a line of megabytes costs no more than that.
pub(super) fn line_from(text: &str, start: usize) -> &str {
    const FAR: usize = 64 << 10;
    let rest = text.get(start..).unwrap_or_default();
    let rest = &rest[..rest.floor_char_boundary(FAR)];
    rest.split('\n').next().unwrap_or_default()
}

/// A line; `to` is `None` where the stretch goes on behind it.
fn row(number: u32, source: &str, (from, to): (u32, Option<u32>), width: usize) -> Row {
    let mut cells = cells(source, width, from);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let to = to.map_or(usize::MAX, |to| usize::try_from(to).unwrap_or(usize::MAX));
    // Blanks before a line that only goes on are not what was found.
    let from = if from == 0 {
        let blanks = cells
            .shown
            .iter()
            .take_while(|cell| cell.text.trim().is_empty());
        blanks.count()
    } else {
        from
    };
    let before = |index: usize, cells: &Cells| -> usize {
        let shown = cells.shown.iter();
        shown
            .filter(|cell| cell.index < index)
            .map(|cell| cell.width)
            .sum()
    };
    let start = before(from, &cells);
    let wide = before(to.max(from), &cells).saturating_sub(start);
    let lead = usize::from(cells.is_cut);
    let text: String = cells.shown.drain(..).map(|cell| cell.text).collect();
    let text = if cells.is_cut {
        format!("…{text}")
    } else {
        text
    };
    let text = if cells.goes_on {
        format!("{text}…")
    } else {
        text
    };
    Row {
        line: Some(number),
        text: text.trim_end().to_owned(),
        carets: (start + lead, wide.max(1)),
    }
}

/// A character as it is shown.
struct Cell {
    index: usize,
    text: String,
    width: usize,
}

struct Cells {
    shown: Vec<Cell>,
    is_cut: bool,
    goes_on: bool,
}

/// The characters of a line that are shown: from its start if what is found lies there, else from a little
/// before that.
fn cells(source: &str, width: usize, from: u32) -> Cells {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let width = width.max(20) - 2;
    // Ends where it is too wide: many findings on one long line cost no more than what is shown of each.
    let mut near =
        source
            .chars()
            .take(from.saturating_add(width))
            .scan(0, |used: &mut usize, c| {
                *used += columns(c);
                Some(*used)
            });
    let (mut skipped, mut at) = (0, 0);
    if near.any(|used| used > width) {
        let room: usize = width / 3;
        let mut used = 0;
        let found = source.char_indices().nth(from);
        at = found.map_or(source.len(), |(at, _)| at);
        skipped = match found {
            Some(_) => from,
            None => source.chars().count(),
        };
        for c in source[..at].chars().rev() {
            used += columns(c);
            if used > room {
                break;
            }
            skipped -= 1;
            at -= c.len_utf8();
        }
    }
    let mut out = Cells {
        shown: Vec::new(),
        is_cut: skipped > 0,
        goes_on: false,
    };
    let mut used = 0;
    for (index, c) in (skipped..).zip(source[at..].chars()) {
        let wide = columns(c);
        if used + wide > width {
            out.goes_on = true;
            break;
        }
        used += wide;
        let text = match c {
            '\t' => " ".repeat(TAB),
            // A byte order mark is no part of the first line.
            '\u{feff}' if index == 0 => String::new(),
            c if is_hidden(c) => "\u{fffd}".to_owned(),
            c => c.to_string(),
        };
        out.shown.push(Cell {
            index,
            text,
            width: wide,
        });
    }
    if let Some(mark) = out.shown.first_mut()
        && mark.text.is_empty()
    {
        mark.width = 0;
    }
    out
}

fn columns(c: char) -> usize {
    match c {
        '\t' => TAB,
        c if is_hidden(c) => 1,
        c => c.width().unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::lint::{LintKind, Place};

    use super::*;

    fn shown(text: &str, from: (u32, u32), to: (u32, u32), width: usize) -> Vec<String> {
        shown_without(&[], text, from, to, width)
    }

    fn shown_without(
        secrets: &[Range<usize>],
        text: &str,
        from: (u32, u32),
        to: (u32, u32),
        width: usize,
    ) -> Vec<String> {
        let place = |(line, column)| Place { line, column };
        let region = Region {
            start: place(from),
            end: place(to),
        };
        let file = LintFile {
            path: String::new(),
            kind: LintKind::Dockerfile,
            text: text.to_owned(),
            secrets: secrets.to_vec(),
            findings: Vec::new(),
            ignored: Vec::new(),
            errors: Vec::new(),
        };
        let rows = rows(&file, &Lines::of(text), region, width);
        rows.iter()
            .flat_map(|row| {
                let (lead, count) = row.carets;
                let number = row.line.map_or_else(String::new, |line| line.to_string());
                [
                    format!("{number}|{}", row.text),
                    format!("{}{}", " ".repeat(lead), "^".repeat(count)),
                ]
            })
            .collect()
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = "FROM a\nENV P=geheim中 Q=1\nENV R=x\n";
        let secrets = [13..22, 33..34];
        assert_eq!(&text[secrets[0].clone()], "geheim中");
        assert_eq!(
            shown_without(&secrets, text, (2, 5), (3, 8), 80),
            [
                "2|ENV P=******* Q=1",
                "    ^^^^^^^^^^^^^",
                "3|ENV R=*",
                "^^^^^^^"
            ]
        );
        assert_eq!(masked("a\nb", 7, &[0..9, 9..30]), "*\n*");
        assert_eq!(masked("ab", 7, &[0..7, 9..30]), "ab");
    }

    #[test]
    fn carets_stand_below_what_is_found() {
        assert_eq!(
            shown("FROM a\nRUN\tcd /中文 && ls\n", (2, 5), (2, 11), 80),
            ["2|RUN    cd /中文 && ls", "       ^^^^^^^^"]
        );
        assert_eq!(shown("FROM a", (1, 7), (1, 7), 80), ["1|FROM a", "      ^"]);
        assert_eq!(
            shown("\u{feff}FROM a\r\n", (1, 2), (1, 6), 80),
            ["1|FROM a", "^^^^"]
        );
        assert_eq!(
            shown("a\u{1b}[2Jb", (1, 2), (1, 3), 80),
            ["1|a\u{fffd}[2Jb", " ^"]
        );
    }

    #[test]
    fn stretches_of_lines_show_their_ends() {
        let text = "RUN a \\\n  b \\\n  c \\\n  d \\\n  e \\\n  f\n";
        assert_eq!(
            shown(text, (1, 1), (2, 4), 80),
            ["1|RUN a \\", "^^^^^^^", "2|  b \\", "  ^"]
        );
        let all = shown(text, (1, 1), (6, 4), 80);
        assert_eq!(all.len(), 10);
        assert_eq!(all[6..], ["|…", "", "6|  f", "  ^"]);
    }

    #[test]
    fn long_lines_are_cut_around_what_is_found() {
        let text = format!("RUN {}X{}", "a".repeat(1000), "b".repeat(1000));
        let rows = shown(&text, (1, 1005), (1, 1006), 40);
        assert_eq!(rows[0].chars().count(), 42, "{rows:?}");
        let at = rows[1].find('^').expect("there is one");
        assert_eq!(rows[0].chars().nth(at + 2), Some('X'), "{rows:?}");
    }
}
