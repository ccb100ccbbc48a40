//! The reading head of the parser: bytes, continuation lines, errors and the bounds of the work.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use plimsoll_model::Text;

use super::MAX_DEPTH;
use super::ast::{Comment, ErrorKind, HereDocument, ShellError};
use crate::Span;
use crate::span::Joined;

/// How many errors are kept.
const MAX_ERRORS: usize = 100;

/// Where the bytes of a text that was put together stand in the text around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'t> {
    pub(super) joined: &'t Joined,
    pub(super) outer: Option<&'t Origin<'t>>,
}

/// A here-document whose body has not come yet.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) delimiter: String,
    pub(super) quoted: bool,
    pub(super) tabs: bool,
    pub(super) span: Span,
    pub(super) body: Arc<OnceLock<HereDocument>>,
}

/// Where the reading head stood, to go back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pos: usize,
    pending: usize,
    errors: usize,
    comments: usize,
}

/// The reading head.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) pos: usize,
    /// Nothing is read from here on: the end of the text, of a here-document, of backticks.
    pub(super) end: usize,
    pub(super) origin: Option<&'t Origin<'t>>,
    pub(super) depth: usize,
    pub(super) pending: Vec<Pending>,
    pub(super) comments: Vec<Comment>,
    pub(super) errors: Vec<ShellError>,
    /// Places where `((` is known to begin no arithmetic.
    pub(super) no_arithmetic: HashSet<usize>,
    /// How often `((` was looked at to the end of the text in vain.
    pub(super) vain: usize,
    /// No `[…]` begins before this place.
    pub(super) no_bracket: usize,
    /// No `]` for `$[` stands before this place.
    pub(super) no_close: usize,
    /// Bytes that may still be read, those that are read again included.
    pub(super) fuel: usize,
    /// Set when a bound was met: nothing is read any more.
    pub(super) stopped: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, origin: Option<&'t Origin<'t>>) -> Self {
        Self {
            text,
            pos: 0,
            end: text.len(),
            origin,
            depth: 0,
            pending: Vec::new(),
            comments: Vec::new(),
            errors: Vec::new(),
            no_arithmetic: HashSet::new(),
            vain: 0,
            no_bracket: 0,
            no_close: 0,
            fuel: text.len().saturating_mul(64).saturating_add(100_000),
            stopped: false,
        }
    }

    /// A stretch of this text, as a stretch of the outermost.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let mut span = Span::new(start, end);
        let mut origin = self.origin;
        while let Some(level) = origin {
            span = level.joined.span(span);
            origin = level.outer;
        }
        span
    }

    /// What stands between two places.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The byte at a place, if it may be read.
    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        if at >= self.end || self.stopped {
            return None;
        }
        self.text.as_bytes().get(at).copied()
    }

    /// The next byte as it stands.
    pub(super) fn raw(&self) -> Option<u8> {
        self.byte_at(self.pos)
    }

    /// The place behind any continuations (`\` and a line feed) at a place.
    fn joined(&self, mut at: usize) -> usize {
        while self.byte_at(at) == Some(b'\\') && self.byte_at(at.saturating_add(1)) == Some(b'\n') {
            at = at.saturating_add(2);
        }
        at
    }

    /// The next byte, continuations left out.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.pos = self.joined(self.pos);
        self.raw()
    }

    /// The byte after the next.
    pub(super) fn second(&mut self) -> Option<u8> {
        self.peek()?;
        self.byte_at(self.joined(self.pos.saturating_add(1)))
    }

    /// Goes on by some bytes.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.pos = self.pos.saturating_add(bytes).min(self.end);
        self.burn(bytes);
    }

    /// Counts work that is done without going on.
    pub(super) fn burn(&mut self, bytes: usize) {
        match self.fuel.checked_sub(bytes) {
            Some(rest) => self.fuel = rest,
            None => self.stop(),
        }
    }

    /// Goes on by one character.
    pub(super) fn advance_char(&mut self) {
        let length = self
            .slice(self.pos, self.end)
            .chars()
            .next()
            .map_or(1, char::len_utf8);
        self.advance(length);
    }

    /// The place behind this text, if it comes next.
    pub(super) fn looking_at(&mut self, text: &str) -> Option<usize> {
        self.peek()?;
        let mut at = self.pos;
        for byte in text.bytes() {
            at = self.joined(at);
            if self.byte_at(at)? != byte {
                return None;
            }
            at = at.saturating_add(1);
        }
        Some(at)
    }

    /// Reads this text, if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.looking_at(text) {
            Some(behind) => {
                self.burn(text.len());
                self.pos = behind;
                true
            }
            None => false,
        }
    }

    /// Reads blanks and a comment.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => self.advance(1),
                b'#' => self.comment(),
                _ => break,
            }
        }
    }

    fn comment(&mut self) {
        let start = self.pos;
        let rest = self.slice(start, self.end);
        let length = rest.find('\n').unwrap_or(rest.len());
        let text = rest.get(1..length).unwrap_or_default().to_owned();
        self.advance(length);
        let span = self.span(start, self.pos);
        self.comments.push(Comment { span, text });
    }

    /// Reads blanks, comments and line ends, with the here-documents that follow them.
    pub(super) fn linebreak(&mut self) {
        loop {
            self.skip_blanks();
            if !self.newline() {
                break;
            }
        }
    }

    /// Reads a line end and the here-documents that follow it.
    pub(super) fn newline(&mut self) -> bool {
        if self.peek() != Some(b'\n') {
            return false;
        }
        self.advance(1);
        if !self.pending.is_empty() {
            self.here_documents();
        }
        true
    }

    /// Whether a byte ends a word.
    pub(super) fn is_meta(byte: u8) -> bool {
        matches!(
            byte,
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')'
        )
    }

    /// Goes down a level; `false` where the bound is met, and then nothing is read any more.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            self.stop();
            return false;
        }
        self.depth = self.depth.saturating_add(1);
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn stop(&mut self) {
        if self.stopped {
            return;
        }
        let span = self.span(self.pos, self.pos);
        self.error_at(
            span,
            ErrorKind::TooDeep,
            Text::fixed(
                "the script is nested too deeply; what follows was not read",
                "脚本嵌套过深,其后的内容未读取",
            ),
        );
        self.stopped = true;
    }

    /// Tells of an error at the next byte.
    pub(super) fn error(&mut self, kind: ErrorKind, message: Text) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let end = match self.raw() {
            Some(_) => self
                .slice(self.pos, self.end)
                .chars()
                .next()
                .map_or(self.pos, |next| self.pos.saturating_add(next.len_utf8())),
            None => self.pos,
        };
        let span = self.span(self.pos, end);
        self.error_at(span, kind, message);
    }

    /// Tells of an error, unless one is known at that place.
    pub(super) fn error_at(&mut self, span: Span, kind: ErrorKind, message: Text) {
        if self.stopped
            || self.errors.len() >= MAX_ERRORS
            || self
                .errors
                .iter()
                .any(|error| error.span.start == span.start)
        {
            return;
        }
        self.errors.push(ShellError {
            span,
            kind,
            message,
        });
    }

    /// Something is open to the end of the text.
    pub(super) fn unclosed(&mut self, at: usize, what: &str) {
        let span = self.span(at, at.saturating_add(what.len()));
        self.error_at(
            span,
            ErrorKind::Unclosed,
            Text::new(
                format!("`{what}` is never closed"),
                format!("`{what}` 没有闭合"),
            ),
        );
    }

    /// Something is missing here.
    pub(super) fn missing(&mut self, what: &str) {
        self.error(
            ErrorKind::Missing,
            Text::new(
                format!("`{what}` is missing here"),
                format!("此处缺少 `{what}`"),
            ),
        );
    }

    /// What comes next has no place here.
    pub(super) fn unexpected(&mut self) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let Some(_) = self.peek() else {
            self.error(
                ErrorKind::Missing,
                Text::fixed(
                    "the script ends where a command is expected",
                    "此处应有命令,脚本却已结束",
                ),
            );
            return;
        };
        let rest = self.slice(self.pos, self.end);
        let shown = match rest.bytes().next() {
            Some(b'\n') => "\\n",
            Some(byte) if Self::is_meta(byte) => rest.get(..1).unwrap_or_default(),
            _ => {
                let length = rest
                    .char_indices()
                    .take(20)
                    .find(|(_, next)| u8::try_from(*next).is_ok_and(Self::is_meta))
                    .map_or_else(
                        || rest.char_indices().nth(20).map_or(rest.len(), |(at, _)| at),
                        |(at, _)| at,
                    );
                rest.get(..length).unwrap_or_default()
            }
        };
        self.error(
            ErrorKind::Unexpected,
            Text::new(
                format!("`{shown}` has no place here"),
                format!("此处不应出现 `{shown}`"),
            ),
        );
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            pos: self.pos,
            pending: self.pending.len(),
            errors: self.errors.len(),
            comments: self.comments.len(),
        }
    }

    /// Goes back, as if nothing had been read since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        if self.stopped {
            return;
        }
        self.pos = mark.pos;
        self.pending.truncate(mark.pending);
        self.errors.truncate(mark.errors);
        self.comments.truncate(mark.comments);
    }
}
