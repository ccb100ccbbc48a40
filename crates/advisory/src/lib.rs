//! Advisories: what the feeds publish, the database that is compiled from them, and which of them concern
//! the packages of an image.
//!
//! The way of a record: [`feeds`] parses one published document into [`Advisory`] values; [`db::Builder`]
//! joins records that speak of one flaw and writes one immutable file; [`db::Database`] opens that file and
//! reads of it what is asked for; [`matching`] asks it about packages and answers affected, not affected or
//! unknown, each with its reason.
//!
//! What this crate is not: it opens no socket (fetching the documents of [`feeds::documents`] is the work of
//! another crate), reads no clock, knows no policy, and never hides a record because it has no severity.
//!
//! Start reading at `advisory.rs`, then `feeds/mod.rs`, `db/mod.rs`, `matching/mod.rs`.

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

pub mod advisory;
pub mod changelog;
pub mod db;
mod error;
pub mod feeds;
#[doc(hidden)]
pub mod fuzz;
mod key;
pub mod matching;
mod program;
mod rating;
mod release;
mod search;
mod watchlist;

#[cfg(test)]
mod communities;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod real;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod slice;

pub use advisory::{Advisory, Affected, Claim};
pub use db::{BuildReport, Database, build};
pub use error::{BuildError, DatabaseError, FeedError, FeedProblem};
pub use key::EcosystemKey;
pub use matching::{Matches, candidates, explain, match_packages, match_packages_by, trails};
pub use search::Statement;
