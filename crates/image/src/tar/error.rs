//! Why an archive cannot be read.

use std::io;

/// An archive that cannot be read on. `after` is the path of the last entry that was seen, empty at the
/// beginning of the archive or after its root; `offset` counts bytes of the archive.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// The source of the bytes failed.
    #[error("cannot read the archive at byte {offset}, after `{after}`")]
    Read {
        /// The last entry.
        after: String,
        /// Where.
        offset: u64,
        /// What the source said.
        source: io::Error,
    },
    /// The bytes end inside a header or a content.
    #[error("the archive is truncated at byte {offset}, after `{after}`")]
    Truncated {
        /// The last entry, the one that is cut off included.
        after: String,
        /// Where.
        offset: u64,
    },
    /// A header that makes no sense.
    #[error("the archive has an invalid header at byte {offset}, after `{after}`: {reason}")]
    Header {
        /// The last entry.
        after: String,
        /// Where the header begins.
        offset: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// Over [`super::WalkLimits::entries`].
    #[error("the archive has more than {limit} entries")]
    Entries {
        /// The limit.
        limit: u64,
    },
    /// Over [`super::WalkLimits::path`].
    #[error("the archive has a path of {length} bytes after `{after}`, more than {limit}")]
    Path {
        /// The last entry.
        after: String,
        /// The length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Over [`super::WalkLimits::metadata`].
    #[error("the archive has a header of {size} bytes after `{after}`, more than {limit}")]
    Metadata {
        /// The last entry.
        after: String,
        /// The size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
}
