//! Text of an image, made harmless for those who look at it.
//!
//! An image chooses its paths, labels and package names, so they may hold characters that steer a terminal
//! (C0 and C1 controls), turn the order of a line around (the bidirectional controls of Unicode Standard
//! Annex 9, as in "Trojan Source"), or that nobody sees.

use std::io;

use serde_json::Value;

/// Whether a character is a control, a bidirectional mark, a line separator or invisible.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Writes JSON for people and machines, with a newline at the end. Hidden characters are written as
/// escapes, so that the value is the same and a terminal stays unharmed.
pub(crate) fn write_json(value: &Value, out: &mut dyn io::Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut rest = text.as_str();
    // Outside of strings JSON has only ASCII, and its line breaks are ours.
    while let Some(at) = rest.find(|c: char| c != '\n' && is_hidden(c)) {
        let (before, from) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut chars = from.chars();
        if let Some(c) = chars.next() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        rest = chars.as_str();
    }
    writeln!(out, "{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_value_and_shows_what_is_hidden() {
        let value =
            serde_json::json!({"a\u{202e}b": ["\u{9b}2J", "\u{1b}[2J\n", "\u{e0041}", "中"]});
        let mut out = Vec::new();
        write_json(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !is_hidden(c)), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
