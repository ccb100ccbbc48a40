//! Why a blob is not what it should be.

use std::io;
use std::sync::Arc;

use plimsoll_model::Digest;

use crate::inflate::Corrupt;

/// A blob that cannot be read, decoded or proved. `blob` is the name that [`super::Expect`] gave it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BlobError {
    /// The source of the bytes failed.
    #[error("cannot read blob `{blob}` after {offset} bytes")]
    Read {
        /// Which blob.
        blob: String,
        /// Bytes read before.
        offset: u64,
        /// What the source said.
        source: Arc<io::Error>,
    },
    /// The compressed bytes are damaged.
    #[error("blob `{blob}` is damaged near byte {offset}: {reason}")]
    Corrupt {
        /// Which blob.
        blob: String,
        /// Compressed bytes that were used up.
        offset: u64,
        /// What is wrong with them.
        reason: Corrupt,
    },
    /// A format that no layer may have.
    #[error("blob `{blob}` is {format}, which is not a layer compression")]
    Unsupported {
        /// Which blob.
        blob: String,
        /// The format's name.
        format: &'static str,
    },
    /// The blob's bytes are not those that the digest names.
    #[error("blob `{blob}` has digest {actual}, expected {expected}")]
    Digest {
        /// Which blob.
        blob: String,
        /// What the manifest says.
        expected: Digest,
        /// What the bytes say.
        actual: Digest,
    },
    /// The content is not what the image's configuration names.
    #[error("the content of blob `{blob}` has diff id {actual}, expected {expected}")]
    DiffId {
        /// Which blob.
        blob: String,
        /// What the configuration says.
        expected: Digest,
        /// What the content says.
        actual: Digest,
    },
    /// The blob is longer or shorter than the manifest says.
    #[error("blob `{blob}` has {} bytes, expected {expected}", SizeFound(*.actual, *.expected))]
    Size {
        /// Which blob.
        blob: String,
        /// What the manifest says.
        expected: u64,
        /// What was read; reading stops at the first byte too many.
        actual: u64,
    },
    /// The blob or its content exceeds [`super::Limits::content`].
    #[error("blob `{blob}` has more than {limit} bytes of content")]
    TooLarge {
        /// Which blob.
        blob: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The blob expands like a decompression bomb, see [`super::Limits::ratio`].
    #[error(
        "blob `{blob}` expands {compressed} bytes to more than {content}, over {limit} times: a decompression bomb"
    )]
    Ratio {
        /// Which blob.
        blob: String,
        /// Compressed bytes used so far.
        compressed: u64,
        /// Content so far.
        content: u64,
        /// The limit.
        limit: u64,
    },
    /// The time is over, see [`super::Limits::time`].
    #[error("blob `{blob}` takes longer than {seconds} seconds")]
    Time {
        /// Which blob.
        blob: String,
        /// The limit in seconds.
        seconds: u64,
    },
    /// The machine gives no thread, or a thread ended early, which is a bug of ours.
    #[error("cannot process blob `{blob}`: {reason}")]
    Worker {
        /// Which blob.
        blob: String,
        /// What happened.
        reason: String,
    },
}

/// A size for [`BlobError::Size`]: where it is too large it is not known exactly.
struct SizeFound(u64, u64);

impl std::fmt::Display for SizeFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 > self.1 {
            write!(f, "more than {}", self.1)
        } else {
            write!(f, "{}", self.0)
        }
    }
}
