//! Joins what a [`Builder`] collected and lays it out as the bytes of a database.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use plimsoll_model::advisory::{Epss, KnownExploited};

use super::builder::{Builder, ClaimRow, RecordRow};
use super::file::BlockWriter;
use super::flaw::{Flaw, GROUP, OwnedRating, Record, Texts, page};
use super::flaws::{Flaws, Order};
use super::index::{Index, hash};
use super::interner::number;
use super::join::{is_cve, is_erratum};
use super::meta::{FeedMetaRow, Meta};
use super::names::Names;
use super::package::{PackagePage, RuleWithFlaws};
use super::pages::{self, Effort, Written};
use super::repositories::Repositories;
use super::sources::Sources;
use crate::BuildError;
use crate::rating::Rating;

/// About how long a page of packages is before it is compressed.
const PACKAGE_PAGE: usize = 3 << 10;
/// About how long what is said of a package is without its rules.
const PACKAGE_HEAD: usize = 24;
const RATING_LIMIT: usize = 24;
const REFERENCE_LIMIT: usize = 6;

impl Builder {
    /// The bytes of the database; equal content gives equal bytes.
    pub(crate) fn finish(mut self, effort: Effort) -> Result<Vec<u8>, BuildError> {
        let order = self.take_order();
        let flaws = self.flaws(&order.claims)?;
        let feeds = self.feed_order();
        let mut out = BlockWriter::new();
        let too_large = || BuildError::TooMany { what: "bytes" };

        let claims = order.claims.len() as u64;
        let (names, package_dictionary) = self.write_packages(&order, &flaws, effort, &mut out)?;
        drop(order);
        let rank = rank(&feeds)?;
        let count = flaws.members.len();
        let written = self.write_flaws(&flaws, &rank, effort, &mut out)?;
        let flaw_pages = out.table(&written.offsets).ok_or_else(too_large)?;
        let mut ids = Vec::new();
        for place in 0..count {
            let flaw = number(place, "flaws")?;
            ids.extend(hashes(&self.joined(&flaws, &rank, place)).map(|hash| (hash, flaw)));
        }
        let ids = Index::write(ids, &mut out).ok_or_else(too_large)?;

        let lifecycles: Vec<_> = self.lifecycles.values().collect();
        // Writing plain data to memory has nothing to fail on; an empty block would not be read.
        let lifecycles = postcard::to_stdvec(&lifecycles).unwrap_or_default();
        let lifecycles = out.block(&lifecycles).ok_or_else(too_large)?;

        let repositories = Repositories::encode(&self.repositories);
        let repositories = out.block(&repositories).ok_or_else(too_large)?;
        let sources = self.write_sources(&mut out).ok_or_else(too_large)?;

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
                    problems: feed.problems,
                })
                .collect(),
            covered: self
                .covered
                .keys()
                .map(|key| key.as_str().to_owned())
                .collect(),
            checked: self
                .covered
                .values()
                .map(|checked| checked.map(jiff::Timestamp::as_second))
                .collect(),
            flaws: count as u64,
            packages: self.packages.len() as u64,
            claims,
            names,
            package_dictionary,
            id_index: ids,
            flaw_pages,
            flaw_dictionary: written.dictionary,
            lifecycles,
            repositories,
            sources,
        };
        let meta = out.block(&meta.encode()).ok_or_else(too_large)?;
        Ok(out.seal(meta))
    }

    /// Writes a block for each release whose advisories name binary packages; its key and where it is, sorted by key.
    fn write_sources(&self, out: &mut BlockWriter) -> Option<Vec<(String, u64)>> {
        let mut releases: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
        for (release, binary, source) in &self.built {
            let text = |place: &u32| self.strings.get(*place).unwrap_or_default();
            let binaries = releases.entry(text(release)).or_default();
            let sources = binaries.entry(text(binary)).or_default();
            sources.insert(text(source));
        }
        let written = releases.into_iter().map(|(release, binaries)| {
            let offset = out.block(&Sources::encode(&binaries)?)?;
            Some((release.to_owned(), offset))
        });
        written.collect()
    }

    /// Writes pages of packages, and tells where they are and where their dictionary is.
    fn write_packages(
        &self,
        order: &Order,
        flaws: &Flaws,
        effort: Effort,
        out: &mut BlockWriter,
    ) -> Result<(Names, u64), BuildError> {
        let ranges = self.package_pages(&order.claims);
        let written = pages::write(ranges.len(), effort, out, &|page| {
            let claims = ranges
                .get(page)
                .and_then(|range| order.claims.get(range.clone()));
            self.package_page(order, claims.unwrap_or_default(), flaws)
        })?;
        let firsts: Vec<_> = ranges
            .iter()
            .zip(&written.offsets)
            .filter_map(|(range, offset)| {
                let claim = order.claims.get(range.start)?;
                let package = order.packages.get(claim.package as usize)?;
                let (ecosystem, name) = self.package(*package);
                Some((ecosystem, name, *offset))
            })
            .collect();
        let names = Names::write(&firsts, out).ok_or(BuildError::TooMany { what: "bytes" })?;
        Ok((names, written.dictionary))
    }

    /// Which claims go into which page: those of whole packages, until the page is about as long as wanted.
    fn package_pages(&self, claims: &[ClaimRow]) -> Vec<Range<usize>> {
        let mut pages = Vec::new();
        let (mut start, mut at, mut length) = (0_usize, 0_usize, 0_usize);
        for package in claims.chunk_by(|left, right| left.package == right.package) {
            at = at.saturating_add(package.len());
            for rule in package.chunk_by(|left, right| left.rule == right.rule) {
                let bytes = rule.first().and_then(|claim| self.rules.get(claim.rule));
                length = length
                    .saturating_add(bytes.map_or(0, <[u8]>::len))
                    .saturating_add(rule.len().saturating_mul(2));
            }
            length = length.saturating_add(PACKAGE_HEAD);
            if length >= PACKAGE_PAGE {
                pages.push(start..at);
                (start, length) = (at, 0);
            }
        }
        if start < at {
            pages.push(start..at);
        }
        pages
    }

    fn package_page(&self, order: &Order, claims: &[ClaimRow], flaws: &Flaws) -> Vec<u8> {
        let place = |claim: &ClaimRow| {
            let place = flaws.place.get(claim.record as usize);
            place.copied().unwrap_or_default()
        };
        let mut page = PackagePage::new(claims.first().map_or(0, |claim| place(claim).0));
        for package in claims.chunk_by(|left, right| left.package == right.package) {
            let rules: Vec<RuleWithFlaws<'_>> = package
                .chunk_by(|left, right| left.rule == right.rule)
                .filter_map(|claims| {
                    let mut places: Vec<_> = claims.iter().map(place).collect();
                    places.sort_unstable();
                    places.dedup();
                    Some((self.rules.get(claims.first()?.rule)?, places))
                })
                .collect();
            let of = package.first().map_or(0, |claim| claim.package);
            let (ecosystem, name) = order
                .packages
                .get(of as usize)
                .map_or(("", ""), |package| self.package(*package));
            let releases = self.releases_of(order.packages.get(of as usize).copied());
            page.put((ecosystem, name), &rules, &releases);
        }
        page.finish()
    }

    /// The versions of a package of which it is known when they could be installed, sorted.
    fn releases_of(&self, package: Option<u32>) -> Vec<(&str, Date)> {
        let key = package.and_then(|place| self.packages.get(place as usize));
        let known = key.and_then(|key| self.releases.get(key));
        let mut releases: Vec<(&str, Date)> = known
            .into_iter()
            .flatten()
            .filter_map(|(version, day)| Some((self.strings.get(*version)?, *day)))
            .collect();
        releases.sort_unstable();
        releases
    }

    fn write_flaws(
        &self,
        flaws: &Flaws,
        rank: &[u32],
        effort: Effort,
        out: &mut BlockWriter,
    ) -> Result<Written, BuildError> {
        let count = flaws.members.len();
        let size = usize::try_from(GROUP).unwrap_or(1).max(1);
        pages::write(count.div_ceil(size), effort, out, &|group| {
            let from = group.saturating_mul(size);
            let places = from..from.saturating_add(size).min(count);
            page(places.map(|place| {
                let mut bytes = Vec::new();
                self.joined(flaws, rank, place).encode(&mut bytes);
                let members = flaws.members.get(place);
                let texts = self.texts(members.map_or(&[], Vec::as_slice));
                texts.encode(&mut bytes);
                bytes
            }))
        })
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
                released: row.released,
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

/// Hashes of the ids under which a flaw is found.
fn hashes(flaw: &Flaw) -> impl Iterator<Item = u64> {
    let records = flaw.records.iter().map(|record| &record.id);
    let ids: BTreeSet<&String> = flaw
        .aliases
        .iter()
        .chain([&flaw.id])
        .chain(records)
        .collect();
    let hashes: Vec<u64> = ids.into_iter().map(|id| hash(&[id])).collect();
    hashes.into_iter()
}
