//! Version schemes and version ranges: which of two versions is older, and does an advisory's
//! range hold an installed version.
//!
//! Each scheme is one file that holds the grammar and the order of one packaging world, written
//! from that world's specification and checked against its own tool. [`Scheme`] is the table of
//! them; [`Scheme::parse`] is the door. [`range`] evaluates the events of an OSV range.
//!
//! What this crate is not: it knows no package, no advisory and no requirement syntax (`^1.2`,
//! `~> 3.0`), it reads no file, and it never guesses. A text that is not a version of its scheme is
//! an error that names the text, so that the caller can say "unknown" aloud.
//!
//! Promises that hold for every scheme, and that the property tests check:
//!
//! - The order is total, antisymmetric and transitive, and `==` means that neither is older.
//! - Numbers have no width: a component of two hundred digits compares right.
//! - A text is at most [`MAX_LENGTH`] bytes; parsing and comparing take linear time.
//! - `Display` gives back the text as it was written.
//! - Nothing panics, whatever the input.
//!
//! Start reading at `table.rs`, then any scheme, then `range.rs`.

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

mod apk;
mod composer;
mod conan;
mod cran;
mod deb;
mod error;
mod gem;
mod go;
mod hackage;
mod hex;
mod kb;
mod maven;
mod npm;
mod nuget;
mod pacman;
mod pep440;
mod portage;
mod pub_dev;
pub mod range;
mod rpm;
mod scan;
mod semver;
mod swift;
mod table;
mod typed;

pub use apk::Apk;
pub use composer::Composer;
pub use conan::Conan;
pub use cran::Cran;
pub use deb::Deb;
pub use error::{Fault, ParseVersionError, SchemeMismatch, UnknownScheme};
pub use gem::Gem;
pub use go::Go;
pub use hackage::Hackage;
pub use hex::Hex;
pub use kb::Kb;
pub use maven::Maven;
pub use npm::Npm;
pub use nuget::Nuget;
pub use pacman::Pacman;
pub use pep440::Pep440;
pub use portage::Portage;
pub use pub_dev::Pub;
pub use rpm::Rpm;
pub use semver::Semver;
pub use swift::Swift;
pub use table::{Scheme, Version};

/// The longest version text that is read, in bytes.
///
/// Real versions stay below 100; node-semver stops at 256. The limit bounds the time of a
/// comparison, and the memory of an error that quotes the text.
pub const MAX_LENGTH: usize = 1024;
