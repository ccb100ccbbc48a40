//! Who said something, and the proof of it.
//!
//! A verification gives a value that only this crate can make, never a bool: whoever holds a [`dsse::Proved`]
//! knows that the bytes in it were signed by a key that somebody chose to trust, and whoever holds a [`Verified`] that
//! an image was signed by the one who was asked for. What cannot be verified here is a [`Rejection`] that says so.

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

mod asn1;
mod certificate;
pub mod dsse;
pub mod key;
mod log;
mod promise;
mod rejection;
mod root;
pub mod schemes;
mod signer;
mod stamp;
mod statement;

pub use rejection::Rejection;
pub use root::{RootError, TrustedRoot};
pub use schemes::{Found, SignatureScheme, Subject, verify};
pub use signer::{Expected, Signer, Verified};
