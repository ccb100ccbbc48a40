//! `ARG` and `ENV`: what is known where, and the substitution of variables in words
//! (Dockerfile reference, "Environment replacement").

use std::collections::HashMap;

use crate::ast::{Instruction, Kind, Stage, Token};
use crate::span::Span;

/// A value longer than this is taken as unknown: doubling `ENV A=$A$A` thirty times would fill the memory.
const MAX_VALUE: usize = 4 * 1024;

/// How deep substitutions may be nested: `${A:-${B:-…}}`.
const MAX_DEPTH: u32 = 16;

/// How many stages are asked for a variable that a stage inherits.
const MAX_PARENTS: usize = 64;

/// Arguments that the builder sets for `FROM`, and in a stage that declares them ("Automatic platform ARGs").
pub const PLATFORM: &[&str] = &[
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETSTAGE",
];

/// Arguments that need no declaration ("Predefined ARGs").
pub const PREDEFINED: &[&str] = &[
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// What is known of a variable at some place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Its value.
    Known(String),
    /// It is declared, and whoever builds says what it is.
    Open,
    /// Nothing declares it.
    Undeclared,
}

/// A declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Declared {
    /// The instruction; it holds behind it.
    index: usize,
    /// The value; `None` where only the build says it.
    value: Option<String>,
    /// Whether it is from `ENV`, which no `ARG` overrides.
    is_env: bool,
}

type Table = HashMap<String, Vec<Declared>>;

/// What variables are known where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variables {
    globals: Table,
    stages: Vec<Table>,
    parents: Vec<Option<usize>>,
}

impl Variables {
    /// Reads the declarations of a file.
    pub(crate) fn of(instructions: &[Instruction], stages: &[Stage], escape: char) -> Self {
        let mut all = Self {
            parents: stages.iter().map(|stage| stage.parent).collect(),
            ..Self::default()
        };
        let before = stages
            .first()
            .map_or(instructions.len(), |stage| stage.from);
        for (index, instruction) in instructions.iter().enumerate().take(before) {
            all.declare(None, index, instruction, escape);
        }
        for (number, stage) in stages.iter().enumerate() {
            all.stages.push(Table::new());
            for index in stage.instructions.clone() {
                if let Some(instruction) = instructions.get(index) {
                    all.declare(Some(number), index, instruction, escape);
                }
            }
        }
        all
    }

    fn declare(
        &mut self,
        stage: Option<usize>,
        index: usize,
        instruction: &Instruction,
        escape: char,
    ) {
        let (pairs, is_env) = match &instruction.kind {
            Kind::Arg(pairs) => (pairs, false),
            Kind::Env(pairs) => (pairs, true),
            _ => return,
        };
        for pair in pairs {
            let name = unquote(&pair.name.text, escape);
            // A variable of the same `ENV` has its old value; one of the same `ARG` its new one.
            let at = if is_env {
                index
            } else {
                index.saturating_add(1)
            };
            let value = match &pair.value {
                Some(value) => {
                    let expanded = expand(&value.text, escape, |name| self.at(stage, at, name));
                    expanded.known.then_some(expanded.text)
                }
                // `ARG NAME` in a stage has the value of the global one.
                None if stage.is_some() => match Self::last(&self.globals, usize::MAX, &name) {
                    Some(global) => global.value.clone(),
                    None => None,
                },
                None => None,
            };
            let declared = Declared {
                index,
                value,
                is_env,
            };
            let table = match stage {
                None => Some(&mut self.globals),
                Some(stage) => self.stages.get_mut(stage),
            };
            if let Some(table) = table {
                table.entry(name).or_default().push(declared);
            }
        }
    }

    /// The declaration that holds at an instruction: the last `ENV` before it, else the last `ARG`.
    fn last<'a>(table: &'a Table, index: usize, name: &str) -> Option<&'a Declared> {
        let all = table.get(name)?;
        let behind = all.partition_point(|declared| declared.index < index);
        let before = all.get(..behind)?;
        // Only few look further back than one: a name that is declared a thousand times is of one kind.
        let env = before
            .iter()
            .rev()
            .take(64)
            .find(|declared| declared.is_env);
        env.or_else(|| before.last())
    }

    /// What is known of a variable in an instruction of a stage, or of the part before the first `FROM`.
    /// `FROM` itself sees only the global arguments: it has no stage for this purpose.
    #[must_use]
    pub fn at(&self, stage: Option<usize>, index: usize, name: &str) -> Value {
        let found = |declared: &Declared| match &declared.value {
            Some(value) => Value::Known(value.clone()),
            None => Value::Open,
        };
        let Some(stage) = stage else {
            return match Self::last(&self.globals, index, name) {
                Some(declared) => found(declared),
                None if PLATFORM.contains(&name) => Value::Open,
                None => Value::Undeclared,
            };
        };
        let (mut next, mut index) = (Some(stage), index);
        for _ in 0..MAX_PARENTS {
            let Some(stage) = next else { break };
            let table = self.stages.get(stage);
            if let Some(declared) = table.and_then(|table| Self::last(table, index, name)) {
                return found(declared);
            }
            next = self.parents.get(stage).copied().flatten();
            index = usize::MAX;
        }
        if PREDEFINED.contains(&name) {
            Value::Open
        } else {
            Value::Undeclared
        }
    }

    /// Whether a global `ARG` of that name stands before the first `FROM`.
    #[must_use]
    pub fn is_global(&self, name: &str) -> bool {
        self.globals.contains_key(name)
    }

    /// A word with the values that hold at an instruction; see [`Variables::at`] for `stage`.
    #[must_use]
    pub fn expand(
        &self,
        stage: Option<usize>,
        index: usize,
        word: &Token,
        escape: char,
    ) -> Expanded {
        expand(&word.text, escape, |name| self.at(stage, index, name))
    }
}

/// A variable in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its name.
    pub name: String,
    /// From the dollar to its end, in the text of the word.
    pub span: Span,
    /// What stands behind the name in braces: `:-`, `:+`, `:?`, `-`, `+`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`.
    pub operator: Option<String>,
    /// What was known of it.
    pub value: Value,
}

/// A word in which variables are replaced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expanded {
    /// The text without quotes; a variable that is not known stands as it is written.
    pub text: String,
    /// Whether every variable was known.
    pub known: bool,
    /// The variables, in order.
    pub uses: Vec<Use>,
}

/// A word without quotes and escapes, variables as they are written.
#[must_use]
pub fn unquote(text: &str, escape: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            (None, _) if c == escape => out.extend(chars.next()),
            (Some('"'), _) if c == escape => match chars.peek() {
                Some(next) if matches!(next, '"' | '$') || *next == escape => {
                    out.extend(chars.next());
                }
                _ => out.push(c),
            },
            _ => out.push(c),
        }
    }
    out
}

/// A word in which variables are replaced by what `value` knows of them.
#[must_use]
pub fn expand(text: &str, escape: char, mut value: impl FnMut(&str) -> Value) -> Expanded {
    let mut reader = Reader {
        text,
        at: 0,
        escape,
        value: &mut value,
        uses: Vec::new(),
        known: true,
    };
    let mut out = String::new();
    reader.word(&mut out, None, 0);
    if out.len() > MAX_VALUE {
        reader.known = false;
        out = text.chars().take(256).collect();
    }
    Expanded {
        text: out,
        known: reader.known,
        uses: reader.uses,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    escape: char,
    value: &'a mut dyn FnMut(&str) -> Value,
    uses: Vec<Use>,
    known: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(c.len_utf8());
        Some(c)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(text));
        if found {
            self.at = self.at.saturating_add(text.len());
        }
        found
    }

    /// Reads to the end, or to the character that ends an operand.
    fn word(&mut self, out: &mut String, until: Option<char>, depth: u32) {
        let mut in_double = false;
        while let Some(c) = self.peek() {
            if !in_double && Some(c) == until {
                return;
            }
            let start = self.at;
            self.next();
            match c {
                '\'' if !in_double => {
                    while let Some(c) = self.next() {
                        if c == '\'' {
                            break;
                        }
                        out.push(c);
                    }
                }
                '"' => in_double = !in_double,
                '$' => self.variable(out, start, depth),
                _ if c == self.escape => match self.peek() {
                    Some(next)
                        if !in_double || matches!(next, '"' | '$') || next == self.escape =>
                    {
                        self.next();
                        out.push(next);
                    }
                    _ => out.push(c),
                },
                _ => out.push(c),
            }
            if out.len() > MAX_VALUE {
                self.known = false;
                return;
            }
        }
    }

    fn name(&mut self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let first = rest.chars().next();
        let name: String = match first {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect(),
            Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => c.to_string(),
            _ => String::new(),
        };
        self.at = self.at.saturating_add(name.len());
        name
    }

    /// Reads what stands behind a dollar.
    fn variable(&mut self, out: &mut String, start: usize, depth: u32) {
        let in_braces = self.take("{");
        let name = self.name();
        if name.is_empty() {
            if in_braces {
                self.known = false;
            }
            let written = self.text.get(start..self.at).unwrap_or_default();
            out.push_str(written);
            return;
        }
        let mut operator = None;
        let mut operand = String::new();
        let before = self.uses.len();
        if in_braces && !self.take("}") {
            const OPERATORS: [&str; 12] = [
                ":-", ":+", ":?", "##", "%%", "//", "-", "+", "?", "#", "%", "/",
            ];
            operator = OPERATORS.into_iter().find(|text| self.take(text));
            if operator.is_none() || depth >= MAX_DEPTH {
                self.known = false;
                self.at = self.text.len();
                out.push_str(self.text.get(start..).unwrap_or_default());
                return;
            }
            let known = self.known;
            self.word(&mut operand, Some('}'), depth.saturating_add(1));
            self.take("}");
            // A default that is not taken may be unknown.
            if let (Some(":-" | "-"), Value::Known(value)) = (operator, (self.value)(&name))
                && !value.is_empty()
            {
                self.known = known;
            }
        }
        let value = (self.value)(&name);
        let span = Span::new(start, self.at);
        if let Some(text) = apply(&value, operator, &operand) {
            out.push_str(&text);
        } else {
            self.known = false;
            out.push_str(span.of(self.text));
        }
        let found = Use {
            name,
            span,
            operator: operator.map(str::to_owned),
            value,
        };
        self.uses.insert(before.min(self.uses.len()), found);
    }
}

/// What a variable with an operator stands for; `None` where that cannot be known.
fn apply(value: &Value, operator: Option<&str>, operand: &str) -> Option<String> {
    let known = match value {
        Value::Known(value) => Some(value.as_str()),
        Value::Open | Value::Undeclared => None,
    };
    let is_absent = *value == Value::Undeclared;
    match operator {
        None | Some(":?" | "?") => known.map(str::to_owned),
        // The build may set an open variable; without its word, the default holds.
        Some(":-") => match known {
            Some("") | None => Some(operand.to_owned()),
            Some(value) => Some(value.to_owned()),
        },
        Some("-") => Some(known.unwrap_or(operand).to_owned()),
        Some(plus @ (":+" | "+")) => match known {
            Some("") if plus == ":+" => Some(String::new()),
            Some(_) => Some(operand.to_owned()),
            None => is_absent.then(String::new),
        },
        Some(cut @ ("#" | "##" | "%" | "%%")) => known.and_then(|value| trim(value, cut, operand)),
        Some(replace) => {
            let (pattern, with) = operand.split_once('/').unwrap_or((operand, ""));
            if pattern.is_empty() || pattern.contains(['*', '?', '[', '\\']) {
                return None;
            }
            known.map(|value| match replace {
                "//" => value.replace(pattern, with),
                _ => value.replacen(pattern, with, 1),
            })
        }
    }
}

/// `${value#pattern}` and its kin for patterns of literals and `*`; `None` for others.
fn trim(value: &str, cut: &str, pattern: &str) -> Option<String> {
    if pattern.contains(['?', '[', '\\']) || value.len() > 1024 || pattern.len() > 256 {
        return None;
    }
    let ends = value.char_indices().map(|(at, _)| at).chain([value.len()]);
    let found = match cut {
        "#" => ends.clone().find(|at| matches(value.get(..*at), pattern)),
        "##" => ends.clone().rfind(|at| matches(value.get(..*at), pattern)),
        "%" => ends.clone().rfind(|at| matches(value.get(*at..), pattern)),
        _ => ends.clone().find(|at| matches(value.get(*at..), pattern)),
    };
    let kept = match (found, cut) {
        (None, _) => Some(value),
        (Some(at), "#" | "##") => value.get(at..),
        (Some(at), _) => value.get(..at),
    };
    kept.map(str::to_owned)
}

/// Whether a text is of a pattern in which `*` stands for anything.
fn matches(text: Option<&str>, pattern: &str) -> bool {
    let Some(mut text) = text else { return false };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(rest) = text.strip_prefix(first) else {
        return false;
    };
    text = rest;
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return text.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        match text.find(part) {
            Some(at) => {
                text = text
                    .get(at.saturating_add(part.len())..)
                    .unwrap_or_default();
            }
            None => return false,
        }
    }
    true
}
