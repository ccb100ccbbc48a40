//! What is known of the values of variables within one script.

use std::collections::HashMap;

use super::{DECLARATIONS, assigned_name};
use crate::Span;
use crate::shell::{Command, CompoundKind, Enclosure, Part, Place, Script, Visitor, Word};

/// A value that a variable gets.
#[derive(Debug)]
struct Assigned {
    at: usize,
    /// Where it holds, if it is lost behind a subshell.
    within: Option<Span>,
    /// Whether it is one word whatever happens: without blanks and globs, and not empty.
    one_word: bool,
}

/// The values that variables get.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    assigned: HashMap<&'a str, Vec<Assigned>>,
}

impl<'a> Known<'a> {
    /// Reads a script.
    pub(super) fn of(script: &'a Script) -> Self {
        let mut known = Self::default();
        script.visit(&mut known);
        known
    }

    /// Whether a variable has one word as its value at a place, so that nothing is split.
    pub(super) fn is_one_word(&self, name: &str, at: usize) -> bool {
        let Some(all) = self.assigned.get(name) else {
            return false;
        };
        let mut holding = all
            .iter()
            .take_while(|one| one.at < at)
            .filter(|one| {
                one.within
                    .is_none_or(|span| span.start <= at && at < span.end)
            })
            .peekable();
        holding.peek().is_some() && holding.all(|one| one.one_word)
    }

    fn add(&mut self, name: &'a str, span: Span, place: &Place<'a>, one_word: bool) {
        self.assigned.entry(name).or_default().push(Assigned {
            at: span.end,
            within: lost_behind(place),
            one_word,
        });
    }

    fn value(&self, parts: &[Part], at: usize) -> bool {
        !parts.is_empty() && parts.iter().all(|part| self.is_safe(part, at))
    }

    fn is_safe(&self, part: &Part, at: usize) -> bool {
        match part {
            Part::Literal { text, .. } | Part::SingleQuoted { text, .. } => {
                !text.contains(|c: char| c.is_whitespace() || matches!(c, '*' | '?' | '['))
            }
            Part::DoubleQuoted { parts, .. } => self.value(parts, at),
            Part::Parameter(parameter) => {
                !parameter.length
                    && parameter.operator.is_none()
                    && (matches!(parameter.name.as_str(), "#" | "?" | "$" | "!")
                        || self.is_one_word(&parameter.name, at))
            }
            Part::Arithmetic(_) | Part::Tilde { .. } => true,
            _ => false,
        }
    }
}

/// What an assignment is lost behind.
fn lost_behind(place: &Place<'_>) -> Option<Span> {
    if place.pipeline.commands.len() > 1 {
        return place
            .pipeline
            .commands
            .get(place.stage)
            .map(crate::shell::Command::span);
    }
    if place.is_background() {
        return Some(place.and_or.span);
    }
    place
        .scopes()
        .find(|scope| {
            matches!(
                scope.enclosure,
                Enclosure::Subshell | Enclosure::Substitution | Enclosure::Process
            ) || scope.place.pipeline.commands.len() > 1
        })
        .and_then(|scope| {
            let commands = &scope.place.pipeline.commands;
            commands.get(scope.place.stage).map(Command::span)
        })
}

impl<'a> Visitor<'a> for Known<'a> {
    fn command(&mut self, command: &'a Command, place: &Place<'a>) {
        match command {
            Command::Simple(simple) => {
                if simple.words.is_empty() {
                    for assignment in &simple.assignments {
                        let at = assignment.span.start;
                        let one_word = !assignment.append
                            && assignment.subscript.is_none()
                            && assignment
                                .word()
                                .is_some_and(|word| self.value(&word.parts, at));
                        self.add(&assignment.name, assignment.span, place, one_word);
                    }
                }
                let declares = simple.runs_any(DECLARATIONS);
                if declares
                    || simple.runs_any(&["read", "unset", "getopts", "mapfile", "readarray"])
                {
                    for word in simple.args() {
                        self.argument(word, declares, place);
                    }
                }
            }
            Command::Compound(compound) => {
                if let CompoundKind::For {
                    name,
                    name_span,
                    words,
                    ..
                }
                | CompoundKind::Select {
                    name,
                    name_span,
                    words,
                    ..
                } = &compound.kind
                {
                    let at = name_span.start;
                    let one_word = words
                        .as_ref()
                        .is_some_and(|words| words.iter().all(|word| self.value(&word.parts, at)));
                    self.add(name, *name_span, place, one_word);
                }
            }
            Command::Function(_) => {}
        }
    }
}

impl<'a> Known<'a> {
    /// An argument of `export` or `read`.
    fn argument(&mut self, word: &'a Word, declares: bool, place: &Place<'a>) {
        let Some(Part::Literal { text, .. }) = word.parts.first() else {
            return;
        };
        let Some(name) = assigned_name(word) else {
            if !declares {
                self.add(text, word.span, place, false);
            }
            return;
        };
        let (Some(name), Some(rest)) = (
            text.get(..name.len()),
            text.get(name.len()..)
                .and_then(|rest| rest.strip_prefix('=')),
        ) else {
            return;
        };
        let literal = !rest.contains(|c: char| c.is_whitespace() || matches!(c, '*' | '?' | '['));
        let more = word.parts.get(1..).unwrap_or_default();
        let at = word.span.start;
        let one_word = literal
            && (!rest.is_empty() || !more.is_empty())
            && more.iter().all(|part| self.is_safe(part, at));
        self.add(name, word.span, place, one_word);
    }
}
