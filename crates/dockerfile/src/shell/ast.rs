//! The tree of a shell script.
//!
//! Every node knows where it stands: bytes of the text that was handed to [`super::parse`]. What stands in
//! backticks with escapes is read from a text of its own, and its places are mapped back.

use std::sync::{Arc, OnceLock};

use plimsoll_model::Text;

use super::word::Word;
use crate::Span;

/// A script, or what could be read of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// All of the text.
    pub span: Span,
    /// The commands.
    pub list: List,
    /// Comments, in the order in which they stand.
    pub comments: Vec<Comment>,
    /// What could not be read, in the order in which it was met; at most a hundred.
    pub errors: Vec<ShellError>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to before the end of the line.
    pub span: Span,
    /// What follows the `#`.
    pub text: String,
}

/// What kind of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something stands where the grammar has no place for it.
    Unexpected,
    /// Something is missing.
    Missing,
    /// A quote, a bracket or a keyword is never closed.
    Unclosed,
    /// The body of a here-document runs to the end of the text. Shells warn of that and go on.
    UnclosedHereDocument,
    /// Nested deeper than [`super::MAX_DEPTH`], or so that reading it costs too much; what follows was not read.
    TooDeep,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellError {
    /// Where it stands.
    pub span: Span,
    /// What kind it is.
    pub kind: ErrorKind,
    /// What is wrong.
    pub message: Text,
}

/// Commands one after another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// From the first command to the last terminator.
    pub span: Span,
    /// The and-or lists.
    pub items: Vec<AndOr>,
}

/// What ends an and-or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminator {
    /// The end of what encloses it.
    None,
    /// `;`
    Semicolon,
    /// The end of the line.
    Newline,
    /// `&`
    Background,
}

/// How two pipelines are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connector {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AndOr {
    /// Without the terminator.
    pub span: Span,
    /// The pipelines; never empty.
    pub links: Vec<Link>,
    /// What ends it.
    pub terminator: Terminator,
}

/// A pipeline of an and-or list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What stands before it; `None` for the first.
    pub connector: Option<Connector>,
    /// The pipeline.
    pub pipeline: Pipeline,
}

/// How two commands of a pipeline are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipe {
    /// `|`
    Output,
    /// `|&`: standard error too (bash).
    OutputAndError,
}

/// Commands joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// With `!` and `time`.
    pub span: Span,
    /// Whether `!` inverts its status (an odd number of them).
    pub negated: bool,
    /// Whether the keyword `time` stands before it.
    pub timed: bool,
    /// The commands. Empty for `!` or `time` alone, which bash knows, and where the command is missing.
    pub commands: Vec<Command>,
    /// What joins them: one less than there are commands.
    pub pipes: Vec<Pipe>,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A program with its arguments, or assignments alone, or redirections alone.
    Simple(SimpleCommand),
    /// A command that holds others, or a condition.
    Compound(Compound),
    /// The definition of a function.
    Function(Function),
}

impl Command {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Simple(simple) => simple.span,
            Self::Compound(compound) => compound.span,
            Self::Function(function) => function.span,
        }
    }

    /// Its redirections; those of a function belong to its body.
    #[must_use]
    pub fn redirections(&self) -> &[Redirection] {
        match self {
            Self::Simple(simple) => &simple.redirections,
            Self::Compound(compound) => &compound.redirections,
            Self::Function(_) => &[],
        }
    }
}

/// Assignments, words and redirections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SimpleCommand {
    /// Where it stands.
    pub span: Span,
    /// Assignments before the first word.
    pub assignments: Vec<Assignment>,
    /// The command and its arguments.
    pub words: Vec<Word>,
    /// Redirections, wherever they stand among the words.
    pub redirections: Vec<Redirection>,
}

/// `name=value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// All of it.
    pub span: Span,
    /// The variable.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// `a[here]=`
    pub subscript: Option<Word>,
    /// Whether it is `+=`.
    pub append: bool,
    /// What is assigned.
    pub value: Value,
}

/// What is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One word, which may be empty.
    Scalar(Word),
    /// `(a b c)` (bash)
    Array(Vec<Word>),
}

/// Operators of redirection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectionOperator {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`
    DuplicateOutput,
    /// `<<`
    HereDocument,
    /// `<<-`
    HereDocumentTabs,
    /// `<<<` (bash)
    HereString,
    /// `&>` (bash)
    OutputAndError,
    /// `&>>` (bash)
    AppendOutputAndError,
}

/// A redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    /// All of it, without the body of a here-document.
    pub span: Span,
    /// The descriptor before the operator, as it stands: `2`, or `{name}` (bash).
    pub descriptor: Option<String>,
    /// The operator.
    pub operator: RedirectionOperator,
    /// File, descriptor, or delimiter of the here-document.
    pub target: Word,
    /// Set once the body of the here-document has been read.
    pub(super) body: Option<Arc<OnceLock<HereDocument>>>,
}

impl Redirection {
    /// The body of a here-document.
    #[must_use]
    pub fn here_document(&self) -> Option<&HereDocument> {
        self.body.as_deref().and_then(OnceLock::get)
    }

    /// The number of the descriptor that is redirected: what stands before the operator, or what the operator
    /// means by itself. `None` for `{name}` and a number that is none.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match &self.descriptor {
            Some(text) => text.parse().ok(),
            None => Some(match self.operator {
                RedirectionOperator::Input
                | RedirectionOperator::ReadWrite
                | RedirectionOperator::DuplicateInput
                | RedirectionOperator::HereDocument
                | RedirectionOperator::HereDocumentTabs
                | RedirectionOperator::HereString => 0,
                _ => 1,
            }),
        }
    }
}

/// The body of a here-document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HereDocument {
    /// The lines of the body.
    pub span: Span,
    /// The delimiter without its quotes.
    pub delimiter: String,
    /// Whether the delimiter was quoted, so that nothing is expanded.
    pub quoted: bool,
    /// The body with its expansions, without leading tabs for `<<-`.
    pub body: Word,
}

/// A compound command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound {
    /// With its redirections.
    pub span: Span,
    /// What it is.
    pub kind: CompoundKind,
    /// Redirections behind it.
    pub redirections: Vec<Redirection>,
}

/// Kinds of compound commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompoundKind {
    /// `( … )`
    Subshell(List),
    /// `{ …; }`
    Group(List),
    /// `if`
    If {
        /// Conditions and what follows each `then`.
        branches: Vec<Branch>,
        /// What follows `else`.
        otherwise: Option<List>,
    },
    /// `for name in words`
    For {
        /// The variable.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// The words; `None` without `in`.
        words: Option<Vec<Word>>,
        /// What is repeated.
        body: List,
    },
    /// `for ((a; b; c))` (bash)
    ForArithmetic {
        /// The three expressions.
        header: Arithmetic,
        /// What is repeated.
        body: List,
    },
    /// `while` and `until`
    While {
        /// Whether it is `until`.
        until: bool,
        /// The condition.
        condition: List,
        /// What is repeated.
        body: List,
    },
    /// `case`
    Case {
        /// What is compared.
        subject: Word,
        /// The arms.
        arms: Vec<Arm>,
    },
    /// `select` (bash)
    Select {
        /// The variable.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// The words; `None` without `in`.
        words: Option<Vec<Word>>,
        /// What is repeated.
        body: List,
    },
    /// `[[ … ]]` (bash); `None` where nothing could be read.
    Test(Option<Box<Condition>>),
    /// `(( … ))` (bash)
    Arithmetic(Arithmetic),
    /// `coproc` (bash)
    Coprocess {
        /// Its name, where it has one.
        name: Option<String>,
        /// The command.
        command: Box<Command>,
    },
}

/// A condition and what is done when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// What follows `if` or `elif`.
    pub condition: List,
    /// What follows `then`.
    pub body: List,
}

/// How an arm of `case` ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmEnd {
    /// `;;`, or `esac`
    Break,
    /// `;&` (bash)
    FallThrough,
    /// `;;&` (bash)
    TestNext,
}

/// An arm of `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// From the first pattern to the end of the arm.
    pub span: Span,
    /// The patterns.
    pub patterns: Vec<Word>,
    /// What is done.
    pub body: List,
    /// How it ends.
    pub end: ArmEnd,
}

/// The definition of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// All of it.
    pub span: Span,
    /// The name as it stands.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Whether the word `function` stands before it (bash).
    pub keyword: bool,
    /// The body: a compound command; a simple one in dash, which allows that.
    pub body: Option<Box<Command>>,
}

/// What stands in `[[ … ]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `! a`
    Not(Box<Condition>),
    /// `a && b && …`
    All(Vec<Condition>),
    /// `a || b || …`
    Any(Vec<Condition>),
    /// `( a )`
    Group(Box<Condition>),
    /// `-f word`
    Unary {
        /// The operator, as `-f`.
        operator: String,
        /// What it is about.
        operand: Word,
    },
    /// `a == b`
    Binary {
        /// The left side.
        left: Word,
        /// The operator, as `==`.
        operator: String,
        /// The right side.
        right: Word,
    },
    /// A word alone.
    Word(Word),
}

/// An arithmetic expression, with its expansions; what is computed is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arithmetic {
    /// With its brackets.
    pub span: Span,
    /// Whether it is `$[…]` (old bash).
    pub bracket: bool,
    /// The text and its expansions.
    pub parts: Vec<super::word::Part>,
}
