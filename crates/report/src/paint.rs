//! Colours, widths and wrapping. Chinese characters are two columns wide.

use anstyle::{AnsiColor, Style};
use plimsoll_model::Severity;
use plimsoll_model::check::Answer;
use plimsoll_model::verdict::Decision;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::Colour;
use crate::safe::is_hidden;

/// Puts escape sequences around text, or none.
#[derive(Clone, Copy)]
pub(crate) struct Paint(pub(crate) Colour);

impl Paint {
    fn paint(self, style: Style, text: &str) -> String {
        match self.0 {
            Colour::Off => text.to_owned(),
            Colour::On => format!("{style}{text}{style:#}"),
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    /// A line that a patch takes away.
    pub(crate) fn removed(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default(), text)
    }

    /// A line that a patch puts in.
    pub(crate) fn added(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        // The colours that the field uses.
        let style = match severity {
            Severity::Critical => AnsiColor::Red.on_default().bold(),
            Severity::High => AnsiColor::Red.on_default(),
            Severity::Medium => AnsiColor::Yellow.on_default(),
            Severity::Low | Severity::Negligible => AnsiColor::Blue.on_default(),
            Severity::Unknown => AnsiColor::Magenta.on_default(),
        };
        self.paint(style, text)
    }

    pub(crate) fn decision(self, decision: Decision, text: &str) -> String {
        let colour = match decision {
            Decision::Fit => AnsiColor::Green,
            Decision::Conditional => AnsiColor::Yellow,
            Decision::Unfit => AnsiColor::Red,
            Decision::Unknown => AnsiColor::Magenta,
        };
        self.paint(colour.on_default().bold(), text)
    }

    pub(crate) fn answer(self, answer: Answer, text: &str) -> String {
        let style = match answer {
            Answer::Pass => AnsiColor::Green.on_default(),
            Answer::Fail => AnsiColor::Red.on_default(),
            Answer::Unknown => AnsiColor::Magenta.on_default(),
            Answer::NotApplicable => Style::new().dimmed(),
        };
        self.paint(style, text)
    }
}

/// Fills up with spaces to a width.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Cuts a line that is too wide, with an ellipsis. Control characters become visible ones, so that what an
/// image says cannot steer the terminal.
pub(crate) fn clip(text: &str, width: usize) -> String {
    let text = plain(text);
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used >= width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// How many lines of one text are shown: what an image says may be of any length.
const LINES: usize = 20;

/// Breaks a text at spaces, or before wide characters, into lines of at most `width` columns where it can.
/// A word is never broken, since digests and paths are there to be copied, but cut where it fills two lines.
///
/// The text must be harmless already, see [`plain`]; colours of ours may be in it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for mut word in split(text) {
        if lines.len() == LINES {
            return lines;
        }
        if visible_width(&word) > width.saturating_mul(2) {
            word = clip(&word, width.saturating_mul(2));
        }
        let word_width = visible_width(word.trim_end());
        if !line.is_empty() && visible_width(&line) + word_width > width {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        line.push_str(&word);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Words with the spaces behind them; each wide character is a word of its own, with the closing
/// punctuation behind it, which must not begin a line.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        // A colour may end between a word and what closes it.
        if is_closing(c)
            && visible_width(&word) == 0
            && let Some(last) = words.last_mut()
            && !last.ends_with(' ')
        {
            last.push_str(&std::mem::take(&mut word));
            last.push(c);
            continue;
        }
        word.push(c);
        if c == ' ' || c.width() == Some(2) {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words
}

/// Punctuation that belongs to what is before it, half and full width.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        ',' | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | ')'
            | ']'
            | '\u{3001}'
            | '\u{3002}'
            | '\u{300b}'
            | '\u{300d}'
    ) || matches!(
        c,
        '\u{ff01}' | '\u{ff09}' | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}'
    )
}

/// The width without escape sequences of our own.
pub(crate) fn visible_width(text: &str) -> usize {
    let mut width = 0;
    let mut in_escape = false;
    for c in text.chars() {
        match (in_escape, c) {
            (false, '\u{1b}') => in_escape = true,
            (true, 'm') => in_escape = false,
            (true, _) => {}
            (false, c) => width += c.width().unwrap_or(0),
        }
    }
    width
}

/// Makes visible what would steer a terminal or turn the order of a line around.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words_and_between_wide_characters() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(
            wrap("镜像不适合生产环境", 8),
            ["镜像不适", "合生产环", "境"]
        );
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(
            wrap("\u{1b}[1mone\u{1b}[0m two", 7),
            ["\u{1b}[1mone\u{1b}[0m two"]
        );
    }

    #[test]
    fn what_an_image_says_cannot_steer_the_terminal() {
        assert_eq!(clip("a\u{1b}[2Jb\nc", 20), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(
            plain("a\u{1b}[8mb\u{9b}\u{202e}"),
            "a\u{fffd}[8mb\u{fffd}\u{fffd}"
        );
        assert_eq!(clip("abcdef", 4), "abc…");
    }
}
