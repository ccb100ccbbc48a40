//! Text of an image, made harmless for those who look at it.
//!
//! An image chooses its paths, labels and package names, so they may hold characters that steer a terminal
//! (C0 and C1 controls), turn the order of a line around (the bidirectional controls of Unicode Standard
//! Annex 9, as in "Trojan Source"), or that nobody sees.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

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
pub(crate) fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(64 << 10, out);
    let formatter = Visible(PrettyFormatter::new());
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    writeln!(out)?;
    out.flush()
}

/// A list of which each element is made when it is written, so that only one of them is held.
pub(crate) struct Each<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<'a, T, F: Fn(&'a T) -> Value> Serialize for Each<'a, T, F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// The layout of `serde_json`, with escapes for what is hidden. Outside of strings JSON has only ASCII, and its
/// line breaks are ours.
struct Visible<'a>(PrettyFormatter<'a>);

impl Formatter for Visible<'_> {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        if !is_plain(fragment) {
            while let Some(at) = rest.find(is_hidden) {
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
        }
        out.write_all(rest.as_bytes())
    }
}

/// Whether it has only letters that everybody sees, as most texts do.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A text with a replacement character for whatever is hidden, for formats without escapes.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

/// An element of XML.
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    inner: Vec<Element>,
}

impl Element {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: String::new(),
            inner: Vec::new(),
        }
    }

    /// With an attribute.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    /// With text, and then without inner elements.
    pub(crate) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// With an inner element.
    pub(crate) fn holding(mut self, inner: Self) -> Self {
        self.inner.push(inner);
        self
    }

    /// With an inner element of that name, where the value is a text.
    pub(crate) fn saying(self, name: &'static str, value: &Value) -> Self {
        match value.as_str() {
            Some(text) => self.holding(Self::new(name).text(text)),
            None => self,
        }
    }

    /// With an inner element of that name that holds one for each value, where there are any.
    pub(crate) fn list(
        self,
        name: &'static str,
        values: &Value,
        each: impl Fn(&Value) -> Self,
    ) -> Self {
        match values.as_array() {
            Some(values) if !values.is_empty() => {
                let mut list = Self::new(name);
                list.inner = values.iter().map(each).collect();
                self.holding(list)
            }
            _ => self,
        }
    }

    fn write(&self, depth: usize, out: &mut dyn io::Write) -> io::Result<()> {
        write!(out, "{:indent$}<{}", "", self.name, indent = depth * 2)?;
        for (name, value) in &self.attributes {
            write!(out, " {name}=\"{}\"", escaped(value))?;
        }
        if self.inner.is_empty() {
            return writeln!(out, ">{}</{}>", escaped(&self.text), self.name);
        }
        writeln!(out, ">")?;
        for inner in &self.inner {
            inner.write(depth + 1, out)?;
        }
        writeln!(out, "{:indent$}</{}>", "", self.name, indent = depth * 2)
    }
}

/// Writes an XML document.
pub(crate) fn write_xml(root: &Element, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    root.write(0, out)
}

/// Text as XML 1.0 takes it: hidden characters as references, and those that XML cannot hold replaced.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if is_hidden(c) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
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
