//! Joins what a [`Builder`] collected and lays it out as the bytes of a database.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::{Builder, RecordRow, number};
use super::file::BlockWriter;
use super::flaw::{CORE_GROUP, Flaw, OwnedRating, Record, TEXT_GROUP, Texts, pack};
use super::index::{Index, hash};
use super::join::{Groups, is_cve, is_erratum};
use super::meta::{FeedMetaRow, Meta};
use super::package::encode_package;
use crate::BuildError;
use crate::advisory::Exploited;
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
const REFERENCE_LIMIT: usize = 12;

/// Records by flaw: which record belongs to which flaw, and the order of flaws in the file.
struct Flaws {
    /// For each record, the number of its flaw and its place among the flaw's records.
    place: Vec<(u32, u32)>,
    /// For each flaw, its records in order.
    members: Vec<Vec<u32>>,
    /// For each flaw, the flaws of the CVE ids that its records name together.
    mentions: Vec<BTreeSet<u32>>,
    /// For each flaw, those CVE ids.
    mentioned: Vec<BTreeSet<u32>>,
}

impl Builder {
    /// The bytes of the database; equal content gives equal bytes.
    pub(crate) fn finish(self, effort: Effort) -> Result<Vec<u8>, BuildError> {
        let order = self.package_order();
        let flaws = self.flaws(&order)?;
        let feeds = self.feed_order();
        let mut out = BlockWriter::new();
        let too_large = || BuildError::TooMany { what: "bytes" };

        let packages = self.write_packages(&order, &flaws, &mut out)?;
        let joined = self.joined(&flaws, &feeds)?;
        let level = match effort {
            Effort::Quick => 1,
            Effort::Small => 15,
        };
        let cores: Vec<Vec<u8>> = encode_all(joined.iter(), |flaw, out| flaw.encode(out));
        let cores = write_groups(&cores, CORE_GROUP, level, &mut out)?;
        let texts: Vec<Vec<u8>> = encode_all(
            flaws.members.iter().map(|members| self.texts(members)),
            |texts, out| texts.encode(out),
        );
        let texts = write_groups(&texts, TEXT_GROUP, level, &mut out)?;
        let ids = Index::write(id_entries(&joined), &mut out).ok_or_else(too_large)?;

        let meta = Meta {
            newest: self
                .feeds
                .iter()
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
            flaws: joined.len() as u64,
            packages: self.packages.len() as u64,
            claims: self.claims.len() as u64,
            package_index: packages,
            id_index: ids,
            cores,
            texts,
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

    /// Packages sorted by ecosystem and name, each with its claims sorted by rule.
    fn package_order(&self) -> Vec<(&str, &str, Vec<Claimed<'_>>)> {
        let text = |place: u32| self.strings.get(place).unwrap_or_default();
        let mut packages: Vec<_> = self
            .packages
            .iter()
            .map(|(ecosystem, name)| (text(*ecosystem), text(*name), Vec::new()))
            .collect();
        for claim in &self.claims {
            if let Some((_, _, claims)) = packages.get_mut(claim.package as usize) {
                claims.push((self.rules.get(claim.rule).unwrap_or_default(), claim.record));
            }
        }
        packages.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
        for (_, _, claims) in &mut packages {
            claims.sort_unstable();
        }
        packages
    }

    fn flaws(&self, order: &[(&str, &str, Vec<Claimed<'_>>)]) -> Result<Flaws, BuildError> {
        let mut groups = self.groups();
        let roots: Vec<u32> = self
            .records
            .iter()
            .map(|record| groups.root(record.id))
            .collect();
        // Flaws of one package are neighbours, so that one block serves many of its matches.
        let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
        let mut members: Vec<Vec<u32>> = Vec::new();
        let claimed = order
            .iter()
            .flat_map(|(_, _, claims)| claims.iter().map(|claim| claim.1));
        let mut alone: Vec<u32> = (0..).take(self.records.len()).collect();
        alone.sort_by_key(|record| self.record_key(*record));
        for record in claimed.chain(alone.iter().copied()) {
            if let Some(root) = roots.get(record as usize)
                && !numbers.contains_key(root)
            {
                numbers.insert(*root, number(members.len(), "flaws")?);
                members.push(Vec::new());
            }
        }
        let mut place = vec![(0, 0); self.records.len()];
        for record in alone {
            let flaw = roots
                .get(record as usize)
                .and_then(|root| numbers.get(root));
            let Some((flaw, list)) =
                flaw.and_then(|flaw| Some((*flaw, members.get_mut(*flaw as usize)?)))
            else {
                continue;
            };
            if let Some(place) = place.get_mut(record as usize) {
                *place = (flaw, number(list.len(), "records of one flaw")?);
            }
            list.push(record);
        }
        let mut flaws = Flaws {
            place,
            mentions: vec![BTreeSet::new(); members.len()],
            mentioned: vec![BTreeSet::new(); members.len()],
            members,
        };
        for (row, (flaw, _)) in self.records.iter().zip(&flaws.place) {
            for cve in self.cves_together(row) {
                if let Some(mentioned) = flaws.mentioned.get_mut(*flaw as usize) {
                    mentioned.insert(cve);
                }
                let other = numbers.get(&groups.root(cve));
                if let Some((other, mentions)) = other.zip(flaws.mentions.get_mut(*flaw as usize)) {
                    mentions.insert(*other);
                }
            }
        }
        Ok(flaws)
    }

    /// Order of records inside of a flaw: by feed, then by id, then as they came.
    fn record_key(&self, record: u32) -> (&str, &str, &str, u32) {
        let text = |place: u32| self.strings.get(place).unwrap_or_default();
        match self.records.get(record as usize) {
            Some(row) => {
                let feed = self.feeds.get(row.feed as usize);
                (
                    feed.map_or("", |feed| &feed.id),
                    text(row.record),
                    text(row.id),
                    record,
                )
            }
            None => ("", "", "", record),
        }
    }

    fn groups(&self) -> Groups {
        let mut groups = Groups::new(self.strings.len(), |id| {
            self.strings.get(id).is_some_and(is_cve)
        });
        for row in &self.records {
            // A record that was taken back may have been so because its aliases were wrong.
            if row.withdrawn.is_some() {
                continue;
            }
            let several = !self.cves_together(row).is_empty();
            for alias in &row.aliases {
                let text = self.strings.get(*alias).unwrap_or_default();
                if !is_erratum(text) && !(several && is_cve(text)) {
                    groups.join(row.id, *alias);
                }
            }
        }
        groups
    }

    /// The CVE ids that a record names as one flaw, if there are several.
    fn cves_together(&self, row: &RecordRow) -> BTreeSet<u32> {
        let ids = row.aliases.iter().chain([&row.id]);
        let mut cves: BTreeSet<u32> = ids
            .filter(|id| self.strings.get(**id).is_some_and(is_cve))
            .copied()
            .collect();
        if cves.len() < 2 {
            cves.clear();
        }
        cves
    }

    fn write_packages(
        &self,
        order: &[(&str, &str, Vec<Claimed<'_>>)],
        flaws: &Flaws,
        out: &mut BlockWriter,
    ) -> Result<Index, BuildError> {
        let mut entries = Vec::new();
        for (ecosystem, name, claims) in order {
            let mut rules: Vec<(&[u8], Vec<(u32, u32)>)> = Vec::new();
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

    /// The flaws as they are written, with ratings and marks of the CVE ids that they mention.
    fn joined(&self, flaws: &Flaws, feeds: &[u32]) -> Result<Vec<Flaw>, BuildError> {
        let mut rank = vec![0; feeds.len()];
        for (place, feed) in feeds.iter().enumerate() {
            if let Some(rank) = rank.get_mut(*feed as usize) {
                *rank = number(place, "feeds")?;
            }
        }
        let mut joined: Vec<Flaw> = flaws
            .members
            .iter()
            .zip(&flaws.mentioned)
            .map(|(members, mentioned)| self.flaw(members, mentioned, &rank))
            .collect();
        let mut extra = Vec::new();
        for (flaw, mentions) in flaws.mentions.iter().enumerate() {
            for other in mentions {
                if let Some(other) = joined.get(*other as usize) {
                    extra.push((flaw, other.exploited, other.ratings.clone()));
                }
            }
        }
        for (flaw, exploited, ratings) in extra {
            if let Some(flaw) = joined.get_mut(flaw) {
                flaw.exploited |= exploited;
                flaw.ratings
                    .extend(ratings.into_iter().map(|owned| OwnedRating {
                        record: None,
                        ..owned
                    }));
            }
        }
        for flaw in &mut joined {
            flaw.ratings.sort_by(|left, right| {
                (right.rating.tenths, left).cmp(&(left.rating.tenths, right))
            });
            flaw.ratings.dedup();
            flaw.ratings.truncate(RATING_LIMIT);
        }
        Ok(joined)
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
            if row.withdrawn.is_some() {
                continue;
            }
            let several = self.cves_together(row);
            let own = row.aliases.iter().filter(|alias| !several.contains(alias));
            ids.extend(
                own.map(|alias| text(*alias))
                    .filter(|alias| !is_erratum(alias)),
            );
            flaw.exploited |= row.exploited == Exploited::Listed;
            flaw.published = match (flaw.published, row.published) {
                (Some(left), Some(right)) => Some(left.min(right)),
                (left, right) => left.or(right),
            };
            flaw.modified = flaw.modified.max(row.modified);
            flaw.ratings
                .extend(row.ratings.iter().map(|(vector, tenths)| OwnedRating {
                    rating: Rating {
                        vector: text(*vector),
                        tenths: *tenths,
                    },
                    feed,
                    record: Some(place),
                }));
        }
        // A group never holds two CVE ids, but the ids that refused to join may.
        let order = |id: &&String| (!is_cve(id), !id.starts_with("GHSA-"), (*id).clone());
        flaw.id = ids.iter().min_by_key(order).cloned().unwrap_or_default();
        ids.extend(mentioned.iter().map(|cve| text(*cve)));
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

/// A rule's bytes and the record that it is of.
type Claimed<'a> = (&'a [u8], u32);

/// Whose texts are taken first. The watchlist's titles exist in both languages; the titles of errata are
/// about packages and not about flaws.
fn text_rank(feed: &str) -> u8 {
    match feed {
        "watchlist" => 0,
        "osv/AlmaLinux" | "osv/Rocky Linux" => 5,
        "osv/Bitnami" => 3,
        "kev" => 2,
        "debian" => 4,
        _ if feed.starts_with("osv/") => 1,
        _ => 6,
    }
}

fn encode_all<T>(
    things: impl Iterator<Item = T>,
    encode: impl Fn(&T, &mut Vec<u8>),
) -> Vec<Vec<u8>> {
    things
        .map(|thing| {
            let mut bytes = Vec::new();
            encode(&thing, &mut bytes);
            bytes
        })
        .collect()
}

fn write_groups(
    entries: &[Vec<u8>],
    size: u64,
    level: i32,
    out: &mut BlockWriter,
) -> Result<super::file::Table, BuildError> {
    let too_large = || BuildError::TooMany { what: "bytes" };
    let mut offsets = Vec::new();
    for group in entries.chunks(usize::try_from(size).unwrap_or(1)) {
        let packed = pack(group, level).map_err(|_| too_large())?;
        offsets.push(out.block(&packed).ok_or_else(too_large)?);
    }
    out.table(&offsets).ok_or_else(too_large)
}

fn id_entries(flaws: &[Flaw]) -> Vec<(u64, u64)> {
    let mut entries = Vec::new();
    for (place, flaw) in (0_u64..).zip(flaws) {
        let records = flaw.records.iter().map(|record| &record.id);
        let ids: BTreeSet<&String> = flaw
            .aliases
            .iter()
            .chain([&flaw.id])
            .chain(records)
            .collect();
        entries.extend(ids.into_iter().map(|id| (hash(&[id]), place)));
    }
    entries
}
