//! Words of the shell and what they are made of.

use std::borrow::Cow;

use super::ast::{Arithmetic, List};
use crate::Span;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// What it is made of, in order. Empty where nothing stands (`a=`).
    pub parts: Vec<Part>,
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text without quotes, its backslashes removed.
    Literal {
        /// Where it stands.
        span: Span,
        /// What it means.
        text: String,
        /// Whether a backslash stood in it.
        escaped: bool,
    },
    /// `'…'`
    SingleQuoted {
        /// With the quotes.
        span: Span,
        /// What stands between them.
        text: String,
    },
    /// `"…"`
    DoubleQuoted {
        /// With the quotes.
        span: Span,
        /// Literals and expansions.
        parts: Vec<Part>,
        /// Whether it is `$"…"` (bash).
        translated: bool,
    },
    /// `$'…'` (bash)
    DollarSingle {
        /// With `$` and the quotes.
        span: Span,
        /// What stands between them, its escapes as they are.
        text: String,
    },
    /// `$name`, `${name…}`
    Parameter(Box<Parameter>),
    /// `` `…` ``, `$(…)`
    Command {
        /// With the brackets.
        span: Span,
        /// Whether it is written with backticks.
        backticks: bool,
        /// The commands.
        list: List,
    },
    /// `$((…))`, `$[…]`
    Arithmetic(Arithmetic),
    /// `*`, `?`, `[…]`
    Glob {
        /// Where it stands.
        span: Span,
        /// As it stands.
        text: String,
    },
    /// `@(a|b)` and its kin (bash with `extglob`)
    ExtendedGlob {
        /// All of it.
        span: Span,
        /// The character before the bracket.
        kind: char,
        /// The patterns.
        alternatives: Vec<Word>,
    },
    /// A `{`, `,` or `}` of a brace expansion (bash). What it encloses are the parts between.
    Brace {
        /// Where it stands.
        span: Span,
        /// The character.
        mark: char,
    },
    /// `~`, `~user`
    Tilde {
        /// Where it stands.
        span: Span,
        /// The user; empty for one's own home.
        user: String,
    },
    /// `<(…)`, `>(…)` (bash)
    Process {
        /// With the brackets.
        span: Span,
        /// Whether it is `>(…)`.
        output: bool,
        /// The commands.
        list: List,
    },
    /// `(a b)` behind an assignment that is an argument, as in `declare a=(1 2)` (bash).
    Array {
        /// With the brackets.
        span: Span,
        /// The elements.
        items: Vec<Word>,
    },
}

impl Part {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Literal { span, .. }
            | Self::SingleQuoted { span, .. }
            | Self::DoubleQuoted { span, .. }
            | Self::DollarSingle { span, .. }
            | Self::Command { span, .. }
            | Self::Glob { span, .. }
            | Self::ExtendedGlob { span, .. }
            | Self::Brace { span, .. }
            | Self::Tilde { span, .. }
            | Self::Process { span, .. }
            | Self::Array { span, .. } => *span,
            Self::Parameter(parameter) => parameter.span,
            Self::Arithmetic(arithmetic) => arithmetic.span,
        }
    }

    /// Whether the shell splits what comes out of it into words, when it stands outside quotes.
    #[must_use]
    pub fn is_expansion(&self) -> bool {
        matches!(
            self,
            Self::Parameter(_) | Self::Command { .. } | Self::Arithmetic(_)
        )
    }
}

/// `${name…}`: what is done with the value (POSIX 2.6.2; bash, "Shell Parameter Expansion").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `-`, `:-`
    Default,
    /// `=`, `:=`
    Assign,
    /// `?`, `:?`
    Error,
    /// `+`, `:+`
    Alternative,
    /// `#`, `##`
    RemovePrefix,
    /// `%`, `%%`
    RemoveSuffix,
    /// `/`, `//`, `/#`, `/%` (bash); the argument holds pattern, `/` and replacement.
    Replace,
    /// `^`, `^^`, `,`, `,,` (bash)
    Case,
    /// `:` (bash)
    Substring,
    /// `@` (bash)
    Transform,
    /// `${!name*}`, `${!name@}` (bash)
    Names,
    /// No shell that we know has it; shells say so when they run it.
    Unknown,
}

/// A parameter expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// With `$` and brackets.
    pub span: Span,
    /// The name: a variable, digits, or one of `@*#?-$!`; empty where none can be read.
    pub name: String,
    /// Whether it is `${…}`.
    pub braced: bool,
    /// `${#name}`
    pub length: bool,
    /// `${!name}` (bash)
    pub indirect: bool,
    /// `${name[here]}` (bash)
    pub subscript: Option<Word>,
    /// What is done with it.
    pub operator: Option<Operator>,
    /// The operator as it stands, as `:-`.
    pub operator_text: String,
    /// What follows the operator.
    pub argument: Option<Word>,
}

impl Word {
    /// The value, where nothing is expanded and nothing depends on the shell. Globs stay as they are written.
    #[must_use]
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [
                Part::Literal { text, .. }
                | Part::SingleQuoted { text, .. }
                | Part::Glob { text, .. },
            ] => Some(Cow::Borrowed(text)),
            [Part::DoubleQuoted { parts, .. }] if parts.len() < 2 => match parts.first() {
                None => Some(Cow::Borrowed("")),
                Some(Part::Literal { text, .. }) => Some(Cow::Borrowed(text)),
                Some(_) => None,
            },
            parts => {
                let mut text = String::new();
                literal_into(parts, &mut text).then_some(Cow::Owned(text))
            }
        }
    }

    /// The value where the word is one run of text: what [`Word::literal`] gives without a copy.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.literal() {
            Some(Cow::Borrowed(text)) => Some(text),
            _ => None,
        }
    }

    /// The value with `${VAR}` for each expansion, so that a word can be compared with a pattern although not
    /// all of it is known.
    #[must_use]
    pub fn outline(&self) -> String {
        let mut text = String::new();
        outline_into(&self.parts, &mut text);
        text
    }

    /// How it is written.
    #[must_use]
    pub fn source<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }

    /// Whether the literal value is this text.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.literal().is_some_and(|literal| literal == text)
    }

    /// Whether all of it stands in quotes.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        !self.parts.is_empty()
            && self.parts.iter().all(|part| {
                matches!(
                    part,
                    Part::SingleQuoted { .. }
                        | Part::DoubleQuoted { .. }
                        | Part::DollarSingle { .. }
                )
            })
    }

    /// Whether any of it stands in quotes or behind a backslash.
    #[must_use]
    pub fn has_quotes(&self) -> bool {
        self.parts.iter().any(|part| {
            matches!(
                part,
                Part::SingleQuoted { .. }
                    | Part::DoubleQuoted { .. }
                    | Part::DollarSingle { .. }
                    | Part::Literal { escaped: true, .. }
            )
        })
    }

    /// Whether names of files may take its place.
    #[must_use]
    pub fn has_glob(&self) -> bool {
        self.parts
            .iter()
            .any(|part| matches!(part, Part::Glob { .. } | Part::ExtendedGlob { .. }))
    }

    /// Whether anything in it is expanded by value, in quotes or not.
    #[must_use]
    pub fn has_expansion(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::DoubleQuoted { parts, .. } => parts.iter().any(Part::is_expansion),
            Part::Process { .. } => true,
            part => part.is_expansion(),
        })
    }
}

/// Adds the literal value; whether there is one.
fn literal_into(parts: &[Part], into: &mut String) -> bool {
    parts.iter().all(|part| match part {
        Part::Literal { text, .. } | Part::SingleQuoted { text, .. } | Part::Glob { text, .. } => {
            into.push_str(text);
            true
        }
        Part::DoubleQuoted { parts, .. } => literal_into(parts, into),
        Part::DollarSingle { text, .. } => {
            into.push_str(text);
            !text.contains('\\')
        }
        _ => false,
    })
}

fn outline_into(parts: &[Part], into: &mut String) {
    for part in parts {
        match part {
            Part::Literal { text, .. }
            | Part::SingleQuoted { text, .. }
            | Part::Glob { text, .. }
            | Part::DollarSingle { text, .. } => into.push_str(text),
            Part::DoubleQuoted { parts, .. } => outline_into(parts, into),
            Part::Parameter(_) | Part::Command { .. } | Part::Arithmetic(_) => {
                into.push_str("${VAR}");
            }
            Part::Brace { mark, .. } => into.push(*mark),
            Part::Tilde { user, .. } => {
                into.push('~');
                into.push_str(user);
            }
            Part::ExtendedGlob { .. } | Part::Process { .. } | Part::Array { .. } => {}
        }
    }
}
