//! The meta block: what the whole database is, read at opening.

use serde::{Deserialize, Serialize};

use super::file::Table;
use super::index::Index;
use super::names::Names;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Meta {
    /// Date of the newest record, in seconds of Unix time.
    pub(super) newest: Option<i64>,
    /// Feeds, sorted by id.
    pub(super) feeds: Vec<FeedMetaRow>,
    /// Keys of the ecosystems of which the feeds speak, sorted.
    pub(super) covered: Vec<String>,
    /// For each of them the time when its publishers were last asked, in seconds of Unix time.
    pub(super) checked: Vec<Option<i64>>,
    pub(super) flaws: u64,
    pub(super) packages: u64,
    pub(super) claims: u64,
    /// Where the pages of packages are.
    pub(super) names: Names,
    /// Offset of the block with their dictionary.
    pub(super) package_dictionary: u64,
    pub(super) id_index: Index,
    /// Where the pages of flaws are.
    pub(super) flaw_pages: Table,
    /// Offset of the block with their dictionary.
    pub(super) flaw_dictionary: u64,
    /// Offset of the block with support dates.
    pub(super) lifecycles: u64,
    /// Offset of the block with the repositories of Red Hat.
    pub(super) repositories: u64,
    /// For releases by their keys, sorted: offset of the block that tells of what their binary packages are built.
    pub(super) sources: Vec<(String, u64)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FeedMetaRow {
    pub(super) id: String,
    pub(super) newest: Option<i64>,
    pub(super) records: u64,
    /// What was left out, or taken in part.
    pub(super) problems: u64,
}

impl Meta {
    pub(super) fn encode(&self) -> Vec<u8> {
        // Writing plain data to memory has nothing to fail on; an empty block would not open.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        postcard::from_bytes(payload).ok()
    }
}
