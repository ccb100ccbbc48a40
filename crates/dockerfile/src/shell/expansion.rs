//! Words: quotes and expansions.

use super::ast::Arithmetic;
use super::cursor::{Origin, Parser};
use super::scan;
use super::word::{Part, Word};
use crate::Span;
use crate::span::Joined;

/// How often `((` may be looked at to the end of the text in vain.
const VAIN: usize = 8;

/// Where a word stands, and so what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Among other words.
    Normal,
    /// Behind `name=`.
    Assignment,
    /// Behind `=~`: brackets belong to it.
    Regex,
    /// In `@(…)`: ends before `|` and `)`.
    Pattern,
    /// Behind the operator in `${…}`: ends before `}`.
    Argument,
    /// The same within double quotes, where `'` is a character.
    QuotedArgument,
    /// In `${a[…]}`: ends before `]`.
    Subscript,
    /// Up to the place where reading ends.
    Rest,
}

/// Parts of a word while it is read.
pub(super) struct Builder {
    parts: Vec<Part>,
    literal: String,
    start: usize,
    end: usize,
    escaped: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            parts: Vec::new(),
            literal: String::new(),
            start: 0,
            end: 0,
            escaped: false,
        }
    }

    /// Adds text that stands between two places.
    pub(super) fn text(&mut self, text: &str, start: usize, end: usize) {
        if self.literal.is_empty() {
            self.start = start;
        }
        self.literal.push_str(text);
        self.end = end;
    }

    fn flush(&mut self, parser: &Parser<'_>) {
        if !self.literal.is_empty() {
            self.parts.push(Part::Literal {
                span: parser.span(self.start, self.end),
                text: std::mem::take(&mut self.literal),
                escaped: self.escaped,
            });
        }
        self.escaped = false;
    }

    pub(super) fn part(&mut self, parser: &Parser<'_>, part: Part) {
        self.flush(parser);
        self.parts.push(part);
    }

    pub(super) fn finish(mut self, parser: &Parser<'_>) -> Vec<Part> {
        self.flush(parser);
        self.parts
    }
}

impl Parser<'_> {
    /// A word up to what ends it.
    pub(super) fn word(&mut self, mode: Mode) -> Word {
        self.peek();
        let start = self.pos;
        let mut builder = Builder::new();
        let mut open = 0_usize;
        // The start, and in assignments behind `:`, is where `~` means a home.
        let mut at_start = matches!(mode, Mode::Normal | Mode::Assignment);
        while let Some(byte) = self.peek() {
            if self.ends(mode, byte, &mut open) {
                break;
            }
            let home = at_start;
            at_start = mode == Mode::Assignment && byte == b':';
            match byte {
                b'~' if home => self.tilde(&mut builder),
                b'(' | b')' | b'|' | b'<' | b'>' if mode == Mode::Regex => {
                    self.plain(&mut builder);
                }
                b'*' | b'?' | b'+' | b'@' | b'!'
                    if mode != Mode::QuotedArgument && self.second() == Some(b'(') =>
                {
                    if !self.extended_glob(mode, &mut builder) {
                        self.plain(&mut builder);
                    }
                }
                b'*' | b'?' if mode != Mode::QuotedArgument => {
                    let at = self.pos;
                    self.advance(1);
                    let span = self.span(at, self.pos);
                    let text = char::from(byte).to_string();
                    builder.part(self, Part::Glob { span, text });
                }
                b'[' if mode != Mode::QuotedArgument && mode != Mode::Regex => {
                    self.bracket_glob(&mut builder);
                }
                b'{' | b'}' | b',' if matches!(mode, Mode::Normal | Mode::Pattern) => {
                    let at = self.pos;
                    self.advance(1);
                    let span = self.span(at, self.pos);
                    let mark = char::from(byte);
                    builder.part(self, Part::Brace { span, mark });
                }
                b'<' | b'>' => self.process(&mut builder),
                b'\'' if mode != Mode::QuotedArgument => self.single_quoted(&mut builder),
                _ => self.word_byte(byte, mode, &mut builder),
            }
        }
        let mut parts = builder.finish(self);
        if matches!(mode, Mode::Normal | Mode::Pattern) {
            scan::braces(&mut parts);
        }
        Word {
            span: self.span(start, self.pos),
            parts,
        }
    }

    /// What means the same in every mode.
    fn word_byte(&mut self, byte: u8, mode: Mode, builder: &mut Builder) {
        match byte {
            b'"' => self.double_quoted(self.pos, builder),
            b'$' => self.dollar(matches!(mode, Mode::QuotedArgument), builder),
            b'`' => self.backticks(mode == Mode::QuotedArgument, builder),
            b'\\' => {
                let at = self.pos;
                self.advance(1);
                let behind = self.pos;
                self.advance_char();
                let text = match self.slice(behind, self.pos) {
                    "" => "\\",
                    text => text,
                };
                builder.text(text, at, self.pos);
                builder.escaped = true;
            }
            _ => self.plain(builder),
        }
    }

    /// Whether a word ends before this byte.
    fn ends(&mut self, mode: Mode, byte: u8, open: &mut usize) -> bool {
        match mode {
            Mode::Normal | Mode::Assignment | Mode::Pattern => match byte {
                b'<' | b'>' => self.second() != Some(b'('),
                // In a pattern, blanks are characters.
                b' ' | b'\t' | b'\n' | b';' | b'&' if mode == Mode::Pattern => false,
                _ => Self::is_meta(byte),
            },
            Mode::Regex => match byte {
                b'(' => {
                    *open = open.saturating_add(1);
                    false
                }
                b')' => match open.checked_sub(1) {
                    Some(rest) => {
                        *open = rest;
                        false
                    }
                    None => true,
                },
                b' ' | b'\t' | b'\n' => *open == 0 || byte == b'\n',
                b'|' | b'<' | b'>' => *open == 0 && self.second() == Some(byte),
                b';' | b'&' => *open == 0,
                _ => false,
            },
            Mode::Argument | Mode::QuotedArgument => byte == b'}',
            Mode::Subscript => match byte {
                b'[' => {
                    *open = open.saturating_add(1);
                    false
                }
                b']' => match open.checked_sub(1) {
                    Some(rest) => {
                        *open = rest;
                        false
                    }
                    None => true,
                },
                _ => false,
            },
            Mode::Rest => false,
        }
    }

    /// A run of characters without meaning; at least one.
    fn plain(&mut self, builder: &mut Builder) {
        let start = self.pos;
        let rest = self.slice(start, self.end);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let run = rest
            .bytes()
            .skip(first)
            .take_while(|byte| {
                byte.is_ascii_alphanumeric()
                    || !byte.is_ascii()
                    || matches!(byte, b'-' | b'_' | b'/' | b'.' | b'=' | b'%' | b'^')
            })
            .count();
        self.advance(first.saturating_add(run));
        builder.text(self.slice(start, self.pos), start, self.pos);
    }

    fn tilde(&mut self, builder: &mut Builder) {
        let start = self.pos;
        let rest = self.slice(start.saturating_add(1), self.end);
        let user: String = rest
            .chars()
            .take_while(|next| {
                next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.' | '+')
            })
            .collect();
        let behind = start.saturating_add(1).saturating_add(user.len());
        self.burn(user.len());
        // `~` before a quote or an expansion is a character.
        let whole = match self.byte_at(behind) {
            None | Some(b'/' | b':') => true,
            Some(byte) => Self::is_meta(byte),
        };
        if !whole {
            self.plain(builder);
            return;
        }
        self.pos = behind;
        let span = self.span(start, behind);
        builder.part(self, Part::Tilde { span, user });
    }

    fn bracket_glob(&mut self, builder: &mut Builder) {
        let start = self.pos;
        let found = if start < self.no_bracket {
            None
        } else {
            let found = scan::bracket(self.slice(start, self.end));
            if let Err(reach) = found {
                self.no_bracket = start.saturating_add(reach);
            }
            found.ok()
        };
        if let Some(length) = found {
            self.advance(length);
            let span = self.span(start, self.pos);
            let text = self.slice(start, self.pos).to_owned();
            builder.part(self, Part::Glob { span, text });
        } else {
            self.advance(1);
            builder.text("[", start, self.pos);
        }
    }

    /// `@(a|b)`; `false` where it is none, and then nothing was read.
    fn extended_glob(&mut self, mode: Mode, builder: &mut Builder) -> bool {
        if !matches!(mode, Mode::Normal | Mode::Assignment | Mode::Pattern) || !self.enter() {
            return false;
        }
        let start = self.pos;
        let kind = self.raw().map_or('@', char::from);
        self.advance(1);
        self.eat("(");
        let mut alternatives = Vec::new();
        loop {
            alternatives.push(self.word(Mode::Pattern));
            match self.peek() {
                Some(b')') => {
                    self.advance(1);
                    break;
                }
                None => {
                    self.unclosed(start.saturating_add(1), "(");
                    break;
                }
                // `|`; and `(` without a mark before it: a group of its own, as bash takes it.
                Some(_) => self.advance(1),
            }
        }
        self.leave();
        let span = self.span(start, self.pos);
        builder.part(
            self,
            Part::ExtendedGlob {
                span,
                kind,
                alternatives,
            },
        );
        true
    }

    fn single_quoted(&mut self, builder: &mut Builder) {
        let start = self.pos;
        let inside = start.saturating_add(1);
        let rest = self.slice(inside, self.end);
        let length = rest.find('\'').unwrap_or_else(|| {
            self.unclosed(start, "'");
            rest.len()
        });
        self.advance(length.saturating_add(2));
        let span = self.span(start, self.pos);
        let text = rest.get(..length).unwrap_or_default().to_owned();
        builder.part(self, Part::SingleQuoted { span, text });
    }

    /// `$'…'`; the `$` stands at `start`.
    fn dollar_single(&mut self, start: usize, builder: &mut Builder) {
        self.eat("'");
        let inside = self.pos;
        loop {
            match self.raw() {
                None => {
                    self.unclosed(start, "$'");
                    break;
                }
                Some(b'\'') => break,
                Some(b'\\') => {
                    self.advance(1);
                    self.advance_char();
                }
                Some(_) => self.advance_char(),
            }
        }
        let text = self.slice(inside, self.pos).to_owned();
        if self.raw().is_some() {
            self.advance(1);
        }
        let span = self.span(start, self.pos);
        builder.part(self, Part::DollarSingle { span, text });
    }

    /// `"…"` or `$"…"`, which begins at `start`; the quote comes next.
    fn double_quoted(&mut self, start: usize, builder: &mut Builder) {
        if !self.enter() {
            return;
        }
        self.eat("\"");
        let mut inner = Builder::new();
        loop {
            match self.peek() {
                None => {
                    self.unclosed(self.pos.min(start), "\"");
                    break;
                }
                Some(b'"') => {
                    self.advance(1);
                    break;
                }
                Some(_) => self.quoted_byte(b"$`\"\\", true, &mut inner),
            }
        }
        self.leave();
        let translated = self.byte_at(start) == Some(b'$');
        let parts = inner.finish(self);
        let span = self.span(start, self.pos);
        builder.part(
            self,
            Part::DoubleQuoted {
                span,
                parts,
                translated,
            },
        );
    }

    /// What comes next where only `$`, `` ` `` and `\` mean something; a backslash takes away the meaning of
    /// those bytes.
    pub(super) fn quoted_byte(&mut self, escapes: &[u8], in_quotes: bool, builder: &mut Builder) {
        let start = self.pos;
        match self.raw() {
            Some(b'$') => self.dollar(true, builder),
            Some(b'`') => self.backticks(in_quotes, builder),
            Some(b'\\') => {
                let next = self.byte_at(start.saturating_add(1));
                match next {
                    Some(byte) if escapes.contains(&byte) => {
                        self.advance(2);
                        let text = char::from(byte).to_string();
                        builder.text(&text, start, self.pos);
                        builder.escaped = true;
                    }
                    _ => {
                        self.advance(1);
                        builder.text("\\", start, self.pos);
                    }
                }
            }
            _ => {
                let rest = self.slice(start, self.end);
                let run = rest
                    .bytes()
                    .position(|byte| matches!(byte, b'$' | b'`' | b'"' | b'\\' | b'\n'))
                    .unwrap_or(rest.len())
                    .max(1);
                self.advance(run);
                builder.text(self.slice(start, self.pos), start, self.pos);
            }
        }
    }

    /// What begins with `$`.
    pub(super) fn dollar(&mut self, quoted: bool, builder: &mut Builder) {
        let start = self.pos;
        match self.second() {
            Some(b'(') => {
                if let Some(arithmetic) = self.arithmetic("$((") {
                    builder.part(self, Part::Arithmetic(arithmetic));
                    return;
                }
                self.eat("$(");
                let list = self.substitution(start, "$(");
                let span = self.span(start, self.pos);
                builder.part(
                    self,
                    Part::Command {
                        span,
                        backticks: false,
                        list,
                    },
                );
            }
            Some(b'{') => self.braced(start, quoted, builder),
            Some(b'[') => self.old_arithmetic(start, builder),
            Some(b'\'') if !quoted => {
                self.eat("$");
                self.dollar_single(start, builder);
            }
            Some(b'"') if !quoted => {
                self.eat("$");
                self.double_quoted(start, builder);
            }
            Some(byte) if byte == b'_' || byte.is_ascii_alphabetic() => {
                self.eat("$");
                let name = self.identifier().unwrap_or_default();
                self.simple_parameter(start, name, builder);
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => {
                self.eat("$");
                self.peek();
                self.advance(1);
                self.simple_parameter(start, char::from(byte).to_string(), builder);
            }
            _ => {
                self.advance(1);
                builder.text("$", start, self.pos);
            }
        }
    }

    /// The commands of a substitution whose opening has been read.
    fn substitution(&mut self, open: usize, what: &str) -> super::ast::List {
        if !self.enter() {
            return super::ast::List::default();
        }
        let outside = std::mem::take(&mut self.pending);
        let list = self.list_to_bracket(open, what);
        // A here-document of the substitution whose body comes behind it.
        let inside = std::mem::replace(&mut self.pending, outside);
        self.pending.extend(inside);
        self.leave();
        list
    }

    fn process(&mut self, builder: &mut Builder) {
        let start = self.pos;
        let output = self.raw() == Some(b'>');
        let what = if output { ">(" } else { "<(" };
        if !self.eat(what) {
            self.plain(builder);
            return;
        }
        let list = self.substitution(start, what);
        let span = self.span(start, self.pos);
        builder.part(self, Part::Process { span, output, list });
    }

    /// `` `…` ``: the text between, its escapes removed, is a script of its own.
    fn backticks(&mut self, in_quotes: bool, builder: &mut Builder) {
        let start = self.pos;
        let inside = start.saturating_add(1);
        let rest = self.slice(inside, self.end);
        let (length, escaped, closed) = scan::backticks(rest, in_quotes);
        let close = inside.saturating_add(length);
        self.burn(length);
        if !self.enter() {
            return;
        }
        let list = if escaped {
            self.escaped_backticks(inside, close, in_quotes)
        } else {
            let outside = std::mem::take(&mut self.pending);
            let end = std::mem::replace(&mut self.end, close);
            self.pos = inside;
            let list = self.script();
            self.end = end;
            self.pending = outside;
            list
        };
        self.leave();
        if closed {
            self.pos = close.saturating_add(1);
        } else {
            self.pos = close;
            self.unclosed(start, "`");
        }
        let span = self.span(start, self.pos);
        builder.part(
            self,
            Part::Command {
                span,
                backticks: true,
                list,
            },
        );
    }

    fn escaped_backticks(&mut self, start: usize, end: usize, in_quotes: bool) -> super::ast::List {
        let mut joined = Joined::default();
        for piece in scan::unescaped(self.slice(start, end), in_quotes) {
            let from = start.saturating_add(piece.start);
            joined.push(self.text, Span::new(from, start.saturating_add(piece.end)));
        }
        let origin = Origin {
            joined: &joined,
            outer: self.origin,
        };
        let script = super::parse_part(joined.text(), Some(&origin), self.depth);
        self.comments.extend(script.comments);
        for error in script.errors {
            self.error_at(error.span, error.kind, error.message);
        }
        script.list
    }

    /// `((…))` or `$((…))`; `None` where it is none, and then nothing was read.
    pub(super) fn arithmetic(&mut self, open: &str) -> Option<Arithmetic> {
        self.peek();
        let start = self.pos;
        if self.vain >= VAIN
            || self.no_arithmetic.contains(&start)
            || self.looking_at(open).is_none()
        {
            return None;
        }
        if !self.enter() {
            return None;
        }
        let mark = self.mark();
        self.eat(open);
        let parts = self.arithmetic_parts();
        self.leave();
        if let Some(parts) = parts {
            let span = self.span(start, self.pos);
            return Some(Arithmetic {
                span,
                bracket: false,
                parts,
            });
        }
        if !self.stopped {
            self.no_arithmetic.insert(start);
        }
        if self.raw().is_none() {
            self.vain = self.vain.saturating_add(1);
        }
        self.back_to(mark);
        None
    }

    fn arithmetic_parts(&mut self) -> Option<Vec<Part>> {
        let mut builder = Builder::new();
        let mut open = 0_usize;
        loop {
            let start = self.pos;
            match self.peek()? {
                b')' => {
                    let Some(rest) = open.checked_sub(1) else {
                        return self.eat("))").then(|| builder.finish(self));
                    };
                    open = rest;
                    self.advance(1);
                    builder.text(")", start, self.pos);
                }
                b'(' => {
                    open = open.saturating_add(1);
                    self.advance(1);
                    builder.text("(", start, self.pos);
                }
                b'"' => self.double_quoted(start, &mut builder),
                b'$' => self.dollar(true, &mut builder),
                b'`' => self.backticks(false, &mut builder),
                b'\\' => {
                    self.advance(1);
                    self.advance_char();
                    builder.text(self.slice(start, self.pos), start, self.pos);
                }
                _ => self.plain(&mut builder),
            }
        }
    }

    /// `$[…]`, which bash still knows.
    fn old_arithmetic(&mut self, start: usize, builder: &mut Builder) {
        let inside = start.saturating_add(2);
        if !self.enter() {
            return;
        }
        let closes = start >= self.no_close
            && match scan::closes(self.slice(inside, self.end)) {
                Ok(()) => true,
                Err(reach) => {
                    self.no_close = inside.saturating_add(reach);
                    false
                }
            };
        if closes {
            self.eat("$[");
            let word = self.word(Mode::Subscript);
            self.eat("]");
            let span = self.span(start, self.pos);
            builder.part(
                self,
                Part::Arithmetic(Arithmetic {
                    span,
                    bracket: true,
                    parts: word.parts,
                }),
            );
        } else {
            self.advance(1);
            builder.text("$", start, self.pos);
        }
        self.leave();
    }

    /// A word from here to a place.
    pub(super) fn word_to(&mut self, end: usize) -> Word {
        let end = end.min(self.end);
        let before = std::mem::replace(&mut self.end, end);
        let word = self.word(Mode::Rest);
        self.end = before;
        word
    }
}
