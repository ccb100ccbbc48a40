//! Walks over a script in the order in which it is written, with what encloses each thing.

use std::ops::Deref;
use std::rc::Rc;

use super::ast::{
    AndOr, Command, CompoundKind, Condition, Connector, Function, List, Pipeline, Redirection,
    Script, SimpleCommand, Terminator, Value,
};
use super::word::{Part, Word};

/// What encloses commands.
#[derive(Debug, Clone, Copy)]
pub enum Enclosure<'a> {
    /// `( … )`
    Subshell,
    /// `{ … }`
    Group,
    /// The condition of `if` or `elif`.
    IfCondition,
    /// What follows `then` or `else`.
    IfBody,
    /// The condition of `while` or `until`.
    LoopCondition,
    /// What a loop repeats.
    LoopBody,
    /// An arm of `case`.
    Arm,
    /// The body of a function.
    Function(&'a Function),
    /// `$(…)` or backticks.
    Substitution,
    /// `<(…)` or `>(…)`
    Process,
    /// `coproc`
    Coprocess,
}

/// An enclosure, and where it stands itself.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What it is.
    pub enclosure: Enclosure<'a>,
    /// Where the command stands to which it belongs.
    pub place: Place<'a>,
}

/// Where a command stands.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The list.
    pub list: &'a List,
    /// Which and-or list of it.
    pub item: usize,
    /// That and-or list.
    pub and_or: &'a AndOr,
    /// Which pipeline of it.
    pub link: usize,
    /// That pipeline.
    pub pipeline: &'a Pipeline,
    /// Which command of it.
    pub stage: usize,
    /// What encloses the list; `None` at the top.
    pub scope: Option<Rc<Scope<'a>>>,
}

impl<'a> Place<'a> {
    /// `&&` or `||` before its pipeline.
    #[must_use]
    pub fn connector_before(&self) -> Option<Connector> {
        self.and_or.links.get(self.link)?.connector
    }

    /// `&&` or `||` behind its pipeline.
    #[must_use]
    pub fn connector_behind(&self) -> Option<Connector> {
        self.and_or.links.get(self.link.checked_add(1)?)?.connector
    }

    /// Whether it is the last command of its pipeline.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.stage.saturating_add(1) >= self.pipeline.commands.len()
    }

    /// Whether it runs in the background.
    #[must_use]
    pub fn is_background(&self) -> bool {
        self.and_or.terminator == Terminator::Background
    }

    /// What encloses it, from inside outwards.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope<'a>> {
        std::iter::successors(self.scope.as_deref(), |scope| scope.place.scope.as_deref())
    }

    /// Whether what it does to the shell (directory, variables) is lost behind it: a subshell, a substitution,
    /// a pipeline of several commands, the background.
    #[must_use]
    pub fn in_subshell(&self) -> bool {
        self.pipeline.commands.len() > 1
            || self.is_background()
            || self.scopes().any(|scope| {
                matches!(
                    scope.enclosure,
                    Enclosure::Subshell
                        | Enclosure::Substitution
                        | Enclosure::Process
                        | Enclosure::Coprocess
                ) || scope.place.pipeline.commands.len() > 1
                    || scope.place.is_background()
            })
    }

    /// Whether its status is asked for: it stands in a condition, before `&&` or `||`, or behind `!`.
    #[must_use]
    pub fn is_tested(&self) -> bool {
        self.connector_behind().is_some()
            || self.pipeline.negated
            || self.scopes().any(|scope| {
                matches!(
                    scope.enclosure,
                    Enclosure::IfCondition | Enclosure::LoopCondition
                )
            })
    }

    /// The function in which it stands.
    #[must_use]
    pub fn function(&self) -> Option<&'a Function> {
        self.scopes().find_map(|scope| match scope.enclosure {
            Enclosure::Function(function) => Some(function),
            _ => None,
        })
    }
}

/// A simple command and where it stands.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// The command.
    pub command: &'a SimpleCommand,
    /// Where it stands.
    pub place: Place<'a>,
}

impl<'a> Deref for Seen<'a> {
    type Target = Place<'a>;

    fn deref(&self) -> &Self::Target {
        &self.place
    }
}

/// What a word is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The name of a simple command.
    Name,
    /// An argument of a simple command.
    Argument,
    /// What is assigned to a variable.
    Assigned,
    /// An element of an array.
    Element,
    /// File, descriptor or delimiter of a redirection, or a here-string.
    Target,
    /// The body of a here-document.
    HereDocument,
    /// What `for` and `select` go through.
    Listed,
    /// What `case` compares.
    Subject,
    /// A pattern of `case`.
    Pattern,
    /// In `[[ … ]]`.
    Condition,
    /// In `[…]` of a variable, or behind the operator in `${…}`.
    Inner,
}

/// What is done at each thing of a script. Things come in the order in which they are written; an enclosing thing
/// comes before what it encloses.
pub trait Visitor<'a> {
    /// A list, and what encloses it.
    fn list(&mut self, _list: &'a List, _scope: Option<&Rc<Scope<'a>>>) {}
    /// A pipeline; `place.stage` is 0.
    fn pipeline(&mut self, _place: &Place<'a>) {}
    /// A command of any kind.
    fn command(&mut self, _command: &'a Command, _place: &Place<'a>) {}
    /// A word.
    fn word(&mut self, _word: &'a Word, _role: Role, _place: &Place<'a>) {}
    /// A part of a word, an arithmetic expression or a here-document. `quoted`: it stands in double quotes, in a
    /// here-document or in arithmetic.
    fn part(&mut self, _part: &'a Part, _quoted: bool, _role: Role, _place: &Place<'a>) {}
}

impl Script {
    /// Goes through all of it.
    pub fn visit<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        self.list.visit(visitor);
    }

    /// Every simple command, those in compound commands, functions and substitutions included.
    #[must_use]
    pub fn commands(&self) -> Vec<Seen<'_>> {
        self.list.commands()
    }

    /// Every pipeline; the place is that of its first command.
    #[must_use]
    pub fn pipelines(&self) -> Vec<Place<'_>> {
        let mut found = Pipelines(Vec::new());
        self.visit(&mut found);
        found.0
    }

    /// Every list with what encloses it.
    #[must_use]
    pub fn lists(&self) -> Vec<(&List, Option<Rc<Scope<'_>>>)> {
        let mut found = Lists(Vec::new());
        self.visit(&mut found);
        found.0
    }
}

impl List {
    /// Goes through all of it.
    pub fn visit<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        Walk { visitor }.list(self, None);
    }

    /// Every simple command in it.
    #[must_use]
    pub fn commands(&self) -> Vec<Seen<'_>> {
        let mut found = Commands(Vec::new());
        self.visit(&mut found);
        found.0
    }
}

struct Commands<'a>(Vec<Seen<'a>>);

impl<'a> Visitor<'a> for Commands<'a> {
    fn command(&mut self, command: &'a Command, place: &Place<'a>) {
        if let Command::Simple(command) = command {
            self.0.push(Seen {
                command,
                place: place.clone(),
            });
        }
    }
}

struct Pipelines<'a>(Vec<Place<'a>>);

impl<'a> Visitor<'a> for Pipelines<'a> {
    fn pipeline(&mut self, place: &Place<'a>) {
        self.0.push(place.clone());
    }
}

struct Lists<'a>(Vec<(&'a List, Option<Rc<Scope<'a>>>)>);

impl<'a> Visitor<'a> for Lists<'a> {
    fn list(&mut self, list: &'a List, scope: Option<&Rc<Scope<'a>>>) {
        self.0.push((list, scope.cloned()));
    }
}

struct Walk<'v, 'a> {
    visitor: &'v mut dyn Visitor<'a>,
}

impl<'a> Walk<'_, 'a> {
    fn list(&mut self, list: &'a List, scope: Option<&Rc<Scope<'a>>>) {
        self.visitor.list(list, scope);
        for (item, and_or) in list.items.iter().enumerate() {
            for (link, joined) in and_or.links.iter().enumerate() {
                let mut place = Place {
                    list,
                    item,
                    and_or,
                    link,
                    pipeline: &joined.pipeline,
                    stage: 0,
                    scope: scope.cloned(),
                };
                self.visitor.pipeline(&place);
                for (stage, command) in joined.pipeline.commands.iter().enumerate() {
                    place.stage = stage;
                    self.command(command, &place);
                }
            }
        }
    }

    fn inside(&mut self, list: &'a List, enclosure: Enclosure<'a>, place: &Place<'a>) {
        let scope = Rc::new(Scope {
            enclosure,
            place: place.clone(),
        });
        self.list(list, Some(&scope));
    }

    fn command(&mut self, command: &'a Command, place: &Place<'a>) {
        self.visitor.command(command, place);
        match command {
            Command::Simple(simple) => self.simple(simple, place),
            Command::Compound(compound) => {
                self.compound(&compound.kind, place);
                self.redirections(&compound.redirections, place);
            }
            Command::Function(function) => {
                if let Some(body) = &function.body {
                    let place = Place {
                        scope: Some(Rc::new(Scope {
                            enclosure: Enclosure::Function(function),
                            place: place.clone(),
                        })),
                        ..place.clone()
                    };
                    self.command(body, &place);
                }
            }
        }
    }

    fn simple(&mut self, simple: &'a SimpleCommand, place: &Place<'a>) {
        for assignment in &simple.assignments {
            if let Some(subscript) = &assignment.subscript {
                self.word(subscript, Role::Inner, place);
            }
            match &assignment.value {
                Value::Scalar(word) => self.word(word, Role::Assigned, place),
                Value::Array(items) => self.words(items, Role::Element, place),
            }
        }
        for (index, word) in simple.words.iter().enumerate() {
            let role = if index == 0 {
                Role::Name
            } else {
                Role::Argument
            };
            self.word(word, role, place);
        }
        self.redirections(&simple.redirections, place);
    }

    fn redirections(&mut self, redirections: &'a [Redirection], place: &Place<'a>) {
        for redirection in redirections {
            self.word(&redirection.target, Role::Target, place);
            if let Some(document) = redirection.here_document() {
                self.visitor.word(&document.body, Role::HereDocument, place);
                self.parts(&document.body.parts, true, Role::HereDocument, place);
            }
        }
    }

    fn compound(&mut self, kind: &'a CompoundKind, place: &Place<'a>) {
        match kind {
            CompoundKind::Subshell(list) => self.inside(list, Enclosure::Subshell, place),
            CompoundKind::Group(list) => self.inside(list, Enclosure::Group, place),
            CompoundKind::If {
                branches,
                otherwise,
            } => {
                for branch in branches {
                    self.inside(&branch.condition, Enclosure::IfCondition, place);
                    self.inside(&branch.body, Enclosure::IfBody, place);
                }
                if let Some(list) = otherwise {
                    self.inside(list, Enclosure::IfBody, place);
                }
            }
            CompoundKind::For { words, body, .. } | CompoundKind::Select { words, body, .. } => {
                self.words(words.as_deref().unwrap_or_default(), Role::Listed, place);
                self.inside(body, Enclosure::LoopBody, place);
            }
            CompoundKind::ForArithmetic { header, body } => {
                self.parts(&header.parts, true, Role::Inner, place);
                self.inside(body, Enclosure::LoopBody, place);
            }
            CompoundKind::While {
                condition, body, ..
            } => {
                self.inside(condition, Enclosure::LoopCondition, place);
                self.inside(body, Enclosure::LoopBody, place);
            }
            CompoundKind::Case { subject, arms } => {
                self.word(subject, Role::Subject, place);
                for arm in arms {
                    self.words(&arm.patterns, Role::Pattern, place);
                    self.inside(&arm.body, Enclosure::Arm, place);
                }
            }
            CompoundKind::Test(condition) => {
                if let Some(condition) = condition {
                    self.condition(condition, place);
                }
            }
            CompoundKind::Arithmetic(arithmetic) => {
                self.parts(&arithmetic.parts, true, Role::Inner, place);
            }
            CompoundKind::Coprocess { command, .. } => {
                let place = Place {
                    scope: Some(Rc::new(Scope {
                        enclosure: Enclosure::Coprocess,
                        place: place.clone(),
                    })),
                    ..place.clone()
                };
                self.command(command, &place);
            }
        }
    }

    fn condition(&mut self, condition: &'a Condition, place: &Place<'a>) {
        match condition {
            Condition::Not(inner) | Condition::Group(inner) => self.condition(inner, place),
            Condition::All(all) | Condition::Any(all) => {
                for inner in all {
                    self.condition(inner, place);
                }
            }
            Condition::Unary { operand, .. } => self.word(operand, Role::Condition, place),
            Condition::Binary { left, right, .. } => {
                self.word(left, Role::Condition, place);
                self.word(right, Role::Condition, place);
            }
            Condition::Word(word) => self.word(word, Role::Condition, place),
        }
    }

    fn words(&mut self, words: &'a [Word], role: Role, place: &Place<'a>) {
        for word in words {
            self.word(word, role, place);
        }
    }

    fn word(&mut self, word: &'a Word, role: Role, place: &Place<'a>) {
        self.visitor.word(word, role, place);
        self.parts(&word.parts, false, role, place);
    }

    fn parts(&mut self, parts: &'a [Part], quoted: bool, role: Role, place: &Place<'a>) {
        for part in parts {
            self.visitor.part(part, quoted, role, place);
            match part {
                Part::DoubleQuoted { parts, .. } => self.parts(parts, true, role, place),
                Part::Parameter(parameter) => {
                    let inner = parameter.subscript.iter().chain(&parameter.argument);
                    for word in inner {
                        self.visitor.word(word, Role::Inner, place);
                        self.parts(&word.parts, quoted, Role::Inner, place);
                    }
                }
                Part::Command { list, .. } => self.inside(list, Enclosure::Substitution, place),
                Part::Process { list, .. } => self.inside(list, Enclosure::Process, place),
                Part::Arithmetic(arithmetic) => {
                    self.parts(&arithmetic.parts, true, Role::Inner, place);
                }
                Part::ExtendedGlob { alternatives, .. } => {
                    for word in alternatives {
                        self.parts(&word.parts, quoted, role, place);
                    }
                }
                Part::Array { items, .. } => self.words(items, Role::Element, place),
                Part::Literal { .. }
                | Part::SingleQuoted { .. }
                | Part::DollarSingle { .. }
                | Part::Glob { .. }
                | Part::Brace { .. }
                | Part::Tilde { .. } => {}
            }
        }
    }
}
