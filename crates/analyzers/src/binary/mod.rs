//! Programs: what they were made with, and what they say of their contents.

use plimsoll_analyze::Analyzer;

mod buildinfo;
mod classes;
mod crates;
pub mod elf;
pub mod go;
mod quoted;
pub mod rust;
mod sections;
pub mod version;

pub use elf::Elf;
pub use go::Go;
pub use rust::Rust;
pub use version::Version;

/// Largest program that is looked at, in bytes. Only tables are read, whatever the size.
const LIMIT: u64 = 4 << 30;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Elf, &Go, &Rust, &Version];
