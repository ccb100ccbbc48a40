//! Reading packages and flaws out of a database, with the unpacked groups kept for the next question.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use jiff::Timestamp;
use plimsoll_model::advisory::{Doubt, Epss, KnownExploited};

use super::bytes::Cursor;
use super::file::{Table, divide};
use super::flaw::{CORE_GROUP, Flaw, TEXT_GROUP, Texts, entry, unpack};
use super::index::hash;
use super::package::{PackageBlock, RuleEntry};
use super::{Database, timestamp};
use crate::DatabaseError;
use crate::key::EcosystemKey;

/// Unpacked groups that are kept at most; more would be memory without use, as neighbours are asked together.
const KEPT_GROUPS: usize = 256;

/// One thread's way into a database.
pub(crate) struct Reader<'a> {
    db: &'a Database,
    unpacker: Option<zstd::bulk::Decompressor<'static>>,
    groups: BTreeMap<u64, Rc<Vec<u8>>>,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({} groups)", self.groups.len())
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(db: &'a Database) -> Self {
        Self {
            db,
            unpacker: None,
            groups: BTreeMap::new(),
        }
    }

    /// The rules for a package; none if nothing is known of it. The name is compared as it is.
    pub(crate) fn package(
        &self,
        key: &EcosystemKey,
        name: &str,
    ) -> Result<Vec<RuleEntry<'a>>, DatabaseError> {
        let blocks = &self.db.blocks;
        let index = self.db.meta.package_index;
        for offset in index.find(blocks, hash(&[key.as_str(), name]))? {
            let damaged = || blocks.damaged(offset, "a package block cannot be read");
            let block = PackageBlock::new(blocks.block(offset)?).ok_or_else(damaged)?;
            if block.ecosystem == key.as_str() && block.name == name {
                return block.rules().ok_or_else(damaged);
            }
        }
        Ok(Vec::new())
    }

    pub(super) fn flaw(&mut self, number: u32) -> Result<Flaw, DatabaseError> {
        self.entry(self.db.meta.cores, CORE_GROUP, number, Flaw::decode)
    }

    pub(super) fn texts(&mut self, number: u32) -> Result<Texts, DatabaseError> {
        self.entry(self.db.meta.texts, TEXT_GROUP, number, Texts::decode)
    }

    fn entry<T>(
        &mut self,
        table: Table,
        group: u64,
        number: u32,
        decode: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
    ) -> Result<T, DatabaseError> {
        let (page, place) = divide(number.into(), group);
        let offset = self.db.blocks.lookup(table, page)?;
        let bytes = self.group(offset)?;
        entry(&bytes, place)
            .and_then(|mut cursor| decode(&mut cursor))
            .ok_or_else(|| self.db.blocks.damaged(offset, "a flaw cannot be read"))
    }

    fn group(&mut self, offset: u64) -> Result<Rc<Vec<u8>>, DatabaseError> {
        if let Some(group) = self.groups.get(&offset) {
            return Ok(Rc::clone(group));
        }
        let damaged = || {
            self.db
                .blocks
                .damaged(offset, "a group of flaws cannot be unpacked")
        };
        let payload = self.db.blocks.block(offset)?;
        if self.unpacker.is_none() {
            self.unpacker = Some(zstd::bulk::Decompressor::new().map_err(|_| damaged())?);
        }
        let unpacker = self.unpacker.as_mut().ok_or_else(damaged)?;
        let group = Rc::new(unpack(unpacker, payload).ok_or_else(damaged)?);
        if self.groups.len() >= KEPT_GROUPS {
            self.groups.clear();
        }
        self.groups.insert(offset, Rc::clone(&group));
        Ok(group)
    }

    /// All that is known of a flaw.
    pub(crate) fn known(&mut self, number: u32) -> Result<KnownFlaw, DatabaseError> {
        let flaw = self.flaw(number)?;
        let texts = self.texts(number)?;
        let feed = |place: u32| {
            let row = self.db.meta.feeds.get(place as usize);
            row.map_or("", |row| row.id.as_str()).to_owned()
        };
        Ok(KnownFlaw {
            records: flaw
                .records
                .iter()
                .map(|record| KnownRecord {
                    feed: feed(record.feed),
                    id: record.id.clone(),
                    word: record.word,
                    released: timestamp(record.released),
                    withdrawn: timestamp(record.withdrawn),
                })
                .collect(),
            ratings: flaw
                .ratings
                .into_iter()
                .map(|owned| KnownRating {
                    rating: owned.rating,
                    feed: feed(owned.feed),
                    record: owned.record,
                })
                .collect(),
            id: flaw.id,
            aliases: flaw.aliases,
            exploited: flaw.exploited,
            epss: flaw.epss,
            doubts: flaw.doubts,
            malicious: flaw.malicious,
            published: timestamp(flaw.published),
            modified: timestamp(flaw.modified),
            title: texts.title,
            title_zh: texts.title_zh,
            description: texts.description,
            references: texts.references,
        })
    }
}

/// What a database knows of a flaw, apart from packages.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownFlaw {
    /// The id to show.
    pub id: String,
    /// All other ids, sorted.
    pub aliases: Vec<String>,
    /// What the catalogue of known exploited flaws tells.
    pub exploited: Option<KnownExploited>,
    /// How likely it is to be exploited.
    pub epss: Option<Epss>,
    /// What speaks against it as such, sorted.
    pub doubts: Vec<Doubt>,
    /// The packages are malware.
    pub malicious: bool,
    /// Earliest date.
    pub published: Option<Timestamp>,
    /// Latest date.
    pub modified: Option<Timestamp>,
    /// The records that speak of it, ordered by feed and id.
    pub records: Vec<KnownRecord>,
    /// Ratings, worst first.
    pub ratings: Vec<KnownRating>,
    /// A short title; may be empty.
    pub title: String,
    /// The same in Simplified Chinese; may be empty.
    pub title_zh: String,
    /// A longer text; may be empty.
    pub description: String,
    /// Addresses to read more.
    pub references: Vec<String>,
}

/// One record of a [`KnownFlaw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRecord {
    /// The feed, such as `osv/npm`.
    pub feed: String,
    /// The record's id in it.
    pub id: String,
    /// Its rating in a word.
    pub word: Option<plimsoll_model::Severity>,
    /// When the fixes of which it tells could be installed; only errata know.
    pub released: Option<Timestamp>,
    /// When it was taken back.
    pub withdrawn: Option<Timestamp>,
}

/// One rating of a [`KnownFlaw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRating {
    /// The rating.
    pub rating: crate::rating::Rating,
    /// Who published it.
    pub feed: String,
    /// Place among the records; `None` where it is that of another flaw which a record names too.
    pub record: Option<u32>,
}

impl KnownRating {
    /// Who rated: a name of `Rater`, else the feed.
    #[must_use]
    pub fn source(&self) -> &str {
        self.rating.by.name().unwrap_or(&self.feed)
    }
}

impl Database {
    /// Looks a flaw up by any of its ids, withdrawn records included; ids are compared as they are.
    pub fn find(&self, id: &str) -> Result<Vec<KnownFlaw>, DatabaseError> {
        let mut reader = Reader::new(self);
        let mut found = Vec::new();
        for place in self.meta.id_index.find(&self.blocks, hash(&[id]))? {
            let number = u32::try_from(place)
                .map_err(|_| self.blocks.damaged(0, "a wrong number in the id index"))?;
            if reader.flaw(number)?.has_id(id) {
                found.push(reader.known(number)?);
            }
        }
        Ok(found)
    }
}
