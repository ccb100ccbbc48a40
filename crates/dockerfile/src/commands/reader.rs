//! Reads what a script starts: behind `sudo` and `env`, and in scripts that it hands to shells.

use super::{Argument, Call, Tail, Via};
use crate::ast::Command;
use crate::shell::{self, Enclosure, Part, Seen, SimpleCommand, Word};
use crate::span::Span;

/// How deep scripts in arguments of shells are followed: `sh -c "sh -c '…'"`.
const MAX_NESTING: usize = 4;

/// What an instruction starts.
#[must_use]
pub fn calls(text: &str, command: &Command) -> Vec<Call> {
    let mut found = Vec::new();
    match command {
        Command::Exec(tokens) => {
            let words: Vec<Word> = tokens
                .iter()
                .map(|token| Word {
                    span: token.span,
                    parts: vec![Part::Literal {
                        span: token.span,
                        text: token.text.clone(),
                        escaped: false,
                    }],
                })
                .collect();
            let command = SimpleCommand {
                span: words
                    .iter()
                    .map(|word| word.span)
                    .reduce(Span::to)
                    .unwrap_or_default(),
                words,
                ..SimpleCommand::default()
            };
            let mut reader = Reader {
                text,
                place: &|span| span,
                found: &mut found,
                is_json: true,
                depth: 0,
            };
            reader.simple(&command, Via::Direct, None);
        }
        Command::Shell(form) if form.interpreter.is_posix() => {
            let mut reader = Reader {
                text: form.text.text(),
                place: &|span| form.span(span),
                found: &mut found,
                is_json: false,
                depth: 0,
            };
            for seen in form.script.commands() {
                let tail = reader.tail(&seen, form.is_heredoc);
                reader.simple(seen.command, Via::Direct, tail);
            }
        }
        Command::Shell(_) => {}
    }
    found
}

/// Collects the calls of a script.
struct Reader<'r> {
    /// What was parsed.
    text: &'r str,
    /// Where a stretch of that stands in the file.
    place: &'r dyn Fn(Span) -> Span,
    found: &'r mut Vec<Call>,
    is_json: bool,
    depth: usize,
}

impl Reader<'_> {
    /// The and-or list at the top in which a command stands.
    fn tail(&self, seen: &Seen<'_>, in_heredoc: bool) -> Option<Tail> {
        if seen.function().is_some() {
            return None;
        }
        let top = seen
            .scopes()
            .last()
            .map_or(&seen.place, |scope| &scope.place);
        let is_coprocess = seen
            .scopes()
            .any(|scope| matches!(scope.enclosure, Enclosure::Coprocess));
        if top.is_background() || is_coprocess {
            return None;
        }
        let last = top.and_or.links.last()?;
        let command = last.pipeline.commands.last()?;
        Some(Tail {
            last: (self.place)(last.pipeline.span).start,
            end: (self.place)(command.span()).end,
            in_heredoc,
        })
    }

    fn simple(&mut self, command: &SimpleCommand, via: Via, tail: Option<Tail>) {
        let outer = command.invocation();
        let effective = outer.effective();
        let inner = effective.invocation;
        let (Some(name), Some(program)) = (inner.words.first(), inner.program()) else {
            return;
        };
        let arguments: Vec<Argument> = inner
            .args()
            .iter()
            .map(|word| Argument {
                text: outline(word),
                span: (self.place)(word.span),
            })
            .collect();
        let name = (self.place)(name.span);
        let span = arguments.last().map_or(name, |last| name.to(last.span));
        let skipped = outer.words.len().saturating_sub(inner.words.len());
        let wrapped = outer.words.iter().take(skipped).filter_map(|word| {
            let text = outline(word);
            let (name, value) = text.split_once('=')?;
            (!name.starts_with('-')).then(|| (name.to_owned(), value.to_owned()))
        });
        let assigned = command.assignments.iter().filter_map(|assignment| {
            let value = assignment.word()?;
            Some((assignment.name.clone(), outline(value)))
        });
        self.found.push(Call {
            program: program.to_owned(),
            name,
            span,
            via: match via {
                Via::Direct if !effective.wrappers.is_empty() => Via::Wrapped,
                Via::Direct if inner.name() != Some(program) => Via::Path,
                via => via,
            },
            assigned: assigned.chain(wrapped).collect(),
            arguments,
            tail,
            is_json: self.is_json,
        });
        if self.depth < MAX_NESTING {
            self.nested(command, inner);
        }
    }

    /// What is started by a script that is an argument or the input of a shell.
    fn nested(&mut self, command: &SimpleCommand, inner: shell::Invocation<'_>) {
        if let Some(script) = inner.inner_script(self.text) {
            let mut reader = Reader {
                text: self.text,
                place: self.place,
                found: &mut *self.found,
                is_json: false,
                depth: self.depth.saturating_add(1),
            };
            for seen in script.script.commands() {
                reader.simple(seen.command, Via::Nested, None);
            }
            return;
        }
        let is_shell = inner.runs_any(&["sh", "bash", "dash", "ash", "ksh", "zsh"]);
        if !is_shell
            || inner
                .args()
                .iter()
                .any(|word| !word.outline().starts_with('-'))
        {
            return;
        }
        let documents = command.redirections.iter();
        let Some(document) = documents.filter_map(|it| it.here_document()).next_back() else {
            return;
        };
        let text = document.span.of(self.text);
        let script = shell::parse(text);
        let place = |span: Span| {
            let start = document.span.start;
            (self.place)(Span::new(
                span.start.saturating_add(start),
                span.end.saturating_add(start),
            ))
        };
        let mut reader = Reader {
            text,
            place: &place,
            found: &mut *self.found,
            is_json: false,
            depth: self.depth.saturating_add(1),
        };
        for seen in script.commands() {
            reader.simple(seen.command, Via::Nested, None);
        }
    }
}

fn outline(word: &Word) -> String {
    match word.literal() {
        Some(text) => text.into_owned(),
        None => word.outline(),
    }
}
