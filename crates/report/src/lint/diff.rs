//! Changes of a text as a unified diff (GNU diffutils manual, "Detailed Description of Unified Format").

use std::io;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{Fix, LintFile};

use super::excerpt::masked;
use crate::safe::visible;

/// Lines around a change that are shown.
const CONTEXT: u32 = 3;

/// Who reads a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// `patch` and its like: every byte as it is.
    Program,
    /// A person at a terminal, whom hidden characters must not deceive.
    Person,
}

/// Writes what changed, so that `patch -p1` makes it; nothing where nothing did.
pub fn write_diff(
    path: &str,
    (before, after): (&str, &str),
    reader: Reader,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let hunks: Vec<_> = diff.hunks().collect();
    if hunks.is_empty() {
        return Ok(());
    }
    let shown = visible(path);
    writeln!(out, "--- a/{shown}\n+++ b/{shown}")?;
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let (last_old, last_new) = (number(old.len()), number(new.len()));
    let mut rest = &hunks[..];
    while let Some(first) = rest.first() {
        // Changes whose context meets are one hunk.
        let near = rest
            .windows(2)
            .take_while(|pair| pair[1].before.start - pair[0].before.end <= 2 * CONTEXT)
            .count();
        let (group, others) = rest.split_at(near + 1);
        rest = others;
        let last = group.last().unwrap_or(first);
        let lead = first.before.start.min(CONTEXT);
        let was = first.before.start - lead..(last.before.end + CONTEXT).min(last_old);
        let is = first.after.start - lead..(last.after.end + CONTEXT).min(last_new);
        writeln!(out, "@@ -{} +{} @@", place(&was), place(&is))?;
        let mut at = was.start;
        for hunk in group {
            lines(' ', &old, at..hunk.before.start, reader, out)?;
            lines('-', &old, hunk.before.clone(), reader, out)?;
            lines('+', &new, hunk.after.clone(), reader, out)?;
            at = hunk.before.end;
        }
        lines(' ', &old, at..was.end, reader, out)?;
    }
    Ok(())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Where lines begin and how many there are; before the first line for none.
fn place(lines: &Range<u32>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn lines(
    mark: char,
    of: &[&str],
    wanted: Range<u32>,
    reader: Reader,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for line in wanted {
        let line = usize::try_from(line).ok().and_then(|line| of.get(line));
        let Some(line) = line else { continue };
        let bare = line.strip_suffix('\n');
        let text = bare.unwrap_or(line);
        match reader {
            Reader::Program => write!(out, "{mark}{text}")?,
            Reader::Person => {
                let text = text.strip_suffix('\r').unwrap_or(text);
                let text: Vec<String> = text.split('\t').map(visible).collect();
                write!(out, "{mark}{}", text.join("\t"))?;
            }
        }
        writeln!(out)?;
        if bare.is_none() {
            writeln!(out, "\\ No newline at end of file")?;
        }
    }
    Ok(())
}

/// What one fix makes of the lines that it touches: the number of the first of them, those lines and what comes
/// in their place, both without the lines that stay.
pub(super) struct Patch {
    pub(super) line: u32,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

/// Bytes of the lines that a patch touches at most; what is longer nobody reads.
const LONGEST: usize = 64 << 10;

/// The lines that a fix changes; `None` where it does not fit the text, or they are too long to be shown.
///
/// Secrets are masked in both: what comes in the place of a line may have them too.
pub(super) fn patch(file: &LintFile, lines: &Lines, fix: &Fix) -> Option<Patch> {
    let text = &file.text;
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let start = lines.start(lines.line(first.start))?;
    if last.end.checked_sub(start)? > LONGEST {
        return None;
    }
    let rest = text.get(last.end..)?;
    let rest = &rest[..rest.floor_char_boundary(LONGEST)];
    let end = rest
        .find('\n')
        .map_or(last.end + rest.len(), |at| last.end + at + 1);
    let mut fixed = String::new();
    let mut at = start;
    for edit in &fix.edits {
        fixed.push_str(text.get(at..edit.start)?);
        fixed.push_str(&edit.text);
        at = edit.end;
    }
    fixed.push_str(text.get(at..end)?);
    let old = masked(text.get(start..end)?, start, &file.secrets);
    let first_secret = file.secrets.partition_point(|secret| secret.end <= start);
    for place in &file.secrets[first_secret..] {
        if place.start >= end {
            break;
        }
        let Some(secret) = text.get(place.clone()) else {
            continue;
        };
        fixed = fixed.replace(secret, &"*".repeat(secret.chars().count()));
    }
    let mut before: Vec<&str> = old.lines().collect();
    let mut after: Vec<&str> = fixed.lines().collect();
    let mut line = lines.line(first.start);
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    before.drain(..same);
    after.drain(..same);
    line += number(same);
    while let (Some(a), Some(b)) = (before.last(), after.last())
        && a == b
    {
        before.pop();
        after.pop();
    }
    let owned = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect();
    Some(Patch {
        line,
        before: owned(before),
        after: owned(after),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        let mut out = Vec::new();
        write_diff("x", (before, after), Reader::Program, &mut out)
            .expect("memory takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn a_diff_is_what_patch_takes() {
        assert_eq!(diff("a\n", "a\n"), "");
        assert_eq!(
            diff("a\nb\nc\n", "a\nB\nc\n"),
            "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"
        );
        assert_eq!(
            diff("a", "a\nb"),
            "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"
        );
        assert_eq!(diff("", "a\n"), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
        let lines: String = (0..30).fold(String::new(), |lines, n| format!("{lines}{n}\n"));
        let changed = lines.replace("\n5\n", "\n").replace("\n20\n", "\n20\nx\n");
        assert_eq!(
            diff(&lines, &changed),
            "--- a/x\n+++ b/x\n@@ -3,7 +3,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n\
             @@ -19,6 +18,7 @@\n 18\n 19\n 20\n+x\n 21\n 22\n 23\n"
        );
    }
}
