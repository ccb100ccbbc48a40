//! From the bytes of a blob to proved content, on both cores.
//!
//! ```text
//! thread `fetch`    reads the blob ─► pieces of up to 256 KiB
//! thread `unpack`   inflates ─► chunks of 256 KiB, and the pieces they come from
//!                              ├─► caller: hashes both of gzip; the tar walk, the analyzers
//! thread `prove`    hashes both of others ◄┘
//! ```
//!
//! Inflating is the longest part, so everything else stands beside it; reading, hashing and walking together take
//! less. Pieces and chunks are passed on or shared, not copied, queues are short, and buffers are used again: a blob of any size takes a
//! few megabytes.
//!
//! **What is read from a [`BlobStream`] is not proved until [`BlobStream::finish`] has said so.** The facts of
//! a walk must be thrown away when it fails; its error goes before any error of the walk, since a blob that is
//! not what its digest says may fail in any way.

mod chunk;
mod error;
mod fetch;
mod hash;
mod limits;
mod source;
mod stream;
mod worker;

pub use error::BlobError;
pub use limits::Limits;
pub use stream::{BlobStream, BlobSummary, Expect, open_blob};

#[cfg(test)]
mod tests;
