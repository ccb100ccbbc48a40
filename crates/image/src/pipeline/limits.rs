//! How much a blob may cost.

use std::time::Duration;

/// Limits on one blob. The defaults let every image pass that a person would build on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of content, and of the blob itself. Default 64 GiB.
    pub content: u64,
    /// How many times the content may be as large as the blob, once it is larger than
    /// [`Limits::ratio_floor`]. Default 400: DEFLATE cannot exceed 1032, text reaches about 20.
    pub ratio: u64,
    /// Content up to this size may have any ratio, so that a layer may begin with an empty disk image or
    /// database. Default 256 MiB.
    pub ratio_floor: u64,
    /// Wall time from opening to the end of the content. Default one hour; a source that stalls is for its own
    /// timeouts to find.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            content: 64 << 30,
            ratio: 400,
            ratio_floor: 256 << 20,
            time: Duration::from_hours(1),
        }
    }
}
