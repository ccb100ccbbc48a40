//! What the advisories say of packages, which share pages of the file with their neighbours: rules, and under each
//! rule the flaws for which it holds. A vendor's fix of many flaws at once is thus one rule.

use jiff::civil::Date;
use plimsoll_model::Severity;

use super::bytes::{Cursor, put_count, put_number, put_text, unzigzag, zigzag};
use super::flaw::{day, days, severity_byte, severity_of};
use crate::advisory::{Affected, Claim, Event, Outlook, Rank};

/// Whether the record of a rule still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does.
    Valid,
    /// It was taken back.
    Withdrawn,
}

/// Writes a rule; equal rules give equal bytes.
pub(super) fn encode_rule(affected: &Affected, standing: Standing) -> Vec<u8> {
    let mut out = Vec::new();
    let (kind, outlook) = (kind_of(&affected.claim), affected.outlook as u8);
    let withdrawn = u8::from(standing == Standing::Withdrawn);
    let spare = u8::from(affected.rank == Rank::Spare);
    out.push(kind | (outlook << 2) | (withdrawn << 5) | (spare << 6));
    out.push(severity_byte(affected.rating));
    put_text(&mut out, &affected.note);
    put_text(&mut out, &affected.module);
    put_text(&mut out, &affected.architectures);
    match &affected.claim {
        Claim::Never => {}
        Claim::Undetermined(why) => put_text(&mut out, why),
        Claim::Versions { ranges, listed } => {
            put_count(&mut out, ranges.len());
            for events in ranges {
                put_count(&mut out, events.len());
                for event in events {
                    let (kind, version) = match event {
                        Event::Introduced(version) => (0, version),
                        Event::Fixed(version) => (1, version),
                        Event::LastAffected(version) => (2, version),
                        Event::Limit(version) => (3, version),
                    };
                    out.push(kind);
                    put_text(&mut out, version);
                }
            }
            put_count(&mut out, listed.len());
            for version in listed {
                put_text(&mut out, version);
            }
        }
    }
    out
}

fn kind_of(claim: &Claim) -> u8 {
    match claim {
        Claim::Never => 0,
        Claim::Versions { .. } => 1,
        Claim::Undetermined(_) => 2,
    }
}

/// A rule as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule<'a> {
    pub(crate) claim: RuleClaim<'a>,
    pub(crate) rating: Option<Severity>,
    pub(crate) outlook: Outlook,
    pub(crate) rank: Rank,
    pub(crate) note: &'a str,
    pub(crate) module: &'a str,
    pub(crate) architectures: &'a str,
    pub(crate) withdrawn: bool,
}

/// Which versions a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleClaim<'a> {
    Never,
    Versions {
        ranges: Vec<Vec<plimsoll_version::range::Event<'a>>>,
        listed: Vec<&'a str>,
    },
    Undetermined(&'a str),
}

impl<'a> Rule<'a> {
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let head = cursor.byte()?;
        let rating = severity_of(cursor.byte()?)?;
        let note = cursor.text()?;
        let module = cursor.text()?;
        let architectures = cursor.text()?;
        let claim = match head & 3 {
            0 => RuleClaim::Never,
            1 => RuleClaim::Versions {
                ranges: (0..cursor.count()?)
                    .map(|_| events(&mut cursor))
                    .collect::<Option<_>>()?,
                listed: (0..cursor.count()?)
                    .map(|_| cursor.text())
                    .collect::<Option<_>>()?,
            },
            2 => RuleClaim::Undetermined(cursor.text()?),
            _ => return None,
        };
        let outlook = match (head >> 2) & 7 {
            0 => Outlook::AsVersionsSay,
            1 => Outlook::WillNotFix,
            2 => Outlook::Unreleased,
            3 => Outlook::Subscription,
            4 => Outlook::Since,
            5 => Outlook::Untold,
            _ => return None,
        };
        Some(Self {
            claim,
            rating,
            outlook,
            rank: if head & 64 == 0 {
                Rank::Full
            } else {
                Rank::Spare
            },
            note,
            module,
            architectures,
            withdrawn: head & 32 != 0,
        })
    }
}

fn events<'a>(cursor: &mut Cursor<'a>) -> Option<Vec<plimsoll_version::range::Event<'a>>> {
    use plimsoll_version::range::Event;
    (0..cursor.count()?)
        .map(|_| {
            let kind = cursor.byte()?;
            let version = cursor.text()?;
            Some(match kind {
                0 => Event::Introduced(version),
                1 => Event::Fixed(version),
                2 => Event::LastAffected(version),
                3 => Event::Limit(version),
                _ => return None,
            })
        })
        .collect()
}

/// A flaw under a rule: its number, and the place of the record among its records.
pub(super) type FlawRef = (u32, u32);

/// A rule's bytes and the flaws for which it holds, sorted.
pub(super) type RuleWithFlaws<'a> = (&'a [u8], Vec<FlawRef>);

/// A page of packages on its way to the file.
///
/// ```text
/// a flaw's number, from which those of the packages count
/// packages, each
///   ecosystem, name, length of the rest
///   count of rules, each
///     length and bytes of the rule
///     count of flaws, each
///       twice the distance from the one before, plus one if a place follows
///       the place of the record, if it is not the first
///   count of versions of which it is known when they could be installed, each
///     version, day of Unix time
/// ```
/// The distance of the first flaw of a rule is from the first of the rule before, and may be negative. Packages that
/// have the same errata thus have the same bytes.
#[derive(Debug)]
pub(super) struct PackagePage {
    first: u32,
    out: Vec<u8>,
    body: Vec<u8>,
}

impl PackagePage {
    /// An empty one, for packages whose flaws are near this one.
    pub(super) fn new(first: u32) -> Self {
        let mut out = Vec::new();
        put_number(&mut out, first.into());
        Self {
            first,
            out,
            body: Vec::new(),
        }
    }

    /// Appends a package.
    pub(super) fn put(
        &mut self,
        (ecosystem, name): (&str, &str),
        rules: &[RuleWithFlaws<'_>],
        releases: &[(&str, Date)],
    ) {
        let body = &mut self.body;
        body.clear();
        put_count(body, rules.len());
        let mut start = self.first;
        for (rule, flaws) in rules {
            put_count(body, rule.len());
            body.extend_from_slice(rule);
            put_count(body, flaws.len());
            let mut before = None;
            for (flaw, record) in flaws {
                let distance = match before {
                    // Sorted, so the differences are small.
                    Some(before) => u64::from(flaw.saturating_sub(before)),
                    None => zigzag(i64::from(*flaw).saturating_sub(i64::from(start))),
                };
                put_number(body, (distance << 1) | u64::from(*record > 0));
                if *record > 0 {
                    put_number(body, u64::from(*record));
                }
                before = Some(*flaw);
            }
            start = flaws.first().map_or(start, |(flaw, _)| *flaw);
        }
        put_count(body, releases.len());
        for (version, day) in releases {
            put_text(body, version);
            put_number(body, zigzag(days(*day)));
        }
        put_text(&mut self.out, ecosystem);
        put_text(&mut self.out, name);
        put_count(&mut self.out, body.len());
        self.out.extend_from_slice(body);
    }

    /// The bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// The most flaws that are read for one package: a page of a few hundred bytes can be made to unpack to millions, of
/// which each takes a hundred bytes in matching. The kernel of a distribution has some ten thousand.
const FLAW_LIMIT: usize = 1 << 20;

/// A rule with its flaws.
#[derive(Debug)]
pub(crate) struct RuleEntry<'a> {
    pub(crate) rule: Rule<'a>,
    pub(crate) flaws: Vec<FlawRef>,
}

/// What is said of a package.
#[derive(Debug)]
pub(crate) struct PackageSaid<'a> {
    pub(crate) rules: Vec<RuleEntry<'a>>,
    /// Versions and when they could be installed.
    pub(crate) releases: Vec<(&'a str, Date)>,
}

/// Where a package is in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackagePlace {
    first: u32,
    body: std::ops::Range<usize>,
}

impl PackagePlace {
    /// Finds a package in a page. The outer `None` stands for bytes that end or lie.
    #[expect(clippy::option_option, reason = "missing and wrong are different")]
    pub(super) fn find(page: &[u8], package: (&str, &str)) -> Option<Option<Self>> {
        let mut cursor = Cursor::new(page);
        let first = cursor.number32()?;
        let package = (package.0.as_bytes(), package.1.as_bytes());
        while !cursor.is_empty() {
            let here = (cursor.text_bytes()?, cursor.text_bytes()?);
            let length = cursor.count()?;
            let start = page.len().checked_sub(cursor.left())?;
            cursor.take(length)?;
            if here == package {
                let body = start..start.checked_add(length)?;
                return Some(Some(Self { first, body }));
            }
            // They are sorted.
            if here > package {
                break;
            }
        }
        Some(None)
    }

    /// What is said of the package that was found in this page; `None` where its bytes end or lie.
    pub(super) fn said<'a>(&self, page: &'a [u8]) -> Option<PackageSaid<'a>> {
        let mut cursor = Cursor::new(page.get(self.body.clone())?);
        let mut start = self.first;
        let mut left = FLAW_LIMIT;
        let rules = (0..cursor.count()?)
            .map(|_| {
                let length = cursor.count()?;
                let rule = Rule::decode(cursor.take(length)?)?;
                let flaws = flaws(&mut cursor, start, left)?;
                left = left.checked_sub(flaws.len())?;
                start = flaws.first().map_or(start, |(flaw, _)| *flaw);
                Some(RuleEntry { rule, flaws })
            })
            .collect::<Option<_>>()?;
        let releases = (0..cursor.count()?)
            .map(|_| Some((cursor.text()?, day(unzigzag(cursor.number()?))?)))
            .collect::<Option<_>>()?;
        cursor.is_empty().then_some(PackageSaid { rules, releases })
    }
}

/// The flaws of one rule, the first counted from `start`; `None` for more than `limit`.
fn flaws(cursor: &mut Cursor<'_>, start: u32, limit: usize) -> Option<Vec<FlawRef>> {
    let mut before: Option<u32> = None;
    let count = cursor.count().filter(|count| *count <= limit)?;
    (0..count)
        .map(|_| {
            let number = cursor.number()?;
            let distance = number >> 1;
            let flaw = if let Some(before) = before {
                before.checked_add(u32::try_from(distance).ok()?)?
            } else {
                let flaw = i64::from(start).checked_add(unzigzag(distance))?;
                u32::try_from(flaw).ok()?
            };
            before = Some(flaw);
            let record = if number & 1 == 1 {
                cursor.number32()?
            } else {
                0
            };
            Some((flaw, record))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::advisory::Claim;
    use crate::key::EcosystemKey;

    #[test]
    fn packages_come_back_from_their_page() {
        let rule = |fixed: &str| {
            let key = EcosystemKey::new("npm");
            encode_rule(
                &Affected::new(key, "a", Claim::before(fixed)),
                Standing::Valid,
            )
        };
        let (one, two) = (rule("1.0.0"), rule("2.0.0"));
        let packages: [(&str, &str, Vec<RuleWithFlaws<'_>>); 3] = [
            ("npm", "a", vec![(&one, vec![(70, 0), (71, 3), (900, 0)])]),
            (
                "npm",
                "b",
                vec![(&one, vec![(5, 1)]), (&two, vec![(u32::MAX, 0)])],
            ),
            ("npm", "d", Vec::new()),
        ];
        let releases = [("1.0.0", date(2024, 2, 29)), ("2.0.0", date(1969, 12, 31))];
        let mut page = PackagePage::new(70);
        for (ecosystem, name, rules) in &packages {
            page.put((ecosystem, name), rules, &releases);
        }
        let page = page.finish();
        for (ecosystem, name, rules) in &packages {
            let place = PackagePlace::find(&page, (ecosystem, name)).expect("a sound page");
            let found = place
                .expect("it is there")
                .said(&page)
                .expect("sound rules");
            assert_eq!(found.releases, releases);
            let found: Vec<_> = found
                .rules
                .iter()
                .map(|entry| (&entry.rule, &entry.flaws))
                .collect();
            let expected: Vec<_> = rules
                .iter()
                .map(|(rule, flaws)| (Rule::decode(rule).expect("a rule"), flaws))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(rule, flaws)| (rule, *flaws))
                .collect();
            assert_eq!(found, expected);
        }
        for absent in [("npm", "0"), ("npm", "c"), ("npm", "e"), ("PyPI", "a")] {
            assert_eq!(PackagePlace::find(&page, absent), Some(None), "{absent:?}");
        }
        let many: Vec<FlawRef> = (0..=1 << 20).map(|flaw| (flaw, 0)).collect();
        let mut bomb = PackagePage::new(0);
        bomb.put(("npm", "a"), &[(&one, many)], &[]);
        let bomb = bomb.finish();
        let place = PackagePlace::find(&bomb, ("npm", "a")).flatten();
        assert!(place.expect("it is there").said(&bomb).is_none());
        for cut in 1..page.len() {
            // Cut inside of a package, it cannot be read; never a panic.
            let place = PackagePlace::find(&page[..cut], ("npm", "b"));
            let _ = place.flatten().and_then(|place| place.said(&page[..cut]));
        }
    }
}
