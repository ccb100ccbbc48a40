//! Images: where they come from, and a proved, limited way to what their layers contain.
//!
//! [`pipeline`] turns the bytes of a blob into content whose digests are proved, [`tar`] turns content into
//! entries. What the entries mean is for others.

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
        clippy::cast_possible_truncation,
        reason = "a test that fails by panicking is a test that fails"
    )
)]

pub mod inflate;
pub mod pipeline;
pub mod tar;
