//! Every analyzer, a file each, and the table that the façade hands to the engine.
//!
//! To add one: write the file, add its `mod` line and its row, and give it a folder in `fixtures/`.

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
        reason = "a test that panics has found something"
    )
)]

use plimsoll_analyze::Analyzer;

mod archive;
pub mod binary;
pub mod claim;
pub mod lang;
pub mod model;
pub mod os;
pub mod secret;

/// Every analyzer, operating system first.
#[must_use]
pub fn all() -> Vec<&'static dyn Analyzer> {
    [
        os::ALL,
        lang::ALL,
        binary::ALL,
        model::ALL,
        secret::ALL,
        claim::ALL,
    ]
    .concat()
}
