//! Lists, pipelines and simple commands.

use super::ast::{
    AndOr, Assignment, Command, Connector, ErrorKind, Function, Link, List, Pipe, Pipeline,
    Redirection, RedirectionOperator, SimpleCommand, Terminator, Value,
};
use super::cursor::Parser;
use super::expansion::Mode;
use super::word::{Part, Word};
use plimsoll_model::Text;

/// How far ahead the end of a subscript is looked for.
const SUBSCRIPT: usize = 250;

/// Words that end a list.
const CLOSERS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// All words that mean something where a command begins.
const RESERVED: &[&str] = &[
    "!", "{", "}", "[[", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for",
    "function", "if", "in", "select", "then", "time", "until", "while",
];

/// Operators of redirection, a longer one before the shorter that begins like it.
const REDIRECTIONS: &[(&str, RedirectionOperator)] = &[
    ("<<<", RedirectionOperator::HereString),
    ("<<-", RedirectionOperator::HereDocumentTabs),
    ("<<", RedirectionOperator::HereDocument),
    ("<&", RedirectionOperator::DuplicateInput),
    ("<>", RedirectionOperator::ReadWrite),
    ("<", RedirectionOperator::Input),
    (">>", RedirectionOperator::Append),
    (">&", RedirectionOperator::DuplicateOutput),
    (">|", RedirectionOperator::Clobber),
    (">", RedirectionOperator::Output),
    ("&>>", RedirectionOperator::AppendOutputAndError),
    ("&>", RedirectionOperator::OutputAndError),
];

impl Parser<'_> {
    /// All of the text.
    pub(super) fn script(&mut self) -> List {
        let mut all = self.list();
        while self.peek().is_some() {
            self.stray();
            let more = self.list();
            all.span = all.span.to(more.span);
            all.items.extend(more.items);
        }
        self.here_documents();
        all
    }

    /// Reads what has no place where a command begins, and tells of it.
    pub(super) fn stray(&mut self) {
        self.unexpected();
        if let Some(word) = self.reserved() {
            self.eat(word);
            return;
        }
        let operators = [";;&", ";;", ";&", "&&", "||", "|&"];
        if !operators.iter().any(|operator| self.eat(operator)) {
            self.advance_char();
        }
    }

    /// Commands up to a bracket, which is read.
    pub(super) fn list_to_bracket(&mut self, open: usize, what: &str) -> List {
        let mut all = self.list();
        loop {
            match self.peek() {
                Some(b')') => {
                    self.advance(1);
                    return all;
                }
                None => {
                    self.unclosed(open, what);
                    return all;
                }
                Some(_) => {
                    self.stray();
                    let more = self.list();
                    all.span = all.span.to(more.span);
                    all.items.extend(more.items);
                }
            }
        }
    }

    /// The word that means something where a command begins, if one comes next.
    pub(super) fn reserved(&mut self) -> Option<&'static str> {
        let first = self.peek()?;
        let behind = RESERVED
            .iter()
            .filter(|word| word.as_bytes().first() == Some(&first))
            .find_map(|word| {
                Some((*word, self.looking_at(word)?)).filter(|(_, at)| self.delimited(*at))
            });
        behind.map(|(word, _)| word)
    }

    /// Whether a word ends at a place.
    fn delimited(&self, at: usize) -> bool {
        match self.byte_at(at) {
            None => true,
            Some(b'\\') => {
                self.byte_at(at.saturating_add(1)) == Some(b'\n')
                    && self.byte_at(at.saturating_add(2)).is_none_or(Self::is_meta)
            }
            Some(byte) => Self::is_meta(byte),
        }
    }

    /// Reads this word, if it comes next and where it means something.
    pub(super) fn keyword(&mut self, word: &str) -> bool {
        self.skip_blanks();
        self.reserved() == Some(word) && self.eat(word)
    }

    /// Reads this word, or tells that it is missing.
    pub(super) fn expect(&mut self, word: &str) -> bool {
        let found = self.keyword(word);
        if !found {
            self.missing(word);
        }
        found
    }

    /// Whether a list ends here.
    pub(super) fn at_end_of_list(&mut self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.second(), Some(b';' | b'&')),
            Some(_) => self.reserved().is_some_and(|word| CLOSERS.contains(&word)),
        }
    }

    /// Commands up to what closes them, which is not read.
    pub(super) fn list(&mut self) -> List {
        self.linebreak();
        let start = self.pos;
        let mut items = Vec::new();
        let mut end = start;
        loop {
            self.linebreak();
            if self.at_end_of_list() {
                break;
            }
            if let Some(item) = self.and_or() {
                items.push(item);
            }
            end = self.pos;
        }
        List {
            span: self.span(start, end),
            items,
        }
    }

    /// A list in which something must stand.
    pub(super) fn filled_list(&mut self) -> List {
        let list = self.list();
        if list.items.is_empty() {
            self.unexpected();
        }
        list
    }

    fn and_or(&mut self) -> Option<AndOr> {
        let start = self.pos;
        let Some(first) = self.pipeline() else {
            // An operator, or a word such as `in`.
            self.stray();
            return None;
        };
        let mut links = vec![Link {
            connector: None,
            pipeline: first,
        }];
        let mut end = self.pos;
        loop {
            self.skip_blanks();
            let connector = if self.eat("&&") {
                Connector::And
            } else if self.eat("||") {
                Connector::Or
            } else {
                break;
            };
            self.linebreak();
            let Some(pipeline) = self.pipeline() else {
                self.unexpected();
                break;
            };
            end = self.pos;
            links.push(Link {
                connector: Some(connector),
                pipeline,
            });
        }
        let span = self.span(start, end);
        let terminator = self.terminator();
        Some(AndOr {
            span,
            links,
            terminator,
        })
    }

    fn terminator(&mut self) -> Terminator {
        self.skip_blanks();
        if self.at_end_of_list() {
            return Terminator::None;
        }
        match self.peek() {
            Some(b';') => {
                self.advance(1);
                Terminator::Semicolon
            }
            Some(b'&') if self.second() != Some(b'&') => {
                self.advance(1);
                Terminator::Background
            }
            Some(b'\n') => {
                self.newline();
                Terminator::Newline
            }
            _ => {
                self.unexpected();
                self.recover();
                Terminator::None
            }
        }
    }

    /// Goes on behind the next separator.
    fn recover(&mut self) {
        let mut open = 0_usize;
        loop {
            self.skip_blanks();
            match self.peek() {
                None => return,
                Some(b'\n') => {
                    self.newline();
                    return;
                }
                Some(b';') => {
                    if !self.at_end_of_list() {
                        self.advance(1);
                    }
                    return;
                }
                Some(b'(') => {
                    open = open.saturating_add(1);
                    self.advance(1);
                }
                Some(b')') => {
                    let Some(rest) = open.checked_sub(1) else {
                        return;
                    };
                    open = rest;
                    self.advance(1);
                }
                Some(b'&' | b'|' | b'<' | b'>') => self.advance(1),
                Some(_) => {
                    self.word(Mode::Normal);
                }
            }
        }
    }

    /// `None` where no command begins, and then nothing was read.
    fn pipeline(&mut self) -> Option<Pipeline> {
        self.skip_blanks();
        let start = self.pos;
        let (mut negated, mut timed) = (false, false);
        let mut prefixed = false;
        loop {
            self.skip_blanks();
            if self.keyword("!") {
                negated = !negated;
            } else if self.at_time() {
                self.time();
                timed = true;
            } else {
                break;
            }
            prefixed = true;
        }
        let mut commands = Vec::new();
        let mut pipes = Vec::new();
        let mut end = self.pos;
        match self.command() {
            Some(command) => {
                end = self.pos;
                commands.push(command);
            }
            None if prefixed => {}
            None => return None,
        }
        loop {
            self.skip_blanks();
            if commands.is_empty() || self.looking_at("||").is_some() {
                break;
            }
            let pipe = if self.eat("|&") {
                Pipe::OutputAndError
            } else if self.eat("|") {
                Pipe::Output
            } else {
                break;
            };
            self.linebreak();
            while self.reserved() == Some("!") {
                self.stray();
                self.skip_blanks();
            }
            let Some(command) = self.command() else {
                self.unexpected();
                break;
            };
            end = self.pos;
            pipes.push(pipe);
            commands.push(command);
        }
        Some(Pipeline {
            span: self.span(start, end),
            negated,
            timed,
            commands,
            pipes,
        })
    }

    /// Whether the keyword `time` comes next. Before other options than `-p` it is the program.
    fn at_time(&mut self) -> bool {
        if self.reserved() != Some("time") {
            return false;
        }
        let mark = self.mark();
        self.eat("time");
        self.skip_blanks();
        let keyword = self.peek() != Some(b'-')
            || ["-p", "--"]
                .iter()
                .any(|option| self.looking_at(option).is_some_and(|at| self.delimited(at)));
        self.back_to(mark);
        keyword
    }

    fn time(&mut self) {
        self.eat("time");
        for option in ["-p", "--"] {
            self.skip_blanks();
            if self.looking_at(option).is_some_and(|at| self.delimited(at)) {
                self.eat(option);
            }
        }
    }

    /// A command of any kind; `None` where none begins.
    pub(super) fn command(&mut self) -> Option<Command> {
        self.skip_blanks();
        let first = self.peek()?;
        if !self.enter() {
            return None;
        }
        let command = match self.reserved() {
            Some("time" | "in") | None if first != b'(' => self.simple_or_function(),
            word => self.compound(word),
        };
        self.leave();
        command
    }

    fn simple_or_function(&mut self) -> Option<Command> {
        let start = self.pos;
        let mut command = SimpleCommand::default();
        let mut end = start;
        loop {
            self.skip_blanks();
            if let Some(redirection) = self.redirection() {
                command.redirections.push(redirection);
            } else {
                match self.peek() {
                    None | Some(b'\n' | b';' | b'&' | b'|' | b')') => break,
                    Some(b'(') => {
                        if let Some(function) = self.function_behind(start, &command) {
                            return Some(function);
                        }
                        break;
                    }
                    Some(_) => self.assignment_or_word(&mut command),
                }
            }
            if self.pos == end {
                break;
            }
            end = self.pos;
        }
        if end == start {
            return None;
        }
        command.span = self.span(start, end);
        Some(Command::Simple(command))
    }

    fn assignment_or_word(&mut self, command: &mut SimpleCommand) {
        if command.words.is_empty()
            && let Some(assignment) = self.assignment()
        {
            command.assignments.push(assignment);
            return;
        }
        let start = self.pos;
        let mut word = self.word(Mode::Normal);
        if self.raw() == Some(b'(') && declares(command) && ends_with_equals(&word) {
            let open = self.pos;
            let items = self.array();
            let span = self.span(open, self.pos);
            word.parts.push(Part::Array { span, items });
            word.span = self.span(start, self.pos);
        }
        command.words.push(word);
    }

    /// `name ( ) body`, where the name has been read.
    fn function_behind(&mut self, start: usize, command: &SimpleCommand) -> Option<Command> {
        let [name] = command.words.as_slice() else {
            return None;
        };
        if !command.assignments.is_empty() || !command.redirections.is_empty() {
            return None;
        }
        let mark = self.mark();
        self.eat("(");
        self.skip_blanks();
        if !self.eat(")") {
            self.back_to(mark);
            return None;
        }
        let (name_span, name) = (name.span, name_of(name));
        let body = self.function_body(false);
        Some(Command::Function(Function {
            span: self.span(start, self.pos),
            name,
            name_span,
            keyword: false,
            body,
        }))
    }

    /// What a function does. Only dash takes a simple command, and not behind the word `function`.
    pub(super) fn function_body(&mut self, compound: bool) -> Option<Box<Command>> {
        self.linebreak();
        let start = self.pos;
        let body = self.command();
        if body.is_none() {
            self.unexpected();
        } else if compound && matches!(body, Some(Command::Simple(_))) {
            let behind = std::mem::replace(&mut self.pos, start);
            self.unexpected();
            self.pos = behind;
        }
        body.map(Box::new)
    }

    /// Redirections behind a compound command.
    pub(super) fn redirections(&mut self) -> Vec<Redirection> {
        let mut all = Vec::new();
        loop {
            self.skip_blanks();
            match self.redirection() {
                Some(redirection) => all.push(redirection),
                None => return all,
            }
        }
    }

    fn redirection(&mut self) -> Option<Redirection> {
        let first = self.peek()?;
        let start = self.pos;
        let mark = self.mark();
        let descriptor = match first {
            b'0'..=b'9' => self.number_before_angle(),
            b'{' => self.name_before_angle(),
            _ => None,
        };
        let descriptor_end = self.pos;
        let operator = match self.peek() {
            Some(b'&') if descriptor.is_some() => None,
            Some(b'<' | b'>') if self.second() == Some(b'(') => None,
            Some(b'<' | b'>' | b'&') => REDIRECTIONS
                .iter()
                .find(|(text, _)| self.eat(text))
                .map(|(_, operator)| *operator),
            _ => None,
        };
        let Some(operator) = operator else {
            self.back_to(mark);
            return None;
        };
        self.skip_blanks();
        let (target, body) = match operator {
            RedirectionOperator::HereDocument | RedirectionOperator::HereDocumentTabs => {
                self.delimiter(operator == RedirectionOperator::HereDocumentTabs)
            }
            _ => (self.target(), None),
        };
        Some(Redirection {
            span: self.span(start, self.pos),
            descriptor: descriptor.map(|()| self.slice(start, descriptor_end).replace("\\\n", "")),
            operator,
            target,
            body,
        })
    }

    fn target(&mut self) -> Word {
        let process = matches!(self.peek(), Some(b'<' | b'>')) && self.second() == Some(b'(');
        match self.peek() {
            Some(byte) if !Self::is_meta(byte) || process => self.word(Mode::Normal),
            _ => {
                self.unexpected();
                Word {
                    span: self.span(self.pos, self.pos),
                    parts: Vec::new(),
                }
            }
        }
    }

    /// Digits directly before `<` or `>`.
    fn number_before_angle(&mut self) -> Option<()> {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.advance(1);
        }
        matches!(self.peek(), Some(b'<' | b'>')).then_some(())
    }

    /// `{name}` directly before `<` or `>`.
    fn name_before_angle(&mut self) -> Option<()> {
        self.eat("{");
        self.identifier()?;
        (self.eat("}") && matches!(self.peek(), Some(b'<' | b'>'))).then_some(())
    }

    /// A name of a variable.
    pub(super) fn identifier(&mut self) -> Option<String> {
        let mut name = String::new();
        while let Some(byte) = self.peek() {
            let fits = byte == b'_'
                || byte.is_ascii_alphabetic()
                || (byte.is_ascii_digit() && !name.is_empty());
            if !fits {
                break;
            }
            name.push(char::from(byte));
            self.advance(1);
        }
        (!name.is_empty()).then_some(name)
    }

    fn assignment(&mut self) -> Option<Assignment> {
        let mark = self.mark();
        let start = self.pos;
        let name = self.identifier()?;
        let name_end = self.pos;
        let subscript = if self.peek() == Some(b'[') {
            let Some(word) = self.subscript_before_equals() else {
                self.back_to(mark);
                return None;
            };
            Some(word)
        } else {
            None
        };
        let append = self.looking_at("+=").is_some() && self.eat("+");
        if !self.eat("=") {
            self.back_to(mark);
            return None;
        }
        let value = if self.peek() == Some(b'(') {
            Value::Array(self.array())
        } else {
            Value::Scalar(self.word(Mode::Assignment))
        };
        Some(Assignment {
            span: self.span(start, self.pos),
            name,
            name_span: self.span(start, name_end),
            subscript,
            append,
            value,
        })
    }

    /// `[…]` where `=` or `+=` follows.
    fn subscript_before_equals(&mut self) -> Option<Word> {
        let open = self.pos;
        let mut depth = 0_usize;
        let mut close = None;
        let mut quote = None;
        let window = self.slice(open, self.end).bytes().take(SUBSCRIPT);
        for (index, byte) in window.enumerate() {
            match (quote, byte) {
                (_, b'\n') => break,
                (Some(mark), _) => quote = Some(mark).filter(|mark| *mark != byte),
                (None, b'\'' | b'"') => quote = Some(byte),
                (None, b'[') => depth = depth.saturating_add(1),
                (None, b']') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        close = Some(open.saturating_add(index));
                        break;
                    }
                }
                _ => {}
            }
        }
        let close = close?;
        let behind = close.saturating_add(1);
        let equals = match self.byte_at(behind) {
            Some(b'+') => self.byte_at(behind.saturating_add(1)),
            other => other,
        };
        if equals != Some(b'=') {
            return None;
        }
        self.pos = open.saturating_add(1);
        let word = self.word_to(close);
        self.pos = behind;
        Some(word)
    }

    /// `(a b c)`
    fn array(&mut self) -> Vec<Word> {
        let open = self.pos;
        self.eat("(");
        let mut items = Vec::new();
        loop {
            self.linebreak();
            match self.peek() {
                None => {
                    self.unclosed(open, "(");
                    return items;
                }
                Some(b')') => {
                    self.advance(1);
                    return items;
                }
                Some(b'<' | b'>') if self.second() == Some(b'(') => {
                    items.push(self.word(Mode::Normal));
                }
                Some(byte) if Self::is_meta(byte) => {
                    self.unexpected();
                    self.advance(1);
                }
                Some(_) => {
                    let item = self.word(Mode::Normal);
                    items.push(item);
                }
            }
        }
    }

    /// Tells that a word or command of a compound command is missing.
    pub(super) fn missing_word(&mut self) {
        self.error(
            ErrorKind::Missing,
            Text::fixed("A word is missing here", "此处缺少一个词"),
        );
    }
}

/// A word as the name of something.
pub(super) fn name_of(word: &Word) -> String {
    word.literal()
        .map_or_else(|| word.outline(), std::borrow::Cow::into_owned)
}

/// Whether the command takes assignments as arguments, arrays too.
fn declares(command: &SimpleCommand) -> bool {
    command
        .words
        .iter()
        .map(|word| word.text())
        .find(|name| !matches!(name, Some("builtin" | "command")))
        .flatten()
        .is_some_and(|name| {
            matches!(
                name,
                "declare" | "typeset" | "local" | "export" | "readonly" | "eval" | "alias"
            )
        })
}

fn ends_with_equals(word: &Word) -> bool {
    matches!(word.parts.last(), Some(Part::Literal { text, .. }) if text.ends_with('='))
}
