//! From physical lines to logical ones: byte order mark, directives, comments, continuations, heredocs
//! (Dockerfile reference, "Format", "Parser directives", "Here-Documents"; `BuildKit`'s parser decides where the
//! reference is silent).

use crate::ast::{Comment, Directive, Heredoc, Token};
use crate::parse::words;
use crate::span::{Joined, Span};
use crate::variables::unquote;

/// Reads a text line by line.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The character that escapes.
    pub(crate) escape: char,
    /// Comments so far.
    pub(crate) comments: Vec<Comment>,
}

/// A line whose continuations are joined.
#[derive(Debug)]
pub(crate) struct Logical {
    /// From its first character to the end of its last line.
    pub(crate) span: Span,
    /// The text without continuations and comments.
    pub(crate) joined: Joined,
    /// Empty lines within.
    pub(crate) empty: Vec<Span>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            at,
            escape: '\\',
            comments: Vec::new(),
        }
    }

    /// The next line without its end; `\r\n` counts as one.
    fn line(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = rest.find('\n');
        let end = start.saturating_add(length.unwrap_or(rest.len()));
        self.at = if length.is_some() {
            end.saturating_add(1)
        } else {
            end
        };
        let span = Span::new(start, end);
        match span.of(self.text).strip_suffix('\r') {
            Some(line) => Some(Span::new(start, start.saturating_add(line.len()))),
            None => Some(span),
        }
    }

    /// The same without leading space.
    fn trimmed(&self, line: Span) -> Span {
        let text = line.of(self.text);
        let cut = text.len().saturating_sub(text.trim_start().len());
        Span::new(line.start.saturating_add(cut), line.end)
    }

    fn comment(&mut self, line: Span) -> bool {
        let line = self.trimmed(line);
        let Some(text) = line.of(self.text).strip_prefix('#') else {
            return false;
        };
        let text = text.to_owned();
        self.comments.push(Comment { span: line, text });
        true
    }

    /// Parser directives: comments of the form `name=value` before anything else, also other comments.
    pub(crate) fn directives(&mut self) -> Vec<Directive> {
        let mut found: Vec<Directive> = Vec::new();
        loop {
            let before = self.at;
            let Some(line) = self.line() else { break };
            let Some(directive) = self.directive(line) else {
                self.at = before;
                break;
            };
            if directive.name == "escape"
                && let escape @ ("\\" | "`") = directive.value.text.as_str()
            {
                self.escape = escape.chars().next().unwrap_or('\\');
            }
            found.push(directive);
        }
        found
    }

    fn directive(&self, line: Span) -> Option<Directive> {
        let span = self.trimmed(line);
        let text = span.of(self.text).strip_prefix('#')?;
        let (name, value) = text.split_once('=')?;
        let name = name.trim();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        let known = matches!(
            name.to_ascii_lowercase().as_str(),
            "syntax" | "escape" | "check"
        );
        let text = value.trim();
        if !is_name || !known || text.is_empty() {
            return None;
        }
        let behind = value.len().saturating_sub(value.trim_start().len());
        let start = span.end.saturating_sub(value.len()).saturating_add(behind);
        Some(Directive {
            span,
            name: name.to_ascii_lowercase(),
            value: Token {
                span: Span::new(start, start.saturating_add(text.len())),
                text: text.to_owned(),
            },
        })
    }

    /// The next logical line; comments and empty lines before it are passed.
    pub(crate) fn logical(&mut self) -> Option<Logical> {
        let first = loop {
            let line = self.line()?;
            let line = self.trimmed(line);
            if !line.is_empty() && !self.comment(line) {
                break line;
            }
        };
        let mut joined = Joined::default();
        let mut empty = Vec::new();
        let mut end = first.end;
        let mut next = self.continued(first, &mut joined);
        while next {
            let Some(line) = self.line() else { break };
            if self.comment(line) {
                continue;
            }
            if self.trimmed(line).is_empty() {
                empty.push(line);
                continue;
            }
            end = line.end;
            next = self.continued(line, &mut joined);
        }
        Some(Logical {
            span: Span::new(first.start, end),
            joined,
            empty,
        })
    }

    /// Adds a line; whether it goes on in the next one.
    fn continued(&self, line: Span, joined: &mut Joined) -> bool {
        let text = line.of(self.text);
        let cut = text.trim_end_matches([' ', '\t']);
        if let Some(before) = cut.strip_suffix(self.escape)
            && !before.ends_with(self.escape)
        {
            let end = line.start.saturating_add(before.len());
            joined.push(self.text, Span::new(line.start, end));
            return true;
        }
        joined.push(self.text, line);
        false
    }

    /// The heredocs that a logical line opens; the lines that they take are passed.
    /// The second is the name of one that nothing ends.
    pub(crate) fn heredocs(&mut self, line: &mut Logical) -> (Vec<Heredoc>, Option<String>) {
        let mut found = Vec::new();
        let text = line.joined.text().to_owned();
        if !text.contains("<<") {
            return (found, None);
        }
        for word in words(&text, self.escape) {
            let Some((strips_tabs, name)) = opening(word.of(&text)) else {
                continue;
            };
            let expands = !name.contains(['\'', '"', self.escape]);
            let name = unquote(name, self.escape);
            let start = self.at;
            let mut end = None;
            while let Some(body) = self.line() {
                line.span.end = body.end;
                let text = body.of(self.text);
                let text = if strips_tabs {
                    text.trim_start_matches('\t')
                } else {
                    text
                };
                if text == name {
                    end = Some(body.start);
                    break;
                }
            }
            found.push(Heredoc {
                name: name.clone(),
                opening: line.joined.span(word),
                body: Span::new(start, end.unwrap_or(self.at)),
                expands,
                strips_tabs,
            });
            if end.is_none() {
                return (found, Some(name));
            }
        }
        (found, None)
    }
}

/// The parts of a word that opens a heredoc: whether tabs are cut, and its name as it is written.
fn opening(word: &str) -> Option<(bool, &str)> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix("<<")?;
    let (strips_tabs, name) = match rest.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, rest),
    };
    (!name.is_empty() && !name.contains('<')).then_some((strips_tabs, name))
}
