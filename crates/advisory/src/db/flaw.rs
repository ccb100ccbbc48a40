//! Flaws in the file: ids, records, ratings and texts, in pages of a few. Who asks for a flaw asks for its texts too,
//! so that they are together.

use jiff::civil::{Date, date};
use plimsoll_model::Severity;
use plimsoll_model::advisory::{Doubt, Epss, KnownExploited};

use super::bytes::{Cursor, put_count, put_number, put_signed, put_text};
use crate::rating::{Rater, Rating};

/// Flaws in a page.
pub(super) const GROUP: u64 = 4;

/// One flaw under all its names.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Flaw {
    /// The id to show: the one CVE id, else the first id of the group.
    pub(super) id: String,
    /// All other ids, sorted, with the CVE ids of which a record speaks together.
    pub(super) aliases: Vec<String>,
    /// What the catalogue of known exploited flaws tells.
    pub(super) exploited: Option<KnownExploited>,
    /// How likely it is to be exploited.
    pub(super) epss: Option<Epss>,
    /// What speaks against it, sorted.
    pub(super) doubts: Vec<Doubt>,
    /// The packages are malware.
    pub(super) malicious: bool,
    /// Earliest, in seconds of Unix time.
    pub(super) published: Option<i64>,
    /// Latest, in seconds of Unix time.
    pub(super) modified: Option<i64>,
    /// Its records, ordered by feed and id.
    pub(super) records: Vec<Record>,
    /// Its ratings, worst first.
    pub(super) ratings: Vec<OwnedRating>,
}

/// One record of a flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Place in the feed table.
    pub(super) feed: u32,
    /// Its id in that feed.
    pub(super) id: String,
    /// Its rating in a word.
    pub(super) word: Option<Severity>,
    /// When the fixes of which it tells could be installed, in seconds of Unix time.
    pub(super) released: Option<i64>,
    /// When it was taken back.
    pub(super) withdrawn: Option<i64>,
}

/// A rating and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OwnedRating {
    /// The rating.
    pub(super) rating: Rating,
    /// Place in the feed table.
    pub(super) feed: u32,
    /// Place in `records`; `None` where it was taken from another flaw of which a record speaks.
    pub(super) record: Option<u32>,
}

/// The texts of a flaw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Texts {
    pub(super) title: String,
    pub(super) title_zh: String,
    pub(super) description: String,
    pub(super) references: Vec<String>,
}

impl Flaw {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_text(out, &self.id);
        put_texts(out, &self.aliases);
        self.encode_marks(out);
        put_signed(out, self.published);
        put_signed(out, self.modified);
        put_count(out, self.records.len());
        for record in &self.records {
            put_number(out, record.feed.into());
            // Most records bear the flaw's own id.
            put_text(out, if record.id == self.id { "" } else { &record.id });
            out.push(severity_byte(record.word));
            put_signed(out, record.released);
            put_signed(out, record.withdrawn);
        }
        put_count(out, self.ratings.len());
        for owned in &self.ratings {
            put_text(out, &owned.rating.vector);
            out.push(owned.rating.tenths);
            out.push(owned.rating.by.number());
            put_number(out, owned.feed.into());
            put_number(
                out,
                owned
                    .record
                    .map_or(0, |place| u64::from(place).saturating_add(1)),
            );
        }
    }

    pub(super) fn decode(cursor: &mut Cursor<'_>) -> Option<Self> {
        let id = cursor.text()?.to_owned();
        let aliases = texts(cursor)?;
        let marks = Marks::decode(cursor)?;
        let published = cursor.signed()?;
        let modified = cursor.signed()?;
        let records = (0..cursor.count()?)
            .map(|_| {
                Some(Record {
                    feed: cursor.number32()?,
                    id: match cursor.text()? {
                        "" => id.clone(),
                        other => other.to_owned(),
                    },
                    word: severity_of(cursor.byte()?)?,
                    released: cursor.signed()?,
                    withdrawn: cursor.signed()?,
                })
            })
            .collect::<Option<_>>()?;
        let ratings = (0..cursor.count()?)
            .map(|_| {
                Some(OwnedRating {
                    rating: Rating {
                        vector: cursor.text()?.to_owned(),
                        tenths: cursor.byte().filter(|tenths| *tenths <= 100)?,
                        by: Rater::of_number(cursor.byte()?)?,
                    },
                    feed: cursor.number32()?,
                    record: cursor.number32()?.checked_sub(1),
                })
            })
            .collect::<Option<_>>()?;
        Some(Self {
            id,
            aliases,
            exploited: marks.exploited,
            epss: marks.epss,
            doubts: marks.doubts,
            malicious: marks.malicious,
            published,
            modified,
            records,
            ratings,
        })
    }

    /// A byte of flags, then what those that are set bring along.
    fn encode_marks(&self, out: &mut Vec<u8>) {
        let flags = [
            (EXPLOITED, self.exploited.is_some()),
            (
                RANSOMWARE,
                self.exploited.is_some_and(|known| known.ransomware),
            ),
            (PREDICTED, self.epss.is_some()),
            (DISPUTED, self.doubts.contains(&Doubt::Disputed)),
            (REJECTED, self.doubts.contains(&Doubt::Rejected)),
            (MALICIOUS, self.malicious),
        ];
        let set = flags.iter().filter(|(_, set)| *set);
        out.push(set.fold(0, |byte, (flag, _)| byte | flag));
        if let Some(known) = &self.exploited {
            put_signed(out, known.added.map(days));
            put_signed(out, known.due.map(days));
        }
        if let Some(epss) = &self.epss {
            put_number(out, millionths(epss.probability));
            put_number(out, millionths(epss.percentile));
            put_signed(out, Some(days(epss.date)));
        }
    }

    /// Whether one of its ids is this.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.id == id
            || self.aliases.iter().any(|alias| alias == id)
            || self.records.iter().any(|record| record.id == id)
    }
}

const EXPLOITED: u8 = 1;
const RANSOMWARE: u8 = 2;
const PREDICTED: u8 = 4;
const DISPUTED: u8 = 8;
const REJECTED: u8 = 16;
const MALICIOUS: u8 = 32;

/// What stands behind the byte of flags.
struct Marks {
    exploited: Option<KnownExploited>,
    epss: Option<Epss>,
    doubts: Vec<Doubt>,
    malicious: bool,
}

impl Marks {
    fn decode(cursor: &mut Cursor<'_>) -> Option<Self> {
        let flags = cursor.byte()?;
        let has = |flag: u8| flags & flag != 0;
        let exploited = if has(EXPLOITED) {
            Some(KnownExploited {
                added: cursor.signed()?.and_then(day),
                due: cursor.signed()?.and_then(day),
                ransomware: has(RANSOMWARE),
            })
        } else {
            None
        };
        let epss = if has(PREDICTED) {
            Some(Epss {
                probability: share(cursor.number()?)?,
                percentile: share(cursor.number()?)?,
                date: cursor.signed()?.and_then(day)?,
            })
        } else {
            None
        };
        let doubts = [(DISPUTED, Doubt::Disputed), (REJECTED, Doubt::Rejected)];
        Some(Self {
            exploited,
            epss,
            doubts: doubts
                .into_iter()
                .filter_map(|(flag, doubt)| has(flag).then_some(doubt))
                .collect(),
            malicious: has(MALICIOUS),
        })
    }
}

/// The first day of Unix time.
const EPOCH: Date = date(1970, 1, 1);

/// Days of Unix time.
pub(super) fn days(day: Date) -> i64 {
    EPOCH
        .until(day)
        .map_or(0, |span| i64::from(span.get_days()))
}

pub(super) fn day(days: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    EPOCH.checked_add(span).ok()
}

/// Shares are published with five or nine decimals; a millionth decides nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is held first"
)]
fn millionths(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1e6).round() as u64
}

fn share(millionths: u64) -> Option<f64> {
    let number = u32::try_from(millionths)
        .ok()
        .filter(|number| *number <= 1_000_000)?;
    Some(f64::from(number) / 1e6)
}

impl Texts {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_text(out, &self.title);
        put_text(out, &self.title_zh);
        put_text(out, &self.description);
        put_texts(out, &self.references);
    }

    pub(super) fn decode(cursor: &mut Cursor<'_>) -> Option<Self> {
        Some(Self {
            title: cursor.text()?.to_owned(),
            title_zh: cursor.text()?.to_owned(),
            description: cursor.text()?.to_owned(),
            references: texts(cursor)?,
        })
    }
}

fn put_texts(out: &mut Vec<u8>, list: &[String]) {
    put_count(out, list.len());
    for text in list {
        put_text(out, text);
    }
}

fn texts(cursor: &mut Cursor<'_>) -> Option<Vec<String>> {
    (0..cursor.count()?)
        .map(|_| cursor.text().map(str::to_owned))
        .collect()
}

pub(super) fn severity_byte(severity: Option<Severity>) -> u8 {
    match severity {
        None => 0,
        Some(Severity::Unknown) => 1,
        Some(Severity::Negligible) => 2,
        Some(Severity::Low) => 3,
        Some(Severity::Medium) => 4,
        Some(Severity::High) => 5,
        Some(Severity::Critical) => 6,
    }
}

/// The outer `None` stands for a byte that is none of them.
#[expect(clippy::option_option, reason = "missing and wrong are different")]
pub(super) fn severity_of(byte: u8) -> Option<Option<Severity>> {
    Some(match byte {
        0 => None,
        1 => Some(Severity::Unknown),
        2 => Some(Severity::Negligible),
        3 => Some(Severity::Low),
        4 => Some(Severity::Medium),
        5 => Some(Severity::High),
        6 => Some(Severity::Critical),
        _ => return None,
    })
}

/// The plain bytes of a page: entries, each after its length.
pub(super) fn page(entries: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut plain = Vec::new();
    for entry in entries {
        put_count(&mut plain, entry.len());
        plain.extend_from_slice(&entry);
    }
    plain
}

/// The entry at a place of an unpacked page.
pub(super) fn entry(page: &[u8], place: u64) -> Option<Cursor<'_>> {
    let mut cursor = Cursor::new(page);
    for _ in 0..place {
        let length = cursor.count()?;
        cursor.take(length)?;
    }
    let length = cursor.count()?;
    Some(Cursor::new(cursor.take(length)?))
}
