//! What a Dockerfile says, with the place of every word.

use std::ops::Range;

use plimsoll_model::Text;
use plimsoll_model::lint::Region;

use crate::shell::Script;
use crate::span::{Joined, Lines, Span};
use crate::variables::Variables;

/// A Dockerfile, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// The text as it was given.
    pub text: String,
    /// Where its lines begin.
    pub lines: Lines,
    /// The character that escapes: a backslash, or a backtick by a directive.
    pub escape: char,
    /// Parser directives, in order: `# syntax=docker/dockerfile:1`.
    pub directives: Vec<Directive>,
    /// Comments outside of heredocs, in order; directives are none.
    pub comments: Vec<Comment>,
    /// Every instruction, in order.
    pub instructions: Vec<Instruction>,
    /// Every stage, in order.
    pub stages: Vec<Stage>,
    /// What could not be read, in order.
    pub errors: Vec<ParseError>,
    /// What variables are known where.
    pub variables: Variables,
}

impl Dockerfile {
    /// Lines and columns of a stretch.
    #[must_use]
    pub fn region(&self, span: Span) -> Region {
        self.lines.region(&self.text, span)
    }

    /// How lines end: as the first one does.
    #[must_use]
    pub fn line_break(&self) -> &'static str {
        let second = self.lines.start(2).unwrap_or_default();
        let first = self.text.get(..second).unwrap_or_default();
        if first.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// Every instruction with its stage; the one behind `ONBUILD` follows the `ONBUILD` that holds it.
    pub fn walk(&self) -> impl Iterator<Item = Placed<'_>> {
        let globals = 0..self
            .stages
            .first()
            .map_or(self.instructions.len(), |s| s.from);
        let globals = globals.map(|index| (index, None));
        let staged = self.stages.iter().enumerate().flat_map(|(number, stage)| {
            stage
                .instructions
                .clone()
                .map(move |index| (index, Some(number)))
        });
        globals.chain(staged).flat_map(move |(index, stage)| {
            let own = self.instructions.get(index);
            let inner = own.and_then(|instruction| match &instruction.kind {
                Kind::Onbuild(inner) => inner.as_deref(),
                _ => None,
            });
            own.map(|instruction| (instruction, false))
                .into_iter()
                .chain(inner.map(|instruction| (instruction, true)))
                .map(move |(instruction, onbuild)| Placed {
                    stage,
                    index,
                    instruction,
                    onbuild,
                })
        })
    }

    /// The instructions of one stage, from its `FROM`, with those behind `ONBUILD`.
    pub fn walk_stage(&self, stage: usize) -> impl Iterator<Item = Placed<'_>> {
        let range = self
            .stages
            .get(stage)
            .map(|stage| stage.instructions.clone());
        range.unwrap_or(0..0).flat_map(move |index| {
            let own = self.instructions.get(index);
            let inner = own.and_then(|instruction| match &instruction.kind {
                Kind::Onbuild(inner) => inner.as_deref(),
                _ => None,
            });
            own.map(|instruction| (instruction, false))
                .into_iter()
                .chain(inner.map(|instruction| (instruction, true)))
                .map(move |(instruction, onbuild)| Placed {
                    stage: Some(stage),
                    index,
                    instruction,
                    onbuild,
                })
        })
    }
}

/// An instruction where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// The stage; `None` before the first `FROM`.
    pub stage: Option<usize>,
    /// Its place in [`Dockerfile::instructions`]; the one behind `ONBUILD` has that of its `ONBUILD`.
    pub index: usize,
    /// The instruction.
    pub instruction: &'a Instruction,
    /// Whether it stands behind `ONBUILD`.
    pub onbuild: bool,
}

/// A parser directive (Dockerfile reference, "Parser directives").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The whole line.
    pub span: Span,
    /// The name in lower case.
    pub name: String,
    /// The value.
    pub value: Token,
}

/// A comment line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// The text behind the `#`.
    pub text: String,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where.
    pub span: Span,
    /// Why.
    pub message: Text,
}

/// A word, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// The text with its quotes, without line continuations.
    pub text: String,
}

impl Token {
    /// The text without quotes and escapes, variables as they are written.
    #[must_use]
    pub fn unquoted(&self, escape: char) -> String {
        crate::variables::unquote(&self.text, escape)
    }
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its `FROM`, in [`Dockerfile::instructions`].
    pub from: usize,
    /// Its instructions, the `FROM` among them.
    pub instructions: Range<usize>,
    /// Its name (`AS name`).
    pub name: Option<Token>,
    /// The earlier stage that it begins with, if it does.
    pub parent: Option<usize>,
}

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// From the keyword to the end of the last line, heredocs included, without the line break.
    pub span: Span,
    /// The keyword as it is written.
    pub keyword: Token,
    /// Flags before the arguments: `--mount=…`.
    pub flags: Vec<Flag>,
    /// What stands behind keyword and flags, without continuations and comments.
    pub arguments: Joined,
    /// Its heredocs, in order.
    pub heredocs: Vec<Heredoc>,
    /// Empty lines within its continuations.
    pub empty_continuations: Vec<Span>,
    /// What it says.
    pub kind: Kind,
}

impl Instruction {
    /// The flag of that name: `from`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }

    /// The keyword in upper case.
    #[must_use]
    pub fn name(&self) -> String {
        self.keyword.text.to_ascii_uppercase()
    }

    /// What is run, of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD`.
    #[must_use]
    pub fn command(&self) -> Option<&Command> {
        match &self.kind {
            Kind::Run(command) | Kind::Cmd(command) | Kind::Entrypoint(command) => Some(command),
            Kind::Healthcheck(check) => check.as_ref(),
            _ => None,
        }
    }

    /// The shell script of `RUN` in shell form, where it is one of a POSIX shell.
    #[must_use]
    pub fn run(&self) -> Option<&ShellForm> {
        match &self.kind {
            Kind::Run(Command::Shell(form)) if form.interpreter.is_posix() => Some(form),
            _ => None,
        }
    }
}

/// A flag of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// From the first dash to the end.
    pub span: Span,
    /// The name: `mount`.
    pub name: String,
    /// What stands behind `=`, if that stands there.
    pub value: Option<Token>,
}

impl Flag {
    /// The value, or nothing.
    #[must_use]
    pub fn value(&self) -> &str {
        self.value.as_ref().map_or("", |value| value.text.as_str())
    }

    /// The fields of a value such as `type=cache,target=/root/.cache`: keys in lower case, values as they are.
    pub fn fields(&self) -> impl Iterator<Item = (String, &str)> {
        self.value().split(',').map(|field| {
            let (key, value) = field.split_once('=').unwrap_or((field, ""));
            (key.trim().to_ascii_lowercase(), value.trim())
        })
    }
}

/// A heredoc (Dockerfile reference, "Here-Documents").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// Its name without quotes.
    pub name: String,
    /// The word that opens it: `<<-"EOF"`.
    pub opening: Span,
    /// The lines between, without the one that ends it.
    pub body: Span,
    /// Whether variables are expanded in it: its name has no quotes.
    pub expands: bool,
    /// Whether leading tabs are cut (`<<-`).
    pub strips_tabs: bool,
}

/// What an instruction says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `FROM`.
    From(From),
    /// `RUN`.
    Run(Command),
    /// `CMD`.
    Cmd(Command),
    /// `ENTRYPOINT`.
    Entrypoint(Command),
    /// `SHELL`: the words of its array.
    Shell(Vec<Token>),
    /// `COPY`.
    Copy(Transfer),
    /// `ADD`.
    Add(Transfer),
    /// `ARG`.
    Arg(Vec<Pair>),
    /// `ENV`.
    Env(Vec<Pair>),
    /// `LABEL`.
    Label(Vec<Pair>),
    /// `EXPOSE`.
    Expose(Vec<Token>),
    /// `VOLUME`.
    Volume(Vec<Token>),
    /// `USER`.
    User(Token),
    /// `WORKDIR`.
    Workdir(Token),
    /// `STOPSIGNAL`.
    Stopsignal(Token),
    /// `MAINTAINER`.
    Maintainer(Token),
    /// `HEALTHCHECK`; `None` where it is `HEALTHCHECK NONE`.
    Healthcheck(Option<Command>),
    /// `ONBUILD`; `None` where nothing stands behind it.
    Onbuild(Option<Box<Instruction>>),
    /// A keyword that no builder knows; an error says so.
    Unknown,
}

/// `FROM image AS name`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct From {
    /// The image as it is written.
    pub image: Token,
    /// The keyword `AS` as it is written.
    pub keyword: Option<Token>,
    /// The stage's name.
    pub name: Option<Token>,
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and health checks run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A JSON array: the program and its arguments, without quotes.
    Exec(Vec<Token>),
    /// A text for a shell.
    Shell(Box<ShellForm>),
}

/// A text for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellForm {
    /// The text that the shell gets; a heredoc that is the whole script is that text.
    pub text: Joined,
    /// The text, parsed; empty where the interpreter is no POSIX shell.
    pub script: Script,
    /// Who reads it.
    pub interpreter: Interpreter,
    /// Whether the text is the body of a heredoc (`RUN <<EOF`).
    pub is_heredoc: bool,
}

impl ShellForm {
    /// Where a stretch of the script stands in the file.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        self.text.span(span)
    }
}

/// Who reads a text for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interpreter {
    /// `/bin/sh`, by default or by its name (`sh`, `dash`, `ash`).
    Sh,
    /// A shell that knows more than POSIX: `bash`, `zsh`, `ksh`.
    Extended(String),
    /// `PowerShell`, `cmd`, or a program that is no shell.
    Other(String),
}

impl Interpreter {
    /// The interpreter that a program's path names.
    #[must_use]
    pub fn of(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        let name = name.to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "dash" | "ash" => Self::Sh,
            shell @ ("bash" | "zsh" | "ksh" | "mksh" | "rbash") => Self::Extended(shell.to_owned()),
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether the shell grammar holds for it.
    #[must_use]
    pub fn is_posix(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}

/// `COPY` and `ADD`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transfer {
    /// What is copied; of a heredoc, its opening word.
    pub sources: Vec<Token>,
    /// Where it goes.
    pub target: Token,
    /// Whether it is written as a JSON array.
    pub is_json: bool,
}

/// A name and its value, of `ARG`, `ENV` and `LABEL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Both.
    pub span: Span,
    /// The name as it is written.
    pub name: Token,
    /// The value as it is written; `None` where `ARG` has none.
    pub value: Option<Token>,
    /// Whether it is written without `=` (`ENV name value`).
    pub is_legacy: bool,
}
