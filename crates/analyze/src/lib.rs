//! The engine: which analyzer reads which file, what a layer says, what the whole image says.
//!
//! It knows no analyzer by name: the table is handed in by the façade.
//! Start with [`analyzer::Analyzer`], the contract of a plugin.

pub mod analyzer;
pub mod cache;
pub mod derive;
pub mod index;
pub mod java_index;
pub mod layer;
mod links;
pub mod run;
mod squash;

pub use analyzer::{Analyzer, Executables, File, Interest, Meta, Part, ReadSeek, Rights, Sink};
pub use index::{InterestIndex, Wanted};
pub use java_index::JavaIndex;
