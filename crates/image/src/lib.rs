//! Images: where they come from, and a proved, limited way to what their layers contain.
//!
//! [`mod@reference`] says what an argument names, [`sources`] open it as an [`Image`], and [`Layer::walk`] shows
//! what is in a layer. Below that, [`pipeline`] turns the bytes of a blob into content whose digests are
//! proved, and [`tar`] turns content into entries. What the entries mean is for others.
//!
//! A new source implements [`BlobStore`] and calls [`resolve::open_image`].

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

mod archive;
pub mod error;
pub mod inflate;
mod layout;
pub mod manifest;
pub mod media;
pub mod pipeline;
pub mod platform;
pub mod reference;
pub mod resolve;
pub mod signed;
pub mod source;
pub mod sources;
pub mod tar;

pub use error::ImageError;
pub use source::{Blob, BlobStore, Image, ImageSource, Layer, LayerLimits, LayerSummary, Visitor};
