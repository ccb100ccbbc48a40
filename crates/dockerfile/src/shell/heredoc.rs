//! Here-documents (POSIX 2.7.4).

use std::sync::{Arc, OnceLock};

use plimsoll_model::Text;

use super::ast::{ErrorKind, HereDocument};
use super::cursor::{Parser, Pending};
use super::expansion::Builder;
use super::word::{Part, Word};

type Body = Arc<OnceLock<HereDocument>>;

impl Parser<'_> {
    /// The delimiter behind `<<`, whose body is read once the line ends.
    pub(super) fn delimiter(&mut self, tabs: bool) -> (Word, Option<Body>) {
        self.peek();
        let start = self.pos;
        let mut delimiter = String::new();
        let mut quoted = false;
        while let Some(byte) = self.peek() {
            match byte {
                byte if Self::is_meta(byte) => break,
                b'\'' | b'"' => {
                    quoted = true;
                    let open = self.pos;
                    self.advance(1);
                    let rest = self.slice(self.pos, self.end);
                    let length = rest.find(char::from(byte)).unwrap_or_else(|| {
                        self.unclosed(open, if byte == b'"' { "\"" } else { "'" });
                        rest.len()
                    });
                    delimiter.push_str(rest.get(..length).unwrap_or_default());
                    self.advance(length.saturating_add(1));
                }
                b'\\' => {
                    quoted = true;
                    self.advance(1);
                    let at = self.pos;
                    self.advance_char();
                    delimiter.push_str(self.slice(at, self.pos));
                }
                _ => {
                    let at = self.pos;
                    self.advance_char();
                    delimiter.push_str(self.slice(at, self.pos));
                }
            }
        }
        let span = self.span(start, self.pos);
        if self.pos == start {
            self.unexpected();
            return (
                Word {
                    span,
                    parts: Vec::new(),
                },
                None,
            );
        }
        let body = Arc::new(OnceLock::new());
        self.pending.push(Pending {
            delimiter: delimiter.clone(),
            quoted,
            tabs,
            span,
            body: Arc::clone(&body),
        });
        let part = if quoted {
            Part::SingleQuoted {
                span,
                text: delimiter,
            }
        } else {
            Part::Literal {
                span,
                text: delimiter,
                escaped: false,
            }
        };
        (
            Word {
                span,
                parts: vec![part],
            },
            Some(body),
        )
    }

    /// Reads the bodies that stand from here on.
    pub(super) fn here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            self.here_document(&pending);
        }
    }

    fn here_document(&mut self, pending: &Pending) {
        let start = self.pos;
        let (end, behind) = self.body_end(pending);
        self.burn(behind.saturating_sub(start));
        let parts = if pending.quoted {
            self.verbatim(start, end, pending.tabs)
        } else {
            self.expanded(start, end, pending.tabs)
        };
        self.pos = behind;
        let span = self.span(start, end);
        // A body that is read a second time was read the same way the first time.
        let _known = pending.body.set(HereDocument {
            span,
            delimiter: pending.delimiter.clone(),
            quoted: pending.quoted,
            body: Word { span, parts },
        });
    }

    /// Where the body ends, and the place behind the line of its delimiter.
    fn body_end(&mut self, pending: &Pending) -> (usize, usize) {
        let mut at = self.pos;
        let mut continued = false;
        while at < self.end {
            let rest = self.slice(at, self.end);
            let length = rest.find('\n').unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let behind = at.saturating_add(length).saturating_add(1).min(self.end);
            let bare = if pending.tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if !continued && bare == pending.delimiter {
                return (at, behind);
            }
            let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\').count();
            continued = !pending.quoted && backslashes % 2 == 1;
            at = behind;
        }
        self.error_at(
            pending.span,
            ErrorKind::UnclosedHereDocument,
            Text::new(
                format!(
                    "the here-document runs to the end of the script: no line is `{}`",
                    pending.delimiter
                ),
                format!(
                    "here-document 一直延续到脚本末尾:没有内容为 `{}` 的行",
                    pending.delimiter
                ),
            ),
        );
        (self.end, self.end)
    }

    fn verbatim(&self, start: usize, end: usize, tabs: bool) -> Vec<Part> {
        let text = self.slice(start, end);
        if text.is_empty() {
            return Vec::new();
        }
        let text = if tabs {
            text.split_inclusive('\n')
                .map(|line| line.trim_start_matches('\t'))
                .collect()
        } else {
            text.to_owned()
        };
        vec![Part::Literal {
            span: self.span(start, end),
            text,
            escaped: false,
        }]
    }

    fn expanded(&mut self, start: usize, end: usize, tabs: bool) -> Vec<Part> {
        let before = std::mem::replace(&mut self.end, end);
        let outside = std::mem::take(&mut self.pending);
        let mut builder = Builder::new();
        let mut at_line = true;
        self.pos = start;
        if self.enter() {
            while self.peek().is_some() {
                if at_line && tabs && self.raw() == Some(b'\t') {
                    self.advance(1);
                    continue;
                }
                let at = self.pos;
                self.quoted_byte(b"$`\\", false, &mut builder);
                at_line = self.slice(at, self.pos).ends_with('\n');
            }
            self.leave();
        }
        self.end = before;
        self.pending = outside;
        builder.finish(self)
    }
}
