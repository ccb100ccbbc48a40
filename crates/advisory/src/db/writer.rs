//! Joins what a [`Builder`] collected and lays it out as the bytes of a database.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_model::advisory::{Epss, KnownExploited};

use super::builder::{Builder, RecordRow};
use super::file::BlockWriter;
use super::flaw::{CORE_GROUP, Flaw, OwnedRating, Record, TEXT_GROUP, Texts, pack};
use super::flaws::{Claimed, Flaws};
use super::index::{Index, hash};
use super::interner::number;
use super::join::{is_cve, is_erratum};
use super::meta::{FeedMetaRow, Meta};
use super::package::{RuleWithFlaws, encode_package};
use super::repositories::Repositories;
use crate::BuildError;
use crate::rating::Rating;

/// How hard to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For a database that lives in memory only.
    Quick,
    /// For a file.
    Small,
}

const RATING_LIMIT: usize = 24;
const REFERENCE_LIMIT: usize = 6;

impl Builder {
    /// The bytes of the database; equal content gives equal bytes.
    pub(crate) fn finish(self, effort: Effort) -> Result<Vec<u8>, BuildError> {
        let order = self.package_order();
        let flaws = self.flaws(&order)?;
        let feeds = self.feed_order();
        let mut out = BlockWriter::new();
        let too_large = || BuildError::TooMany { what: "bytes" };

        let packages = write_packages(&order, &flaws, &mut out)?;
        let rank = rank(&feeds)?;
        let level = match effort {
            Effort::Quick => 1,
            Effort::Small => 15,
        };
        let count = flaws.members.len();
        let cores = write_groups(count, CORE_GROUP, level, &mut out, &|place, out| {
            self.joined(&flaws, &rank, place).encode(out);
        })?;
        let texts = write_groups(count, TEXT_GROUP, level, &mut out, &|place, out| {
            let members = flaws.members.get(place);
            self.texts(members.map_or(&[], Vec::as_slice)).encode(out);
        })?;
        let ids = (0..count).flat_map(|place| ids(&self.joined(&flaws, &rank, place), place));
        let ids = Index::write(ids.collect(), &mut out).ok_or_else(too_large)?;

        let lifecycles: Vec<_> = self.lifecycles.values().collect();
        // Writing plain data to memory has nothing to fail on; an empty block would not be read.
        let lifecycles = postcard::to_stdvec(&lifecycles).unwrap_or_default();
        let lifecycles = out.block(&lifecycles).ok_or_else(too_large)?;

        let repositories = Repositories::encode(&self.repositories);
        let repositories = out.block(&repositories).ok_or_else(too_large)?;

        let meta = Meta {
            newest: self
                .feeds
                .iter()
                .filter(|feed| feed.advisories > 0)
                .filter_map(|feed| feed.newest)
                .max()
                .map(jiff::Timestamp::as_second),
            feeds: feeds
                .iter()
                .filter_map(|place| self.feeds.get(*place as usize))
                .map(|feed| FeedMetaRow {
                    id: feed.id.clone(),
                    newest: feed.newest.map(jiff::Timestamp::as_second),
                    records: feed.records,
                })
                .collect(),
            covered: self
                .covered
                .iter()
                .map(|key| key.as_str().to_owned())
                .collect(),
            flaws: count as u64,
            packages: self.packages.len() as u64,
            claims: self.claims.len() as u64,
            package_index: packages,
            id_index: ids,
            cores,
            texts,
            lifecycles,
            repositories,
        };
        let meta = out.block(&meta.encode()).ok_or_else(too_large)?;
        Ok(out.seal(meta))
    }

    /// Feeds sorted by id.
    fn feed_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..).take(self.feeds.len()).collect();
        order.sort_by_key(|place| self.feeds.get(*place as usize).map(|feed| &feed.id));
        order
    }

    /// A flaw as it is written, with ratings and marks of the CVE ids that it mentions. Made when it is asked for:
    /// a million of them would not fit.
    fn joined(&self, flaws: &Flaws, rank: &[u32], place: usize) -> Flaw {
        let alone = |place: usize| {
            let members = flaws.members.get(place).map_or(&[][..], Vec::as_slice);
            flaws
                .mentioned
                .get(place)
                .map(|mentioned| self.flaw(members, mentioned, rank))
        };
        let Some(mut flaw) = alone(place) else {
            return Flaw::default();
        };
        let mentions = flaws.mentions.get(place).into_iter().flatten();
        for other in mentions.filter_map(|other| alone(*other as usize)) {
            flaw.exploited = fuller(flaw.exploited, other.exploited);
            flaw.epss = likelier(flaw.epss, other.epss);
            flaw.ratings
                .extend(other.ratings.into_iter().map(|owned| OwnedRating {
                    record: None,
                    ..owned
                }));
        }
        flaw.ratings
            .sort_by(|left, right| (right.rating.tenths, left).cmp(&(left.rating.tenths, right)));
        flaw.ratings.dedup();
        flaw.ratings.truncate(RATING_LIMIT);
        flaw
    }

    fn flaw(&self, members: &[u32], mentioned: &BTreeSet<u32>, rank: &[u32]) -> Flaw {
        let text = |place: u32| self.strings.get(place).unwrap_or_default().to_owned();
        let mut flaw = Flaw::default();
        let mut ids = BTreeSet::new();
        for (place, row) in (0_u32..).zip(self.rows(members)) {
            let feed = rank.get(row.feed as usize).copied().unwrap_or(u32::MAX);
            flaw.records.push(Record {
                feed,
                id: text(row.record),
                word: row.word,
                withdrawn: row.withdrawn,
            });
            ids.insert(text(row.id));
            flaw.epss = likelier(flaw.epss, self.epss.get(&row.id).copied());
            flaw.doubts.extend(row.doubt);
            if row.withdrawn.is_some() {
                continue;
            }
            for alias in &row.aliases {
                flaw.epss = likelier(flaw.epss, self.epss.get(alias).copied());
            }
            let several = self.cves_together(row);
            let own = row.aliases.iter().filter(|alias| !several.contains(alias));
            ids.extend(
                own.map(|alias| text(*alias))
                    .filter(|alias| !is_erratum(alias)),
            );
            flaw.exploited = fuller(flaw.exploited, row.exploited);
            flaw.malicious |= row.malicious;
            flaw.published = match (flaw.published, row.published) {
                (Some(left), Some(right)) => Some(left.min(right)),
                (left, right) => left.or(right),
            };
            flaw.modified = flaw.modified.max(row.modified);
            flaw.ratings
                .extend(row.ratings.iter().map(|(vector, tenths, by)| OwnedRating {
                    rating: Rating {
                        vector: text(*vector),
                        tenths: *tenths,
                        by: *by,
                    },
                    feed,
                    record: Some(place),
                }));
        }
        // A group never holds two CVE ids, but the ids that refused to join may.
        let order = |id: &&String| (!is_cve(id), !id.starts_with("GHSA-"), (*id).clone());
        flaw.id = ids.iter().min_by_key(order).cloned().unwrap_or_default();
        ids.extend(mentioned.iter().map(|cve| text(*cve)));
        flaw.doubts.sort_unstable();
        flaw.doubts.dedup();
        ids.remove(&flaw.id);
        flaw.aliases = ids.into_iter().collect();
        flaw
    }

    fn rows<'a>(&'a self, members: &'a [u32]) -> impl Iterator<Item = &'a RecordRow> {
        members
            .iter()
            .filter_map(|record| self.records.get(*record as usize))
    }

    /// The texts of the records that tell most: titles from those who write for people, references of all.
    fn texts(&self, members: &[u32]) -> Texts {
        let mut rows: Vec<_> = self
            .rows(members)
            .filter(|row| row.withdrawn.is_none() || members.len() == 1)
            .map(|row| {
                let feed = self
                    .feeds
                    .get(row.feed as usize)
                    .map_or("", |feed| feed.id.as_str());
                (text_rank(feed), row)
            })
            .collect();
        rows.sort_by_key(|(rank, _)| *rank);
        let mut texts = Texts::default();
        let mut seen = BTreeSet::new();
        for (_, row) in rows {
            for (kept, offered) in [
                (&mut texts.title, &row.title),
                (&mut texts.title_zh, &row.title_zh),
                (&mut texts.description, &row.description),
            ] {
                if kept.is_empty() {
                    kept.push_str(offered);
                }
            }
            for address in &row.references {
                if texts.references.len() < REFERENCE_LIMIT && seen.insert(*address) {
                    texts
                        .references
                        .extend(self.strings.get(*address).map(str::to_owned));
                }
            }
        }
        texts
    }
}

/// Of two entries of catalogues the one that tells more.
fn fuller(left: Option<KnownExploited>, right: Option<KnownExploited>) -> Option<KnownExploited> {
    let told =
        |known: &KnownExploited| (known.added.is_some(), known.due.is_some(), known.ransomware);
    left.into_iter().chain(right).max_by_key(told)
}

/// Of two predictions the higher.
fn likelier(left: Option<Epss>, right: Option<Epss>) -> Option<Epss> {
    let higher = |one: &Epss, other: &Epss| one.probability.total_cmp(&other.probability);
    left.into_iter().chain(right).max_by(higher)
}

fn write_packages(
    order: &[(&str, &str, Vec<Claimed<'_>>)],
    flaws: &Flaws,
    out: &mut BlockWriter,
) -> Result<Index, BuildError> {
    let mut entries = Vec::new();
    for (ecosystem, name, claims) in order {
        let mut rules: Vec<RuleWithFlaws<'_>> = Vec::new();
        for (rule, record) in claims {
            let place = flaws
                .place
                .get(*record as usize)
                .copied()
                .unwrap_or_default();
            match rules.last_mut() {
                Some((last, places)) if last == rule => places.push(place),
                _ => rules.push((*rule, vec![place])),
            }
        }
        for (_, places) in &mut rules {
            places.sort_unstable();
            places.dedup();
        }
        let block = encode_package(ecosystem, name, &rules);
        let offset = out
            .block(&block)
            .ok_or(BuildError::TooMany { what: "bytes" })?;
        entries.push((hash(&[ecosystem, name]), offset));
    }
    Index::write(entries, out).ok_or(BuildError::TooMany { what: "bytes" })
}

/// Whose texts are taken first. The watchlist's titles exist in both languages; the titles of errata are
/// about packages and not about flaws.
fn text_rank(feed: &str) -> u8 {
    match feed {
        "watchlist" => 0,
        "osv/AlmaLinux" | "osv/Rocky Linux" => 5,
        "cve" | "osv/Bitnami" => 3,
        "kev" | "redhat" => 2,
        "debian" | "nvd" => 4,
        _ if feed.starts_with("osv/") => 1,
        _ => 6,
    }
}

/// For each feed its place among the feeds as they are written.
fn rank(order: &[u32]) -> Result<Vec<u32>, BuildError> {
    let mut rank = vec![0; order.len()];
    for (place, feed) in order.iter().enumerate() {
        if let Some(rank) = rank.get_mut(*feed as usize) {
            *rank = number(place, "feeds")?;
        }
    }
    Ok(rank)
}

/// Groups that are packed before they are written, so that memory stays bounded.
const BATCH: usize = 1024;

/// Packs what `encode` writes for each place in groups of `size`, several groups side by side, and writes the groups
/// in order.
fn write_groups(
    count: usize,
    size: u64,
    level: i32,
    out: &mut BlockWriter,
    encode: &(dyn Fn(usize, &mut Vec<u8>) + Sync),
) -> Result<super::file::Table, BuildError> {
    let too_large = || BuildError::TooMany { what: "bytes" };
    let size = usize::try_from(size).unwrap_or(1).max(1);
    let groups = count.div_ceil(size);
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let mut offsets = Vec::with_capacity(groups);
    for first in (0..groups).step_by(BATCH) {
        let end = first.saturating_add(BATCH).min(groups);
        let next = AtomicUsize::new(first);
        let work = || {
            let mut done = Vec::new();
            loop {
                let group = next.fetch_add(1, Ordering::Relaxed);
                if group >= end {
                    return done;
                }
                let from = group.saturating_mul(size);
                let places = from..from.saturating_add(size).min(count);
                let entries: Vec<Vec<u8>> = places
                    .map(|place| {
                        let mut bytes = Vec::new();
                        encode(place, &mut bytes);
                        bytes
                    })
                    .collect();
                done.push((group, pack(&entries, level)));
            }
        };
        let mut packed = thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut packed = work();
            for other in others {
                // A thread that panicked would leave a hole, which is found below.
                packed.extend(other.join().unwrap_or_default());
            }
            packed
        });
        if packed.len() != end.saturating_sub(first) {
            return Err(too_large());
        }
        packed.sort_by_key(|(group, _)| *group);
        for (_, packed) in packed {
            let packed = packed.map_err(|_| too_large())?;
            offsets.push(out.block(&packed).ok_or_else(too_large)?);
        }
    }
    out.table(&offsets).ok_or_else(too_large)
}

/// Under which ids a flaw is found, as hashes with its place.
fn ids(flaw: &Flaw, place: usize) -> Vec<(u64, u64)> {
    let records = flaw.records.iter().map(|record| &record.id);
    let ids: BTreeSet<&String> = flaw
        .aliases
        .iter()
        .chain([&flaw.id])
        .chain(records)
        .collect();
    ids.into_iter()
        .map(|id| (hash(&[id]), place as u64))
        .collect()
}
