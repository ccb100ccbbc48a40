//! One instruction: keyword, flags, arguments.

use std::cell::Cell;

use plimsoll_model::Text;

use super::lines::Logical;
use super::{json_strings, token, words};
use crate::ast::{
    Command, Flag, From, Heredoc, Instruction, Interpreter, Kind, Pair, ParseError, ShellForm,
    Token, Transfer,
};
use crate::shell;
use crate::span::{Joined, Span};

/// How many bytes of scripts are parsed in a file. Linux hands no argument of more than 128 KiB to a shell; what is
/// parsed takes up to three hundred times as much memory.
pub(crate) const MAX_SCRIPTS: usize = 4 * 1024 * 1024;

/// What an instruction is read in.
pub(crate) struct Surroundings<'a> {
    pub(crate) text: &'a str,
    pub(crate) escape: char,
    pub(crate) interpreter: &'a Interpreter,
    /// Bytes of scripts that may still be parsed.
    pub(crate) budget: &'a Cell<usize>,
}

/// Whether an instruction may have heredocs.
pub(crate) fn takes_heredocs(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let mut keyword = words.next().unwrap_or_default();
    if keyword.eq_ignore_ascii_case("ONBUILD") {
        keyword = words.next().unwrap_or_default();
    }
    ["RUN", "COPY", "ADD"]
        .iter()
        .any(|name| keyword.eq_ignore_ascii_case(name))
}

/// Reads an instruction.
pub(crate) fn read(
    surroundings: &Surroundings<'_>,
    line: Logical,
    heredocs: Vec<Heredoc>,
    errors: &mut Vec<ParseError>,
) -> Instruction {
    let mut reader = Reader {
        surroundings,
        joined: line.joined,
        at: 0,
        span: line.span,
        errors,
    };
    let mut instruction = reader.instruction(heredocs, 0);
    instruction.empty_continuations = line.empty;
    instruction
}

struct Reader<'a, 'e> {
    surroundings: &'a Surroundings<'a>,
    joined: Joined,
    at: usize,
    span: Span,
    errors: &'e mut Vec<ParseError>,
}

impl Reader<'_, '_> {
    fn rest(&self) -> &str {
        self.joined.text().get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let space = rest.len().saturating_sub(rest.trim_start().len());
        self.at = self.at.saturating_add(space);
    }

    fn error(&mut self, span: Span, message: Text) {
        self.errors.push(ParseError { span, message });
    }

    fn keyword(&mut self) -> Token {
        self.skip_space();
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let start = self.at;
        self.at = start.saturating_add(length);
        token(&self.joined, Span::new(start, self.at))
    }

    /// Flags before the arguments; a lone `--` ends them.
    fn flags(&mut self) -> Vec<Flag> {
        let mut found = Vec::new();
        loop {
            self.skip_space();
            let rest = self.rest();
            if !rest.starts_with("--") {
                return found;
            }
            let length = first_word(rest, self.surroundings.escape);
            let span = Span::new(self.at, self.at.saturating_add(length));
            self.at = span.end;
            let text = span.of(self.joined.text());
            if text == "--" {
                return found;
            }
            let name = text.trim_start_matches('-');
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value.len())),
                None => (name, None),
            };
            let name = name.to_ascii_lowercase();
            let value = value.map(|length| {
                let span = Span::new(span.end.saturating_sub(length), span.end);
                let raw = token(&self.joined, span);
                Token {
                    text: raw.unquoted(self.surroundings.escape),
                    ..raw
                }
            });
            found.push(Flag {
                span: self.joined.span(span),
                name,
                value,
            });
        }
    }

    fn instruction(&mut self, heredocs: Vec<Heredoc>, depth: u32) -> Instruction {
        let keyword = self.keyword();
        let name = keyword.text.to_ascii_uppercase();
        let flags = if name == "ONBUILD" {
            Vec::new()
        } else {
            self.flags()
        };
        self.skip_space();
        let whole = self.joined.text();
        let end = whole.trim_end().len().max(self.at);
        let arguments = self.joined.part(Span::new(self.at, end));
        let span = Span::new(keyword.span.start, self.span.end);
        if arguments.text().is_empty() && name != "RUN" {
            self.error(
                keyword.span,
                Text::new(
                    format!("`{name}` needs an argument"),
                    format!("`{name}` 需要参数"),
                ),
            );
        }
        let kind = self.kind(&name, &keyword, &arguments, &heredocs, depth);
        Instruction {
            span,
            keyword,
            flags,
            arguments,
            heredocs,
            empty_continuations: Vec::new(),
            kind,
        }
    }

    fn kind(
        &mut self,
        name: &str,
        keyword: &Token,
        arguments: &Joined,
        heredocs: &[Heredoc],
        depth: u32,
    ) -> Kind {
        match name {
            "FROM" => Kind::From(self.from(arguments)),
            "RUN" => Kind::Run(self.command(arguments, heredocs)),
            "CMD" => Kind::Cmd(self.command(arguments, &[])),
            "ENTRYPOINT" => Kind::Entrypoint(self.command(arguments, &[])),
            "HEALTHCHECK" => self.healthcheck(arguments),
            "SHELL" => self.shell(arguments),
            "COPY" => Kind::Copy(self.transfer(arguments)),
            "ADD" => Kind::Add(self.transfer(arguments)),
            "ARG" => Kind::Arg(self.args(arguments)),
            "ENV" => Kind::Env(self.pairs(arguments)),
            "LABEL" => Kind::Label(self.pairs(arguments)),
            "EXPOSE" => Kind::Expose(self.words(arguments)),
            "VOLUME" => Kind::Volume(self.list(arguments)),
            "USER" => Kind::User(whole(arguments)),
            "WORKDIR" => Kind::Workdir(whole(arguments)),
            "STOPSIGNAL" => Kind::Stopsignal(whole(arguments)),
            "MAINTAINER" => Kind::Maintainer(whole(arguments)),
            "ONBUILD" if depth > 0 => Kind::Onbuild(None),
            "ONBUILD" if arguments.text().is_empty() => Kind::Onbuild(None),
            "ONBUILD" => Kind::Onbuild(Some(Box::new(
                self.instruction(heredocs.to_vec(), depth.saturating_add(1)),
            ))),
            _ => {
                let written: String = keyword.text.chars().take(40).collect();
                self.error(
                    keyword.span,
                    Text::new(
                        format!("`{written}` is no instruction"),
                        format!("`{written}` 不是有效指令"),
                    ),
                );
                Kind::Unknown
            }
        }
    }

    fn words(&self, arguments: &Joined) -> Vec<Token> {
        words(arguments.text(), self.surroundings.escape)
            .into_iter()
            .map(|span| token(arguments, span))
            .collect()
    }

    /// Words, or the strings of a JSON array.
    fn list(&self, arguments: &Joined) -> Vec<Token> {
        json_tokens(arguments).unwrap_or_else(|| self.words(arguments))
    }

    fn from(&mut self, arguments: &Joined) -> From {
        let mut words = self.words(arguments).into_iter();
        let image = words.next().unwrap_or_default();
        let keyword = words.next();
        let name = words.next();
        let is_as = keyword
            .as_ref()
            .is_none_or(|word| word.text.eq_ignore_ascii_case("as"));
        if !is_as || keyword.is_some() != name.is_some() || words.next().is_some() {
            self.error(
                arguments.span(Span::new(0, arguments.text().len())),
                Text::fixed(
                    "`FROM` takes an image, or an image, `AS` and a name",
                    "`FROM` 的参数应为镜像,或镜像加 `AS` 与名称",
                ),
            );
        }
        From {
            image,
            keyword: keyword.filter(|_| is_as),
            name: name.filter(|_| is_as),
        }
    }

    fn command(&mut self, arguments: &Joined, heredocs: &[Heredoc]) -> Command {
        if let Some(tokens) = json_tokens(arguments) {
            return Command::Exec(tokens);
        }
        let source = self.surroundings.text;
        let mut interpreter = self.surroundings.interpreter.clone();
        let mut is_heredoc = false;
        let text = match heredocs {
            [] => arguments.clone(),
            [only] if arguments.span(Span::new(0, arguments.text().len())) == only.opening => {
                is_heredoc = true;
                let mut text = Joined::default();
                push_lines(&mut text, source, only.body, only.strips_tabs);
                if let Some(program) = shebang(text.text()) {
                    interpreter = Interpreter::of(program);
                }
                text
            }
            _ => {
                let mut text = arguments.clone();
                let start = heredocs
                    .first()
                    .map_or(self.span.end, |first| first.body.start);
                // From the line break before the first body to the line that ends the last one.
                push_lines(
                    &mut text,
                    source,
                    Span::new(start.saturating_sub(1), self.span.end),
                    false,
                );
                text
            }
        };
        let script = if interpreter.is_posix() {
            self.script(text.text())
        } else {
            shell::Script::default()
        };
        Command::Shell(Box::new(ShellForm {
            text,
            script,
            interpreter,
            is_heredoc,
        }))
    }

    /// Parses a script, unless the file has used up its budget.
    fn script(&mut self, text: &str) -> shell::Script {
        let budget = self.surroundings.budget;
        if let Some(left) = budget.get().checked_sub(text.len()) {
            budget.set(left);
            return shell::parse(text);
        }
        self.error(
            self.span,
            Text::new(
                format!("all scripts of a file are at most {MAX_SCRIPTS} bytes long; this one is not read"),
                format!("文件中所有脚本合计最多 {MAX_SCRIPTS} 字节;此脚本未读取"),
            ),
        );
        shell::Script::default()
    }

    fn healthcheck(&mut self, arguments: &Joined) -> Kind {
        let text = arguments.text();
        let length = text.find(char::is_whitespace).unwrap_or(text.len());
        let kind = text.get(..length).unwrap_or_default();
        if kind.eq_ignore_ascii_case("NONE") {
            return Kind::Healthcheck(None);
        }
        if kind.eq_ignore_ascii_case("CMD") {
            let rest = text.get(length..).unwrap_or_default();
            let space = rest.len().saturating_sub(rest.trim_start().len());
            let start = length.saturating_add(space);
            let command = arguments.part(Span::new(start, text.len()));
            return Kind::Healthcheck(Some(self.command(&command, &[])));
        }
        if !text.is_empty() {
            self.error(
                arguments.span(Span::new(0, length)),
                Text::fixed(
                    "`HEALTHCHECK` takes `CMD` or `NONE`",
                    "`HEALTHCHECK` 后应为 `CMD` 或 `NONE`",
                ),
            );
        }
        Kind::Healthcheck(None)
    }

    fn shell(&mut self, arguments: &Joined) -> Kind {
        match json_tokens(arguments) {
            Some(tokens) if !tokens.is_empty() => Kind::Shell(tokens),
            _ => {
                self.error(
                    arguments.span(Span::new(0, arguments.text().len())),
                    Text::fixed(
                        "`SHELL` takes a JSON array of strings",
                        "`SHELL` 的参数必须是由字符串组成的 JSON 数组",
                    ),
                );
                Kind::Shell(Vec::new())
            }
        }
    }

    fn transfer(&mut self, arguments: &Joined) -> Transfer {
        let json = json_tokens(arguments);
        let is_json = json.is_some();
        let mut all = json.unwrap_or_else(|| self.words(arguments));
        if all.len() < 2 && !arguments.text().is_empty() {
            self.error(
                arguments.span(Span::new(0, arguments.text().len())),
                Text::fixed(
                    "there has to be a source and a target",
                    "必须同时给出源和目标",
                ),
            );
        }
        let target = all.pop().unwrap_or_default();
        Transfer {
            sources: all,
            target,
            is_json,
        }
    }

    fn args(&mut self, arguments: &Joined) -> Vec<Pair> {
        let mut found = Vec::new();
        for span in words(arguments.text(), self.surroundings.escape) {
            found.push(pair(arguments, span));
        }
        found
    }

    /// Pairs of `ENV` and `LABEL`: `name=value …`, or `name value`.
    fn pairs(&mut self, arguments: &Joined) -> Vec<Pair> {
        let text = arguments.text();
        let all = words(text, self.surroundings.escape);
        let Some(first) = all.first() else {
            return Vec::new();
        };
        if !first.of(text).contains('=') {
            let rest = text.get(first.end..).unwrap_or_default();
            let space = rest.len().saturating_sub(rest.trim_start().len());
            let start = first.end.saturating_add(space);
            let value = Span::new(start, text.len());
            if value.is_empty() {
                self.error(
                    arguments.span(*first),
                    Text::fixed("the name has no value", "该名称没有值"),
                );
            }
            return vec![Pair {
                span: arguments.span(Span::new(first.start, text.len())),
                name: token(arguments, *first),
                value: (!value.is_empty()).then(|| token(arguments, value)),
                is_legacy: true,
            }];
        }
        let mut found = Vec::new();
        for span in all {
            let pair = pair(arguments, span);
            if pair.value.is_none() {
                self.error(
                    pair.span,
                    Text::fixed("there is no `=` in this pair", "此项缺少 `=`"),
                );
            }
            found.push(pair);
        }
        found
    }
}

fn pair(arguments: &Joined, span: Span) -> Pair {
    let text = span.of(arguments.text());
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => {
            let start = span.end.saturating_sub(value.len());
            (name, Some(token(arguments, Span::new(start, span.end))))
        }
        None => (text, None),
    };
    let end = span.start.saturating_add(name.len());
    Pair {
        span: arguments.span(span),
        name: token(arguments, Span::new(span.start, end)),
        value,
        is_legacy: false,
    }
}

fn whole(arguments: &Joined) -> Token {
    token(arguments, Span::new(0, arguments.text().len()))
}

fn json_tokens(arguments: &Joined) -> Option<Vec<Token>> {
    let strings = json_strings(arguments.text())?;
    let tokens = strings.into_iter().map(|(span, text)| Token {
        span: arguments.span(span),
        text,
    });
    Some(tokens.collect())
}

/// Length of the first word, quotes and escapes counted.
fn first_word(text: &str, escape: char) -> usize {
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            None if c.is_whitespace() => return at,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            Some(open) if open == c => quote = None,
            Some('\'') => {}
            _ if c == escape => {
                chars.next();
            }
            _ => {}
        }
    }
    text.len()
}

/// Adds lines without the carriage returns of `\r\n`, and without leading tabs where a heredoc cuts them.
fn push_lines(joined: &mut Joined, source: &str, span: Span, strips_tabs: bool) {
    let mut start = span.start;
    for line in span.of(source).split_inclusive('\n') {
        let tabs = if strips_tabs {
            line.len()
                .saturating_sub(line.trim_start_matches('\t').len())
        } else {
            0
        };
        let end = start.saturating_add(line.len());
        match line.strip_suffix("\r\n") {
            Some(text) => {
                let first = start.saturating_add(tabs);
                joined.push(source, Span::new(first, start.saturating_add(text.len())));
                joined.push(source, Span::new(end.saturating_sub(1), end));
            }
            None => joined.push(source, Span::new(start.saturating_add(tabs), end)),
        }
        start = end;
    }
}

/// The program that the first line names: `bash` of `#!/usr/bin/env bash`.
fn shebang(text: &str) -> Option<&str> {
    let line = text.lines().next()?.strip_prefix("#!")?;
    let mut words = line.split_whitespace();
    let program = words.next()?;
    if program.rsplit('/').next() == Some("env") {
        return words.find(|word| !word.starts_with('-'));
    }
    Some(program)
}
