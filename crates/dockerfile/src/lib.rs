//! Dockerfiles: a parser that keeps every place, the shell in them, rules (a file each) and their repairs.
//!
//! [`parse()`] reads a file as BuildKit does and never fails: what cannot be read is an error beside what could.
//! [`lint()`] runs the rules of [`rules::ALL`] over it.
//!
//! What this crate is not: it opens no file and asks no registry. Who has a name and a text hands both in.
//!
//! Start reading at `ast.rs`, then `parse/mod.rs`, then any rule.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a failed test is meant to panic"
    )
)]

pub mod ast;
pub mod commands;
pub mod dockerignore;
pub mod history;
mod ignore;
pub mod lint;
pub mod packages;
pub mod parse;
pub mod rules;
pub mod shell;
pub mod span;
pub mod variables;

pub use ast::Dockerfile;
pub use ignore::ends_build;
pub use lint::{Settings, lint};
pub use parse::parse;
pub use plimsoll_model::lint::fix;
pub use span::Span;
