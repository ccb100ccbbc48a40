//! Who said something, and the proof of it.
//!
//! A verification gives a value that only this crate can make, never a bool: whoever holds a [`dsse::Proved`]
//! knows that the bytes in it were signed by a key that somebody chose to trust.

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

pub mod dsse;
pub mod key;
