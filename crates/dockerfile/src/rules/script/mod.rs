//! The shell in `RUN`.
//!
//! A script with an error of its grammar is left to `syntax-error` alone: what was read of it may be wrong.

mod and_in_test;
mod and_or_is_no_if;
mod backticks;
mod broken_quotes;
mod cd_and_back;
mod echo_escape;
mod expansion_in_single_quotes;
mod glob_in_test;
mod leading_glob;
mod masked_status;
mod mode_of_parents;
mod not_posix;
mod odd_bracket_glob;
mod old_grep;
mod quoted_tilde;
mod repeated_append;
mod rm_of_empty_variable;
mod status_by_number;
mod syntax_error;
mod unchecked_cd;
mod unquoted_arguments;
mod unquoted_pattern;
mod unquoted_substitution;
mod unquoted_variable;
mod values;

use std::collections::BTreeSet;

use plimsoll_model::Text;
use plimsoll_model::lint::Edit;

use super::Rule;
use crate::Span;
use crate::ast::{Dockerfile, Instruction, Interpreter, Placed, ShellForm};
use crate::lint::{Context, Found, Sink};
use crate::shell::{Command, Enclosure, ErrorKind, Place, Script, SimpleCommand, Word};
use crate::variables::Value;

/// The rules on the shell in `RUN`.
pub static RULES: &[&Rule] = &[
    &and_in_test::RULE,
    &and_or_is_no_if::RULE,
    &backticks::RULE,
    &broken_quotes::RULE,
    &cd_and_back::RULE,
    &echo_escape::RULE,
    &expansion_in_single_quotes::RULE,
    &glob_in_test::RULE,
    &leading_glob::RULE,
    &masked_status::RULE,
    &mode_of_parents::RULE,
    &not_posix::RULE,
    &odd_bracket_glob::RULE,
    &old_grep::RULE,
    &quoted_tilde::RULE,
    &repeated_append::RULE,
    &rm_of_empty_variable::RULE,
    &status_by_number::RULE,
    &syntax_error::RULE,
    &unchecked_cd::RULE,
    &unquoted_arguments::RULE,
    &unquoted_pattern::RULE,
    &unquoted_substitution::RULE,
    &unquoted_variable::RULE,
];

/// Commands whose arguments may be assignments.
const DECLARATIONS: &[&str] = &["export", "readonly", "local", "declare", "typeset"];

/// A script that a shell can read, and where it stands.
#[derive(Clone, Copy)]
struct Run<'a> {
    placed: Placed<'a>,
    instruction: &'a Instruction,
    form: &'a ShellForm,
}

/// Every `RUN` that a shell reads.
fn shell_forms<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (&'a Instruction, &'a ShellForm)> + use<'a> {
    context
        .file
        .walk()
        .filter_map(|placed| Some((placed.instruction, placed.instruction.run()?)))
}

/// Every script of a `RUN` that a shell can read.
fn scripts<'a>(context: &Context<'a>) -> impl Iterator<Item = Run<'a>> + use<'a> {
    let runs = context.file.walk().filter_map(|placed| {
        let instruction = placed.instruction;
        let form = instruction.run()?;
        Some(Run {
            placed,
            instruction,
            form,
        })
    });
    runs.filter(|run| {
        let mut errors = run.form.script.errors.iter();
        errors.all(|error| error.kind == ErrorKind::UnclosedHereDocument)
    })
}

impl<'a> Run<'a> {
    fn script(self) -> &'a Script {
        &self.form.script
    }

    /// The text that the shell gets.
    fn text(self) -> &'a str {
        self.form.text.text()
    }

    /// Whether the shell is known to know more than POSIX.
    fn extended(self) -> bool {
        matches!(self.form.interpreter, Interpreter::Extended(_))
    }

    /// Whether the file declares a variable, so that its author knows what is in it.
    fn declares(self, file: &Dockerfile, name: &str) -> bool {
        let (stage, index) = (self.placed.stage, self.placed.index);
        file.variables.at(stage, index, name) != Value::Undeclared
    }

    /// Names of the functions that the script defines.
    fn functions(self) -> BTreeSet<&'a str> {
        self.script()
            .pipelines()
            .into_iter()
            .flat_map(|place| &place.pipeline.commands)
            .filter_map(|command| match command {
                Command::Function(function) => Some(function.name.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Reports a stretch of the script.
    fn report<'s>(
        self,
        sink: &'s mut Sink<'_>,
        span: Span,
        message: Text,
        suggestion: Text,
    ) -> Found<'s> {
        sink.report(self.instruction, self.form.span(span), message, suggestion)
    }

    /// Puts a text before a byte of the script.
    fn insert(self, at: usize, text: &str) -> Edit {
        let at = match at.checked_sub(1) {
            // Behind the byte before, and not where the next line goes on.
            Some(before) => self.form.span(Span::new(before, at)).end,
            None => self.form.span(Span::new(at, at)).start,
        };
        Edit {
            start: at,
            end: at,
            text: text.to_owned(),
        }
    }

    /// Puts a text in the place of a stretch.
    fn replace(self, span: Span, text: &str) -> Edit {
        let span = self.form.span(span);
        Edit {
            start: span.start,
            end: span.end,
            text: text.to_owned(),
        }
    }
}

/// The simple command that stands at a place.
fn command_at<'a>(place: &Place<'a>) -> Option<&'a SimpleCommand> {
    match place.pipeline.commands.get(place.stage)? {
        Command::Simple(command) => Some(command),
        _ => None,
    }
}

/// The variable of a word that reads like an assignment.
fn assigned_name(word: &Word) -> Option<String> {
    let text = word.outline();
    let (name, _) = text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let fits = name
        .bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    (fits
        && name
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit()))
    .then(|| name.to_owned())
}

/// Whether it is `set -e`: from there on the script ends where a command fails.
fn stops_at_failure(command: &SimpleCommand) -> bool {
    if command.name() != Some("set") {
        return false;
    }
    let mut named = false;
    command.args().iter().any(|word| {
        let text = word.outline();
        let found = (named && text == "errexit")
            || text
                .strip_prefix('-')
                .is_some_and(|letters| !letters.starts_with('-') && letters.contains('e'));
        named = text.starts_with('-') && text.ends_with('o');
        found
    })
}

/// Whether somebody looks at the status: it stands before `&&` or `||` or in a condition, by itself or with what
/// encloses it.
fn is_condition(place: &Place<'_>) -> bool {
    place.connector_behind().is_some()
        || place.scopes().any(|scope| {
            matches!(
                scope.enclosure,
                Enclosure::IfCondition | Enclosure::LoopCondition
            ) || scope.place.connector_behind().is_some()
        })
}
