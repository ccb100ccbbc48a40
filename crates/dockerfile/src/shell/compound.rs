//! Compound commands, and the conditions of `[[ … ]]`.

use super::ast::{Arm, ArmEnd, Branch, Command, Compound, CompoundKind, Condition, Function, List};
use super::cursor::Parser;
use super::expansion::Mode;
use super::parser::name_of;
use super::word::Word;

/// What follows `for` and `select`.
struct Header {
    name: String,
    name_span: crate::Span,
    words: Option<Vec<Word>>,
}

impl Parser<'_> {
    /// A command that begins with a bracket or a keyword; `None` where the keyword begins none, and then
    /// nothing was read.
    pub(super) fn compound(&mut self, word: Option<&'static str>) -> Option<Command> {
        let start = self.pos;
        let kind = match word {
            None => self.brackets(),
            Some("{") => self.group(),
            Some("if") => self.if_command(),
            Some("for") => self.for_command(),
            Some("while") => self.while_command("while"),
            Some("until") => self.while_command("until"),
            Some("case") => self.case_command(),
            Some("select") => {
                self.eat("select");
                let header = self.loop_header();
                CompoundKind::Select {
                    body: self.loop_body(),
                    name: header.name,
                    name_span: header.name_span,
                    words: header.words,
                }
            }
            Some("[[") => self.test_command(),
            Some("coproc") => self.coprocess(),
            Some("function") => return Some(self.function_command()),
            Some(_) => return None,
        };
        let redirections = self.redirections();
        Some(Command::Compound(Compound {
            span: self.span(start, self.pos),
            kind,
            redirections,
        }))
    }

    /// `( … )` or `(( … ))`
    fn brackets(&mut self) -> CompoundKind {
        let open = self.pos;
        if let Some(arithmetic) = self.arithmetic("((") {
            return CompoundKind::Arithmetic(arithmetic);
        }
        self.eat("(");
        let list = self.list_to_bracket(open, "(");
        if list.items.is_empty() {
            self.unexpected_before();
        }
        CompoundKind::Subshell(list)
    }

    /// The bracket that was just read came too early.
    fn unexpected_before(&mut self) {
        let behind = self.pos;
        self.pos = behind.saturating_sub(1);
        if self.raw() == Some(b')') {
            self.unexpected();
        }
        self.pos = behind;
    }

    fn group(&mut self) -> CompoundKind {
        let open = self.pos;
        self.eat("{");
        let list = self.filled_list();
        self.close(open, "{", "}");
        CompoundKind::Group(list)
    }

    /// Reads what closes a compound command, or tells that it is missing or never comes.
    fn close(&mut self, open: usize, what: &str, word: &str) {
        if self.keyword(word) {
            return;
        }
        match self.peek() {
            None => self.unclosed(open, what),
            Some(_) => self.missing(word),
        }
    }

    fn if_command(&mut self) -> CompoundKind {
        let open = self.pos;
        self.eat("if");
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.filled_list();
            let found = self.expect("then");
            let body = if found {
                self.filled_list()
            } else {
                List::default()
            };
            branches.push(Branch { condition, body });
            if !self.keyword("elif") {
                break;
            }
        }
        if self.keyword("else") {
            otherwise = Some(self.filled_list());
        }
        self.close(open, "if", "fi");
        CompoundKind::If {
            branches,
            otherwise,
        }
    }

    fn while_command(&mut self, word: &str) -> CompoundKind {
        self.eat(word);
        let condition = self.filled_list();
        CompoundKind::While {
            until: word == "until",
            condition,
            body: self.loop_body(),
        }
    }

    /// `do … done`, or `{ … }` as bash takes it too.
    fn loop_body(&mut self) -> List {
        let open = self.pos;
        if self.keyword("{") {
            let list = self.filled_list();
            self.close(open, "{", "}");
            return list;
        }
        if !self.expect("do") {
            // So that the rest of a loop without `do` is not read as commands beside it.
            let list = if self.at_end_of_list() {
                List::default()
            } else {
                self.list()
            };
            self.keyword("done");
            return list;
        }
        let list = self.filled_list();
        self.close(open, "do", "done");
        list
    }

    fn for_command(&mut self) -> CompoundKind {
        self.eat("for");
        self.skip_blanks();
        if self.looking_at("((").is_some() {
            let Some(header) = self.arithmetic("((") else {
                self.unexpected();
                self.advance(2);
                return CompoundKind::Group(List::default());
            };
            self.skip_blanks();
            if self.peek() == Some(b';') && self.second() != Some(b';') {
                self.advance(1);
            }
            self.linebreak();
            return CompoundKind::ForArithmetic {
                header,
                body: self.loop_body(),
            };
        }
        let header = self.loop_header();
        CompoundKind::For {
            body: self.loop_body(),
            name: header.name,
            name_span: header.name_span,
            words: header.words,
        }
    }

    fn loop_header(&mut self) -> Header {
        self.skip_blanks();
        let at_word = self.peek().is_some_and(|byte| !Self::is_meta(byte));
        let (name, name_span) = if at_word {
            let word = self.word(Mode::Normal);
            (name_of(&word), word.span)
        } else {
            self.missing_word();
            (String::new(), self.span(self.pos, self.pos))
        };
        self.linebreak();
        let mut words = None;
        if self.keyword("in") {
            let mut list = Vec::new();
            loop {
                self.skip_blanks();
                match self.peek() {
                    Some(b'<' | b'>') if self.second() == Some(b'(') => {}
                    Some(byte) if !Self::is_meta(byte) => {}
                    _ => break,
                }
                list.push(self.word(Mode::Normal));
            }
            words = Some(list);
            if !matches!(self.peek(), Some(b';' | b'\n') | None) {
                self.unexpected();
            }
        }
        if self.peek() == Some(b';') && self.second() != Some(b';') {
            self.advance(1);
        }
        self.linebreak();
        Header {
            name,
            name_span,
            words,
        }
    }

    fn case_command(&mut self) -> CompoundKind {
        let open = self.pos;
        self.eat("case");
        self.skip_blanks();
        let subject = self.operand();
        self.linebreak();
        let mut arms = Vec::new();
        if self.expect("in") {
            loop {
                self.linebreak();
                if self.peek().is_none() || self.reserved() == Some("esac") {
                    break;
                }
                let (before, known) = (self.pos, self.errors.len());
                arms.push(self.arm());
                if self.pos == before || self.errors.len() > known && self.at_stray_closer() {
                    break;
                }
            }
        }
        self.close(open, "case", "esac");
        CompoundKind::Case { subject, arms }
    }

    /// Whether something comes next that can only close what stands around the `case`.
    fn at_stray_closer(&mut self) -> bool {
        self.peek() == Some(b')')
            || self
                .reserved()
                .is_some_and(|word| matches!(word, "fi" | "done" | "}" | "then" | "else" | "elif"))
    }

    fn arm(&mut self) -> Arm {
        let start = self.pos;
        self.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            patterns.push(self.operand());
            self.skip_blanks();
            if self.looking_at("||").is_some() || !self.eat("|") {
                break;
            }
        }
        if !self.eat(")") {
            self.missing(")");
        }
        let mut body = self.list();
        // What only a broken arm leaves standing is told of and left out, so that the next arm is found.
        while self.peek().is_some()
            && !matches!(self.peek(), Some(b';'))
            && self.reserved() != Some("esac")
            && !self.at_stray_closer()
        {
            self.stray();
            let more = self.list();
            body.span = body.span.to(more.span);
            body.items.extend(more.items);
        }
        let end = if self.eat(";;&") {
            ArmEnd::TestNext
        } else if self.eat(";;") {
            ArmEnd::Break
        } else if self.eat(";&") {
            ArmEnd::FallThrough
        } else {
            if self.peek().is_some() && self.reserved() != Some("esac") {
                self.missing(";;");
            }
            ArmEnd::Break
        };
        Arm {
            span: self.span(start, self.pos),
            patterns,
            body,
            end,
        }
    }

    /// A word that must stand here.
    fn operand(&mut self) -> Word {
        let process = matches!(self.peek(), Some(b'<' | b'>')) && self.second() == Some(b'(');
        match self.peek() {
            Some(byte) if !Self::is_meta(byte) || process => self.word(Mode::Normal),
            _ => {
                self.missing_word();
                Word {
                    span: self.span(self.pos, self.pos),
                    parts: Vec::new(),
                }
            }
        }
    }

    fn function_command(&mut self) -> Command {
        let start = self.pos;
        self.eat("function");
        self.skip_blanks();
        let name = self.operand();
        self.skip_blanks();
        let mark = self.mark();
        if self.eat("(") {
            self.skip_blanks();
            if !self.eat(")") {
                self.back_to(mark);
            }
        }
        let body = self.function_body(true);
        Command::Function(Function {
            span: self.span(start, self.pos),
            name: name_of(&name),
            name_span: name.span,
            keyword: true,
            body,
        })
    }

    fn coprocess(&mut self) -> CompoundKind {
        self.eat("coproc");
        self.skip_blanks();
        let mark = self.mark();
        let mut name = None;
        let plain = self.peek().is_some_and(|byte| !Self::is_meta(byte));
        if plain && self.reserved().is_none() {
            let word = self.word(Mode::Normal);
            self.skip_blanks();
            let compound = self.peek() == Some(b'(') && self.second() != Some(b')')
                || self.reserved().is_some_and(|next| {
                    matches!(
                        next,
                        "{" | "if" | "for" | "while" | "until" | "case" | "select" | "[["
                    )
                });
            if compound {
                name = Some(name_of(&word));
            } else {
                self.back_to(mark);
            }
        }
        let Some(command) = self.command() else {
            self.unexpected();
            return CompoundKind::Group(List::default());
        };
        CompoundKind::Coprocess {
            name,
            command: Box::new(command),
        }
    }

    fn test_command(&mut self) -> CompoundKind {
        let open = self.pos;
        self.eat("[[");
        let condition = self.any_of();
        self.linebreak();
        if self.at_test_end() {
            self.eat("]]");
        } else if self.peek().is_none() {
            self.unclosed(open, "[[");
        } else {
            self.unexpected();
            while self
                .peek()
                .is_some_and(|byte| byte != b'\n' && byte != b';')
            {
                if self.at_test_end() {
                    self.eat("]]");
                    break;
                }
                if self.peek().is_some_and(Self::is_meta) {
                    self.advance(1);
                } else {
                    self.word(Mode::Normal);
                }
            }
        }
        CompoundKind::Test(condition.map(Box::new))
    }

    fn at_test_end(&mut self) -> bool {
        self.looking_at("]]")
            .is_some_and(|at| self.byte_at(at).is_none_or(Self::is_meta))
    }

    fn any_of(&mut self) -> Option<Condition> {
        let mut all = vec![self.all_of()?];
        while self.test_operator("||") {
            all.push(self.all_of()?);
        }
        Some(match all.len() {
            1 => all.pop()?,
            _ => Condition::Any(all),
        })
    }

    fn all_of(&mut self) -> Option<Condition> {
        let mut all = vec![self.term()?];
        while self.test_operator("&&") {
            all.push(self.term()?);
        }
        Some(match all.len() {
            1 => all.pop()?,
            _ => Condition::All(all),
        })
    }

    fn test_operator(&mut self, operator: &str) -> bool {
        self.linebreak();
        self.eat(operator)
    }

    fn term(&mut self) -> Option<Condition> {
        if !self.enter() {
            return None;
        }
        let term = self.term_inside();
        self.leave();
        term
    }

    fn term_inside(&mut self) -> Option<Condition> {
        self.linebreak();
        if self.reserved() == Some("!") {
            self.eat("!");
            return Some(Condition::Not(Box::new(self.term()?)));
        }
        if self.peek() == Some(b'(') {
            let open = self.pos;
            self.advance(1);
            let inner = self.any_of()?;
            self.linebreak();
            if !self.eat(")") {
                self.unclosed(open, "(");
            }
            return Some(Condition::Group(Box::new(inner)));
        }
        if self.at_test_end() {
            self.unexpected();
            return None;
        }
        let left = self.test_word(Mode::Normal)?;
        self.skip_blanks();
        if let Some(operator) = left.text().filter(|text| is_unary(text)).map(str::to_owned)
            && !self.at_test_end()
            && !self.at_binary()
            && let Some(operand) = self.test_word_if_any()
        {
            return Some(Condition::Unary { operator, operand });
        }
        let Some(operator) = self.binary_operator() else {
            return Some(Condition::Word(left));
        };
        self.skip_blanks();
        let mode = if operator == "=~" {
            Mode::Regex
        } else {
            Mode::Normal
        };
        let right = self.test_word(mode)?;
        Some(Condition::Binary {
            left,
            operator,
            right,
        })
    }

    fn test_word_if_any(&mut self) -> Option<Word> {
        match self.peek() {
            Some(byte) if !Self::is_meta(byte) => self.test_word(Mode::Normal),
            Some(b'<' | b'>') if self.second() == Some(b'(') => self.test_word(Mode::Normal),
            _ => None,
        }
    }

    fn test_word(&mut self, mode: Mode) -> Option<Word> {
        let process = matches!(self.peek(), Some(b'<' | b'>')) && self.second() == Some(b'(');
        let regex = mode == Mode::Regex && self.peek() == Some(b'(');
        match self.peek() {
            Some(byte) if !Self::is_meta(byte) || process || regex => Some(self.word(mode)),
            _ => {
                self.unexpected();
                None
            }
        }
    }

    fn at_binary(&mut self) -> bool {
        let mark = self.mark();
        let found = self.binary_operator().is_some();
        self.back_to(mark);
        found
    }

    fn binary_operator(&mut self) -> Option<String> {
        const WORDS: &[&str] = &[
            "=~", "==", "!=", "=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
        ];
        match self.peek()? {
            byte @ (b'<' | b'>') if self.second() != Some(b'(') => {
                self.advance(1);
                Some(char::from(byte).to_string())
            }
            _ => {
                let (word, at) = WORDS.iter().find_map(|word| {
                    let at = self.looking_at(word)?;
                    self.byte_at(at)
                        .is_none_or(Self::is_meta)
                        .then_some((*word, at))
                })?;
                self.burn(word.len());
                self.pos = at;
                Some(word.to_owned())
            }
        }
    }
}

/// Whether it is an operator of one operand (bash, "Bash Conditional Expressions").
fn is_unary(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', letter] if b"abcdefghknoprstuvwxzGLNORS".contains(letter))
}
