//! The parser: reads a Dockerfile as `BuildKit` does, keeps every place, and never fails.

mod instruction;
mod lines;

use std::cell::Cell;
use std::collections::HashMap;

use crate::ast::{Dockerfile, Instruction, Interpreter, Kind, ParseError, Stage, Token};
use crate::span::{Lines, Span};
use crate::variables::Variables;
use instruction::Surroundings;
use lines::Reader;
use plimsoll_model::Text;

/// How many instructions of a file are read. No image may have more than 127 layers; a hostile file of line breaks
/// would fill the memory.
const MAX_INSTRUCTIONS: usize = 100_000;

/// How many errors of a file are told one by one.
const MAX_ERRORS: usize = 1000;

/// Reads a Dockerfile. What cannot be read is an error beside what can.
#[must_use]
pub fn parse(text: &str) -> Dockerfile {
    let mut reader = Reader::new(text);
    let directives = reader.directives();
    let escape = reader.escape;
    let mut errors = Vec::new();
    let mut instructions: Vec<Instruction> = Vec::new();
    let mut shells = Shells::new(escape);
    let mut comments_seen = 0;
    let budget = Cell::new(instruction::MAX_SCRIPTS);
    while let Some(mut line) = reader.logical() {
        for comment in reader.comments.iter().skip(comments_seen) {
            shells.pragma(&comment.text);
        }
        comments_seen = reader.comments.len();
        let opens = instruction::takes_heredocs(line.joined.text());
        let (heredocs, unended) = if opens {
            reader.heredocs(&mut line)
        } else {
            (Vec::new(), None)
        };
        if let Some(name) = unended {
            errors.push(ParseError {
                span: heredocs.last().map_or(line.span, |heredoc| heredoc.opening),
                message: Text::new(
                    format!("no line `{name}` ends this heredoc"),
                    format!("没有以 `{name}` 结束此 heredoc 的行"),
                ),
            });
        }
        let surroundings = Surroundings {
            text,
            escape,
            interpreter: &shells.current,
            budget: &budget,
        };
        let found = instruction::read(&surroundings, line, heredocs, &mut errors);
        shells.after(&found);
        let span = found.span;
        instructions.push(found);
        if instructions.len() >= MAX_INSTRUCTIONS {
            errors.push(ParseError {
                span,
                message: Text::new(
                    format!("a file has at most {MAX_INSTRUCTIONS} instructions; what follows is not read"),
                    format!("文件最多包含 {MAX_INSTRUCTIONS} 条指令;其后的内容未读取"),
                ),
            });
            break;
        }
    }
    if errors.len() > MAX_ERRORS {
        let more = errors.split_off(MAX_ERRORS).len();
        errors.push(ParseError {
            span: Span::new(text.len(), text.len()),
            message: Text::new(
                format!("{more} more errors are not shown"),
                format!("另有 {more} 个错误未显示"),
            ),
        });
    }
    let stages = stages(&instructions, escape);
    let variables = Variables::of(&instructions, &stages, escape);
    if instructions.is_empty() {
        errors.push(ParseError {
            span: Span::new(0, text.len().min(1)),
            message: Text::fixed("there is no instruction in it", "文件中没有任何指令"),
        });
    }
    Dockerfile {
        text: text.to_owned(),
        lines: Lines::of(text),
        escape,
        directives,
        comments: reader.comments,
        instructions,
        stages,
        errors,
        variables,
    }
}

/// Which shell reads the next `RUN`.
struct Shells {
    /// The shell where nothing says another.
    default: Interpreter,
    current: Interpreter,
    /// The last shell of each named stage.
    named: HashMap<String, Interpreter>,
    name: Option<String>,
}

impl Shells {
    fn new(escape: char) -> Self {
        // Only files for Windows escape with a backtick.
        let default = match escape {
            '`' => Interpreter::Other("cmd".to_owned()),
            _ => Interpreter::Sh,
        };
        Self {
            current: default.clone(),
            default,
            named: HashMap::new(),
            name: None,
        }
    }

    /// `# hadolint shell=bash` says which shell the image has where no `SHELL` does.
    fn pragma(&mut self, comment: &str) {
        let words = comment.trim().strip_prefix("hadolint");
        let shell = words.and_then(|rest| rest.trim().strip_prefix("shell"));
        if let Some(shell) = shell.and_then(|rest| rest.trim().strip_prefix('=')) {
            let shell = shell.split_whitespace().next().unwrap_or_default();
            self.current = Interpreter::of(shell);
        }
    }

    fn after(&mut self, instruction: &Instruction) {
        match &instruction.kind {
            Kind::Shell(words) => {
                if let Some(program) = words.first() {
                    self.current = Interpreter::of(&program.text);
                }
            }
            Kind::From(from) => {
                if let Some(name) = self.name.take() {
                    self.named.insert(name, self.current.clone());
                }
                let image = from.image.text.to_ascii_lowercase();
                let parent = self.named.get(&image);
                let platform = instruction.flag("platform").map_or("", |flag| flag.value());
                let is_windows = platform.starts_with("windows")
                    || [
                        "windows/servercore",
                        "windows/nanoserver",
                        "mcr.microsoft.com/windows",
                    ]
                    .iter()
                    .any(|name| image.contains(name));
                self.current = match parent {
                    Some(shell) => shell.clone(),
                    None if is_windows => Interpreter::Other("cmd".to_owned()),
                    None => self.default.clone(),
                };
                self.name = from
                    .name
                    .as_ref()
                    .map(|name| name.text.to_ascii_lowercase());
            }
            _ => {}
        }
    }
}

fn stages(instructions: &[Instruction], escape: char) -> Vec<Stage> {
    // `FROM ${BASE}` may name a stage as well; only what stands before the first `FROM` is known there.
    let is_from = |instruction: &Instruction| matches!(instruction.kind, Kind::From(_));
    let first = instructions.iter().position(is_from).unwrap_or_default();
    let globals = Variables::of(instructions.get(..first).unwrap_or_default(), &[], escape);
    let mut stages: Vec<Stage> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for (index, instruction) in instructions.iter().enumerate() {
        let Kind::From(from) = &instruction.kind else {
            if let Some(stage) = stages.last_mut() {
                stage.instructions.end = index.saturating_add(1);
            }
            continue;
        };
        let image = globals.expand(None, index, &from.image, escape).text;
        let parent = names.get(&image.to_ascii_lowercase()).copied();
        if let Some(name) = &from.name {
            names.insert(name.text.to_ascii_lowercase(), stages.len());
        }
        stages.push(Stage {
            from: index,
            instructions: index..index.saturating_add(1),
            name: from.name.clone(),
            parent,
        });
    }
    stages
}

/// The words of a text, with their quotes: separated by space that is neither quoted nor escaped.
pub(crate) fn words(text: &str, escape: char) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            if let Some(start) = start.take() {
                found.push(Span::new(start, at));
            }
            continue;
        }
        start.get_or_insert(at);
        match quote {
            None if matches!(c, '\'' | '"') => quote = Some(c),
            Some(open) if open == c => quote = None,
            Some('\'') => {}
            _ if c == escape => {
                chars.next();
            }
            _ => {}
        }
    }
    if let Some(start) = start {
        found.push(Span::new(start, text.len()));
    }
    found
}

/// The strings of a JSON array of strings that is the whole text; `None` where it is not one.
pub(crate) fn json_strings(text: &str) -> Option<Vec<(Span, String)>> {
    let skip = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let space = rest
            .len()
            .saturating_sub(rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
        at.saturating_add(space)
    };
    let peek = |at: usize| text.as_bytes().get(at).copied();
    let mut at = skip(0);
    if peek(at) != Some(b'[') {
        return None;
    }
    at = skip(at.saturating_add(1));
    let mut found = Vec::new();
    if peek(at) == Some(b']') {
        return (skip(at.saturating_add(1)) == text.len()).then_some(found);
    }
    loop {
        let start = at;
        if peek(at) != Some(b'"') {
            return None;
        }
        at = at.saturating_add(1);
        loop {
            match peek(at)? {
                b'"' => break,
                b'\\' => at = at.saturating_add(2),
                _ => at = at.saturating_add(1),
            }
        }
        at = at.saturating_add(1);
        let span = Span::new(start, at);
        found.push((span, json_string(span.of(text))?));
        at = skip(at);
        match peek(at)? {
            b',' => at = skip(at.saturating_add(1)),
            b']' => break,
            _ => return None,
        }
    }
    (skip(at.saturating_add(1)) == text.len()).then_some(found)
}

/// The value of a JSON string with its quotes.
fn json_string(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        if c != '\\' {
            if (c as u32) < 0x20 {
                return None;
            }
            out.push(c);
            continue;
        }
        match chars.next()? {
            c @ ('"' | '\\' | '/') => out.push(c),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let mut code = 0_u32;
                for _ in 0..4 {
                    let digit = chars.next()?.to_digit(16)?;
                    code = code.checked_mul(16)?.checked_add(digit)?;
                }
                match (high.take(), code) {
                    (_, 0xd800..=0xdbff) => high = Some(code),
                    (Some(first), 0xdc00..=0xdfff) => {
                        let first = first.saturating_sub(0xd800).saturating_mul(0x400);
                        let code = first.saturating_add(code.saturating_sub(0xdc00));
                        out.extend(char::from_u32(code.saturating_add(0x10000)));
                    }
                    (_, code) => out.push(char::from_u32(code).unwrap_or('\u{fffd}')),
                }
            }
            _ => return None,
        }
    }
    Some(out)
}

/// A token of a logical line's text.
pub(crate) fn token(joined: &crate::span::Joined, span: Span) -> Token {
    Token {
        span: joined.span(span),
        text: span.of(joined.text()).to_owned(),
    }
}

#[cfg(test)]
mod tests;
