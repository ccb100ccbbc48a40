//! Reading packages and flaws out of a database, with what was unpacked kept for the next question.

use std::fmt;
use std::rc::Rc;

use jiff::Timestamp;
use plimsoll_model::advisory::{Doubt, Epss, KnownExploited};

use super::file::{Blocks, Table, divide};
use super::flaw::{Flaw, GROUP, Texts, entry};
use super::index::hash;
use super::names::Names;
use super::package::{PackagePlace, PackageSaid};
use super::pages::unpack;
use super::{Database, timestamp};
use crate::DatabaseError;
use crate::key::EcosystemKey;

/// Blocks of tables that are kept at most, some 4 KB each.
const KEPT_TABLES: usize = 256;
/// Unpacked pages that are kept at most, some 3 KB each; neighbours are asked together.
const KEPT_PAGES: usize = 256;
/// The longest of either that is kept.
const KEPT_BYTES: usize = 64 << 10;

/// One thread's way into a database.
pub(crate) struct Reader<'a> {
    db: &'a Database,
    packages: Unpacker,
    flaws: Unpacker,
    /// Blocks of tables as they are.
    tables: Kept,
    /// Pages, unpacked.
    pages: Kept,
}

/// Bytes that were read, each in the slot that its offset says. What is read later takes the memory of what it
/// displaces, for the allocator would put much work into giving and taking thousands of pages.
struct Kept {
    slots: Vec<(Option<u64>, Rc<Vec<u8>>)>,
}

impl Kept {
    fn new(slots: usize) -> Self {
        Self {
            slots: vec![(None, Rc::default()); slots],
        }
    }

    /// The slot of an offset.
    fn slot(&mut self, offset: u64) -> Option<&mut (Option<u64>, Rc<Vec<u8>>)> {
        // Fibonacci hashing: neighbours fall into different slots.
        let hash = offset.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let (_, slot) = divide(hash, self.slots.len() as u64);
        self.slots.get_mut(usize::try_from(slot).ok()?)
    }

    /// What was read there, else what `read` puts into an empty buffer.
    fn get<E>(
        &mut self,
        offset: u64,
        read: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Rc<Vec<u8>>, E> {
        let Some((at, bytes)) = self.slot(offset) else {
            let mut new = Vec::new();
            read(&mut new)?;
            return Ok(Rc::new(new));
        };
        if *at == Some(offset) {
            return Ok(Rc::clone(bytes));
        }
        *at = None;
        let mut buffer = match Rc::get_mut(bytes) {
            Some(bytes) => std::mem::take(bytes),
            None => Vec::new(),
        };
        buffer.clear();
        read(&mut buffer)?;
        if buffer.len() > KEPT_BYTES {
            return Ok(Rc::new(buffer));
        }
        buffer.shrink_to(KEPT_BYTES);
        *bytes = Rc::new(buffer);
        *at = Some(offset);
        Ok(Rc::clone(bytes))
    }
}

/// What is on a page.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Packages,
    Flaws,
}

/// Unpacks the pages that share a dictionary, which is loaded when the first of them is asked for.
struct Unpacker {
    dictionary: u64,
    inner: Option<zstd::bulk::Decompressor<'static>>,
}

impl Unpacker {
    fn get(
        &mut self,
        blocks: &Blocks,
    ) -> Result<&mut zstd::bulk::Decompressor<'static>, DatabaseError> {
        let offset = self.dictionary;
        let damaged = || blocks.damaged(offset, "a dictionary cannot be loaded");
        if self.inner.is_none() {
            let dictionary = blocks.block(offset)?;
            let new = zstd::bulk::Decompressor::with_dictionary(&dictionary);
            self.inner = Some(new.map_err(|_| damaged())?);
        }
        self.inner.as_mut().ok_or_else(damaged)
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({:?})", self.db.blocks)
    }
}

/// A package that was found, with the page that has it.
#[derive(Debug)]
pub(crate) struct FoundPackage {
    page: Rc<Vec<u8>>,
    offset: u64,
    place: PackagePlace,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(db: &'a Database) -> Self {
        let unpacker = |dictionary| Unpacker {
            dictionary,
            inner: None,
        };
        Self {
            db,
            packages: unpacker(db.meta.package_dictionary),
            flaws: unpacker(db.meta.flaw_dictionary),
            tables: Kept::new(KEPT_TABLES),
            pages: Kept::new(KEPT_PAGES),
        }
    }

    /// A package; `None` if nothing is known of it. The name is compared as it is.
    pub(crate) fn package(
        &mut self,
        key: &EcosystemKey,
        name: &str,
    ) -> Result<Option<FoundPackage>, DatabaseError> {
        let blocks = &self.db.blocks;
        let wanted = (key.as_str(), name);
        let Some(block) = self.db.meta.names.block(wanted) else {
            return Ok(None);
        };
        let names = self.table(block)?;
        let page = Names::page(&names, wanted)
            .ok_or_else(|| blocks.damaged(block, "the names of packages cannot be read"))?;
        let Some(offset) = page else {
            return Ok(None);
        };
        let page = self.page(Kind::Packages, offset)?;
        let place = PackagePlace::find(&page, wanted)
            .ok_or_else(|| blocks.damaged(offset, "a page of packages cannot be read"))?;
        Ok(place.map(|place| FoundPackage {
            page,
            offset,
            place,
        }))
    }

    /// What is said of a package that was found.
    pub(crate) fn said<'f>(
        &self,
        found: &'f FoundPackage,
    ) -> Result<PackageSaid<'f>, DatabaseError> {
        found.place.said(&found.page).ok_or_else(|| {
            self.db
                .blocks
                .damaged(found.offset, "the rules of a package cannot be read")
        })
    }

    /// A flaw and its texts.
    fn flaw(&mut self, number: u32) -> Result<(Flaw, Texts), DatabaseError> {
        let blocks = &self.db.blocks;
        let table = self.db.meta.flaw_pages;
        let (group, place) = divide(number.into(), GROUP);
        let at = table
            .page(group)
            .ok_or_else(|| blocks.damaged(table.offset, "a place behind the end of a table"))?;
        let offset = Table::number(group, &self.table(at)?)
            .ok_or_else(|| blocks.damaged(at, "a short page of a table"))?;
        let page = self.page(Kind::Flaws, offset)?;
        entry(&page, place)
            .and_then(|mut cursor| Some((Flaw::decode(&mut cursor)?, Texts::decode(&mut cursor)?)))
            .ok_or_else(|| blocks.damaged(offset, "a flaw cannot be read"))
    }

    /// A block of a table as it is.
    fn table(&mut self, offset: u64) -> Result<Rc<Vec<u8>>, DatabaseError> {
        let blocks = &self.db.blocks;
        self.tables.get(offset, |bytes| {
            bytes.extend_from_slice(&blocks.block(offset)?);
            Ok(())
        })
    }

    /// An unpacked page.
    fn page(&mut self, kind: Kind, offset: u64) -> Result<Rc<Vec<u8>>, DatabaseError> {
        let blocks = &self.db.blocks;
        let unpacker = match kind {
            Kind::Packages => &mut self.packages,
            Kind::Flaws => &mut self.flaws,
        };
        self.pages.get(offset, |bytes| {
            let damaged = || blocks.damaged(offset, "a page cannot be unpacked");
            let packed = blocks.block(offset)?;
            let inner = unpacker.get(blocks)?;
            unpack(inner, &packed, bytes).ok_or_else(damaged)
        })
    }

    /// All that is known of a flaw.
    pub(crate) fn known(&mut self, number: u32) -> Result<KnownFlaw, DatabaseError> {
        let (flaw, texts) = self.flaw(number)?;
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
        for number in self.meta.id_index.find(&self.blocks, hash(&[id]))? {
            if reader.flaw(number)?.0.has_id(id) {
                found.push(reader.known(number)?);
            }
        }
        Ok(found)
    }
}
