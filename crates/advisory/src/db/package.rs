//! What the advisories say of one package, as a block of the file: rules, and under each rule the flaws for
//! which it holds. A vendor's fix of many flaws at once is thus one rule.

use plimsoll_model::Severity;

use super::bytes::{Cursor, put_count, put_number, put_text};
use super::flaw::{severity_byte, severity_of};
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

/// Writes the block of one package.
pub(super) fn encode_package(ecosystem: &str, name: &str, rules: &[RuleWithFlaws<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    put_text(&mut out, ecosystem);
    put_text(&mut out, name);
    put_count(&mut out, rules.len());
    for (rule, flaws) in rules {
        put_count(&mut out, rule.len());
        out.extend_from_slice(rule);
        put_count(&mut out, flaws.len());
        let mut before = 0;
        for (flaw, record) in flaws {
            // Sorted, so the differences are small.
            put_number(&mut out, u64::from(flaw.saturating_sub(before)));
            put_number(&mut out, u64::from(*record));
            before = *flaw;
        }
    }
    out
}

/// A rule with its flaws.
#[derive(Debug)]
pub(crate) struct RuleEntry<'a> {
    pub(crate) rule: Rule<'a>,
    pub(crate) flaws: Vec<FlawRef>,
}

/// What is in a package's block.
#[derive(Debug)]
pub(super) struct PackageBlock<'a> {
    pub(super) ecosystem: &'a str,
    pub(super) name: &'a str,
    rest: Cursor<'a>,
}

impl<'a> PackageBlock<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Option<Self> {
        let mut rest = Cursor::new(payload);
        Some(Self {
            ecosystem: rest.text()?,
            name: rest.text()?,
            rest,
        })
    }

    pub(super) fn rules(mut self) -> Option<Vec<RuleEntry<'a>>> {
        let rules = (0..self.rest.count()?)
            .map(|_| {
                let length = self.rest.count()?;
                let rule = Rule::decode(self.rest.take(length)?)?;
                let mut before = 0_u32;
                let flaws = (0..self.rest.count()?)
                    .map(|_| {
                        before = before.checked_add(self.rest.number32()?)?;
                        Some((before, self.rest.number32()?))
                    })
                    .collect::<Option<_>>()?;
                Some(RuleEntry { rule, flaws })
            })
            .collect::<Option<_>>()?;
        self.rest.is_empty().then_some(rules)
    }
}
