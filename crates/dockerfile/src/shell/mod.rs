//! The shell in build files: POSIX sh and bash (POSIX.1-2017, Shell & Utilities, chapter 2; the manual of bash).
//!
//! [`parse()`] never fails. It reads the union of both grammars, because the same text stands in files for both;
//! what a shell does not know is for rules to say. A text that a shell refuses gives what could be read, and
//! errors.
//!
//! Start reading at `ast.rs`; [`Script::commands`] is what most rules begin with.

pub mod ast;
mod command;
mod compound;
mod cursor;
mod expansion;
mod heredoc;
mod parameter;
mod parser;
mod scan;
mod walk;
pub mod word;
mod wrapper;

#[cfg(test)]
mod tests;

pub use ast::{
    AndOr, Arithmetic, Arm, ArmEnd, Assignment, Branch, Command, Comment, Compound, CompoundKind,
    Condition, Connector, ErrorKind, Function, HereDocument, Link, List, Pipe, Pipeline,
    Redirection, RedirectionOperator, Script, ShellError, SimpleCommand, Terminator, Value,
};

pub use command::{Arguments, Flag, Invocation};
pub use walk::{Enclosure, Place, Role, Scope, Seen, Visitor};
pub use word::{Operator, Parameter, Part, Word};

pub use wrapper::{Effective, Inner};

use cursor::{Origin, Parser};

/// How deep commands, expansions and conditions may lie in one another.
pub const MAX_DEPTH: usize = 100;

/// Reads a script. What cannot be read is an error in it.
///
/// Line ends behind a backslash are taken out where the shell does so; a text in which that has been done
/// already is read the same way.
#[must_use]
pub fn parse(text: &str) -> Script {
    parse_part(text, None, 0)
}

/// Reads a text that stands in another.
fn parse_part(text: &str, origin: Option<&Origin<'_>>, depth: usize) -> Script {
    let mut parser = Parser::new(text, origin);
    parser.depth = depth;
    let list = parser.script();
    Script {
        span: parser.span(0, text.len()),
        list,
        comments: parser.comments,
        errors: parser.errors,
    }
}
