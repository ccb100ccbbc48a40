//! The compiled database: one immutable file, of which is read what is asked for.
//!
//! | part | what | read when |
//! |---|---|---|
//! | header | format, digest of all that follows | opening |
//! | meta block | feeds, covered ecosystems, where the rest is | opening |
//! | name blocks | first package of each page of packages | a package is looked up |
//! | pages of packages | rules, and the flaws under each; compressed, some 3 KB of neighbours in each | the same |
//! | pages of flaws | ids, records, ratings, texts of 4 flaws; compressed | a flaw concerns the package |
//! | dictionaries | what pages of a kind have in common | the first page of the kind is read |
//! | id index | hash of an id → flaws | somebody asks for an id |
//! | lifecycle block | support dates of distributions | an image is assessed |
//!
//! Every block carries a checksum that is proved when it is read, a page tells how long it is and unpacks to no more
//! and to 16 MiB at most, and [`Database::verify`] proves the digest of the whole file, which is what an installer
//! does once. The format has no version but the current: a database is made anew rather than converted.

mod build;
mod builder;
mod bytes;
mod file;
mod flaw;
mod flaws;
mod index;
mod interner;
mod join;
mod meta;
mod names;
mod package;
mod pages;
mod reader;
mod repositories;
mod sources;
mod tidy;
mod writer;

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use plimsoll_model::advisory::{FeedState, Knowledge, Snapshot};
use plimsoll_model::lifecycle::Lifecycle;

#[cfg(test)]
pub(crate) use build::read_folder;
pub use build::{BuildReport, Counts, build};
pub use builder::{Builder, FeedNo};
pub use reader::{KnownFlaw, KnownRating, KnownRecord};

pub(crate) use package::{Rule, RuleClaim};
pub(crate) use pages::Effort;
pub(crate) use reader::Reader;
pub(crate) use repositories::Repositories;
pub(crate) use sources::Sources;

use crate::DatabaseError;
use crate::key::EcosystemKey;
use file::Blocks;
use meta::Meta;

/// How many seconds after its newest record a database counts as too old, if nobody says otherwise, and after how many
/// a publisher should be asked again: 30 days.
pub const FRESH: i64 = 30 * 86_400;

/// An opened database.
#[derive(Debug)]
pub struct Database {
    blocks: Blocks,
    meta: Meta,
    knowledge: Knowledge,
}

impl Database {
    /// Opens a file. The header, its checksum, the length and the meta block are checked; all else is
    /// checked when it is read. See [`verify`](Self::verify).
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Self::new(Blocks::open(path)?, Knowledge::Database)
    }

    /// Opens a database that lies in memory; `name` is for messages.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, DatabaseError> {
        Self::new(Blocks::held(name, bytes)?, Knowledge::Database)
    }

    /// The list that is compiled into the program, as a database.
    pub fn watchlist() -> Result<Self, DatabaseError> {
        let bytes = crate::watchlist::compile().unwrap_or_default();
        Self::new(Blocks::held("watchlist", bytes)?, Knowledge::Watchlist)
    }

    fn new(blocks: Blocks, knowledge: Knowledge) -> Result<Self, DatabaseError> {
        let offset = blocks.meta_offset();
        let meta = Meta::decode(&blocks.block(offset)?)
            .ok_or_else(|| blocks.damaged(offset, "the meta block cannot be read"))?;
        Ok(Self {
            blocks,
            meta,
            knowledge,
        })
    }

    /// Proves the digest of the whole file; reads all of it. For the moment of installation.
    pub fn verify(&self) -> Result<(), DatabaseError> {
        self.blocks.verify()
    }

    /// What a report must name to be repeated.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut id = String::from("sha256:");
        for byte in self.blocks.digest() {
            // Writing to a text does not fail.
            let _ = write!(id, "{byte:02x}");
        }
        Snapshot {
            knowledge: self.knowledge,
            id,
            newest: timestamp(self.meta.newest),
            expires: self.expires(),
            feeds: self
                .meta
                .feeds
                .iter()
                .map(|feed| FeedState {
                    feed: feed.id.clone(),
                    newest: timestamp(feed.newest),
                    records: feed.records,
                    problems: feed.problems,
                })
                .collect(),
        }
    }

    /// Feeds get records every day, so that a database without new ones is an old one. The built-in list is no
    /// picture of any day.
    fn expires(&self) -> Option<Timestamp> {
        let newest = self
            .meta
            .newest
            .filter(|_| self.knowledge == Knowledge::Database)?;
        timestamp(newest.checked_add(FRESH))
    }

    /// The support dates of distributions that it has, sorted by distribution and release, and their date.
    pub fn lifecycles(&self) -> Result<(Vec<Lifecycle>, Option<Timestamp>), DatabaseError> {
        let offset = self.meta.lifecycles;
        let rows = postcard::from_bytes(&self.blocks.block(offset)?).map_err(|_| {
            self.blocks
                .damaged(offset, "the support dates cannot be read")
        })?;
        let feed = self.meta.feeds.iter().find(|feed| feed.id == "endoflife");
        Ok((rows, feed.and_then(|feed| timestamp(feed.newest))))
    }

    /// The products of Red Hat's repositories.
    pub(crate) fn repositories(&self) -> Result<Repositories, DatabaseError> {
        let offset = self.meta.repositories;
        Repositories::decode(&self.blocks.block(offset)?).ok_or_else(|| {
            self.blocks
                .damaged(offset, "the repositories cannot be read")
        })
    }

    /// Of what the binary packages of a release are built; empty where its advisories do not tell.
    pub(crate) fn sources(&self, key: &EcosystemKey) -> Result<Sources, DatabaseError> {
        let all = &self.meta.sources;
        let place = all.binary_search_by(|(known, _)| known.as_str().cmp(key.as_str()));
        let Some((_, offset)) = place.ok().and_then(|place| all.get(place)) else {
            return Ok(Sources::default());
        };
        Sources::decode(&self.blocks.block(*offset)?).ok_or_else(|| {
            self.blocks
                .damaged(*offset, "the names of source packages cannot be read")
        })
    }

    /// How much is in it.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            flaws: self.meta.flaws,
            packages: self.meta.packages,
            claims: self.meta.claims,
            bytes: self.blocks.length(),
        }
    }

    /// Keys of the ecosystems of which its feeds speak, sorted.
    #[must_use]
    pub fn ecosystems(&self) -> &[String] {
        &self.meta.covered
    }

    /// Whether its feeds speak of an ecosystem; if not, finding nothing means nothing.
    #[must_use]
    pub fn covers(&self, key: &EcosystemKey) -> bool {
        self.meta
            .covered
            .binary_search_by(|covered| covered.as_str().cmp(key.as_str()))
            .is_ok()
    }

    /// The repositories of a release whose errata it has, by the names that mirrors give them.
    pub(crate) fn errata_of(&self, key: &EcosystemKey) -> Vec<String> {
        let covered = self.meta.covered.iter();
        covered
            .filter_map(|covered| key.repository_in(covered))
            .map(str::to_owned)
            .collect()
    }

    /// When the publishers of an ecosystem's advisories were last asked; of several, the one that was not asked for
    /// the longest time. `None` where the documents were not fetched by `db update`.
    #[must_use]
    pub fn checked(&self, key: &EcosystemKey) -> Option<Timestamp> {
        let place = self
            .meta
            .covered
            .binary_search_by(|covered| covered.as_str().cmp(key.as_str()));
        timestamp(*self.meta.checked.get(place.ok()?)?)
    }

    /// What kind of knowledge it is.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }
}

/// Decodes bytes as each kind of payload, and opens a file whose meta block they are. For fuzzing.
pub(crate) fn exercise_decoders(bytes: &[u8]) -> Option<Database> {
    let place = package::PackagePlace::find(bytes, ("npm", "a"));
    let _ = place.flatten().and_then(|place| place.said(bytes));
    let _ = names::Names::page(bytes, ("npm", "a"));
    let _ = package::Rule::decode(bytes);
    let _ = flaw::Flaw::decode(&mut bytes::Cursor::new(bytes));
    let _ = Repositories::decode(bytes).map(|all| all.products("x").is_some());
    let _ = Sources::decode(bytes).map(|all| all.of("x").len());
    let _ = flaw::Texts::decode(&mut bytes::Cursor::new(bytes));
    if let Ok(mut unpacker) = zstd::bulk::Decompressor::new() {
        let _ = pages::unpack(&mut unpacker, bytes, &mut Vec::new());
    }
    let _ = zstd::bulk::Decompressor::with_dictionary(bytes)
        .map(|mut unpacker| pages::unpack(&mut unpacker, bytes, &mut Vec::new()));
    let mut out = file::BlockWriter::new();
    // Two blocks with the payload, so that tables of the meta block have something to point at.
    out.block(bytes)?;
    let meta = out.block(bytes)?;
    Database::from_bytes("fuzz", out.seal(meta)).ok()
}

fn timestamp(seconds: Option<i64>) -> Option<Timestamp> {
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
}
