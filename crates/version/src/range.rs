//! Does a range of an advisory hold an installed version? Three answers, each with its ground.
//!
//! The algorithm is the one of the OSV schema, section "Evaluation": a version is affected if it is
//! listed, or if in one of the ranges it lies before a limit and the last event at or below it, in
//! the order of versions, opens the range. Events at one version count in the order in which they
//! are written, but an end does not close what begins at its version for another range: of
//! `2.0..3.0, 1.0..2.0` the version 2.0 is affected.
//!
//! Beyond the letter of that section, and so that no doubt turns into "not affected":
//!
//! - What cannot be read makes the answer [`Applies::Unknown`], unless another range or the list
//!   already says yes. A listed version that cannot be read is compared as text alone: it is no
//!   version, so it equals no other.
//! - A range without an `introduced` event breaks the schema and is unknown.
//! - A Python version with a local label (`2.0+cpu`) is held against `last_affected` and listed
//!   versions without that label when they have none, as PEP 440 asks for `<=` and `==`.

use std::cmp::Ordering;
use std::fmt;

use crate::table::Parts;
use crate::{ParseVersionError, Scheme, Version};

/// One event of an OSV range, as `affected[].ranges[].events[]` writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// Affected from this version on; `0` is before every version.
    Introduced(&'a str),
    /// Not affected from this version on.
    Fixed(&'a str),
    /// Not affected after this version.
    LastAffected(&'a str),
    /// The range says nothing from this version on; `*` is after every version.
    Limit(&'a str),
}

/// An unbroken stretch of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval<'a> {
    /// The first version, inclusive; `None` reaches down to the very first.
    pub introduced: Option<&'a str>,
    /// Where it ends.
    pub end: End<'a>,
}

/// The upper end of an [`Interval`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End<'a> {
    /// Exclusive: this version has the fix.
    Fixed(&'a str),
    /// Inclusive: the last version that is known to be affected.
    LastAffected(&'a str),
    /// Exclusive, but no fix: the range says nothing from here on.
    Limit(&'a str),
    /// No end is known.
    Open,
}

/// Whether an advisory holds for an installed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applies<'a> {
    /// It does.
    Yes(Ground<'a>),
    /// It does not.
    No,
    /// Nobody can say.
    Unknown(Doubt),
}

/// Why an advisory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground<'a> {
    /// The version lies in this stretch.
    Interval(Interval<'a>),
    /// The version is listed, as this text.
    Listed(&'a str),
}

/// Why nobody can say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Doubt {
    /// The installed version cannot be read.
    #[error("the installed version cannot be compared: {0}")]
    Installed(#[source] ParseVersionError),
    /// A version in the advisory cannot be read.
    #[error("a bound of the advisory cannot be compared: {0}")]
    Bound(#[source] ParseVersionError),
    /// A range has no `introduced` event.
    #[error("the range for `{installed}` has no `introduced` event")]
    NotIntroduced {
        /// The installed version.
        installed: String,
    },
}

/// Evaluates one `affected` entry of an OSV record: its ranges and its listed versions.
///
/// The bounds are read as versions of the installed version's scheme. Who holds one version against
/// many advisories makes an [`Installed`] once and calls its `evaluate`.
pub fn evaluate<'a>(
    installed: &Version,
    ranges: impl IntoIterator<Item = &'a [Event<'a>]>,
    listed: impl IntoIterator<Item = &'a str>,
) -> Applies<'a> {
    Installed::new(installed).evaluate(ranges, listed)
}

/// Like [`evaluate`] for a text that may be no version at all.
///
/// Such a text can still be listed word for word, or fall under a range that holds every version
/// (`introduced: "0"` and no more, as reports of malicious packages have it); else it is unknown.
pub fn evaluate_text<'a>(
    scheme: Scheme,
    installed: &str,
    ranges: impl IntoIterator<Item = &'a [Event<'a>]>,
    listed: impl IntoIterator<Item = &'a str>,
) -> Applies<'a> {
    let fault = match scheme.parse(installed) {
        Ok(version) => return evaluate(&version, ranges, listed),
        Err(fault) => fault,
    };
    if let Some(text) = listed.into_iter().find(|text| *text == installed) {
        return Applies::Yes(Ground::Listed(text));
    }
    let all = ranges
        .into_iter()
        .any(|events| matches!(events, [Event::Introduced("0")]));
    if all {
        return Applies::Yes(Ground::Interval(Interval {
            introduced: None,
            end: End::Open,
        }));
    }
    Applies::Unknown(Doubt::Installed(fault))
}

impl<'a> Interval<'a> {
    /// Whether an installed version lies in this stretch.
    #[must_use]
    pub fn applies(&self, installed: &Version) -> Applies<'a> {
        self.applies_to(&Installed::new(installed))
    }

    /// Whether an installed version that has been taken apart lies in this stretch.
    #[must_use]
    pub fn applies_to(&self, installed: &Installed<'_>) -> Applies<'a> {
        match self.holds(installed) {
            Ok(true) => Applies::Yes(Ground::Interval(*self)),
            Ok(false) => Applies::No,
            Err(fault) => Applies::Unknown(Doubt::Bound(fault)),
        }
    }

    fn holds(&self, installed: &Installed<'_>) -> Result<bool, ParseVersionError> {
        // Both bounds are read before either decides, so that a bad one is never passed over.
        let begun = match self.introduced {
            Some(bound) => installed.compare(bound)?.is_ge(),
            None => true,
        };
        let ended = match self.end {
            End::Fixed(bound) | End::Limit(bound) => installed.compare(bound)?.is_ge(),
            End::LastAffected(bound) => installed.compare_last(bound)?.is_gt(),
            End::Open => false,
        };
        Ok(begun && !ended)
    }
}

impl fmt::Display for Interval<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.introduced, self.end) {
            (None, End::Open) => return f.write_str("every version"),
            (Some(introduced), End::Open) => return write!(f, ">= {introduced}"),
            (Some(introduced), _) => write!(f, ">= {introduced}, ")?,
            (None, _) => {}
        }
        match self.end {
            End::Fixed(bound) | End::Limit(bound) => write!(f, "< {bound}"),
            End::LastAffected(bound) => write!(f, "<= {bound}"),
            End::Open => Ok(()),
        }
    }
}

/// An installed version, taken apart once for all bounds that it is held against.
#[derive(Debug)]
pub struct Installed<'v> {
    version: &'v Version,
    parts: Parts<'v>,
}

impl<'v> Installed<'v> {
    /// Takes a version apart.
    #[must_use]
    pub fn new(version: &'v Version) -> Self {
        let parts = version.parts();
        Self { version, parts }
    }

    /// Evaluates one `affected` entry of an OSV record: its ranges and its listed versions.
    pub fn evaluate<'a>(
        &self,
        ranges: impl IntoIterator<Item = &'a [Event<'a>]>,
        listed: impl IntoIterator<Item = &'a str>,
    ) -> Applies<'a> {
        if let Some(text) = listed.into_iter().find(|text| self.is(text)) {
            return Applies::Yes(Ground::Listed(text));
        }
        let mut answer = Applies::No;
        for events in ranges {
            match self.within(events) {
                Applies::No => {}
                yes @ Applies::Yes(_) => return yes,
                doubt @ Applies::Unknown(_) => {
                    if answer == Applies::No {
                        answer = doubt;
                    }
                }
            }
        }
        answer
    }

    /// How the installed version stands to a bound.
    fn compare(&self, bound: &str) -> Result<Ordering, ParseVersionError> {
        let bound = self.version.scheme().parts(bound)?;
        Ok(compare(&self.parts, &bound))
    }

    /// How the installed version stands to a bound that it may equal.
    fn compare_last(&self, bound: &str) -> Result<Ordering, ParseVersionError> {
        let bound = self.version.scheme().parts(bound)?;
        Ok(compare_inclusive(&self.parts, &bound))
    }

    /// Whether a listed text is the installed version.
    fn is(&self, listed: &str) -> bool {
        listed == self.version.as_str()
            || self
                .compare_last(listed)
                .is_ok_and(|order| order == Ordering::Equal)
    }

    fn within<'a>(&self, events: &'a [Event<'a>]) -> Applies<'a> {
        match self.try_within(events) {
            Ok(Some(interval)) => Applies::Yes(Ground::Interval(interval)),
            Ok(None) => Applies::No,
            Err(doubt) => Applies::Unknown(doubt),
        }
    }

    fn try_within<'a>(&self, events: &'a [Event<'a>]) -> Result<Option<Interval<'a>>, Doubt> {
        let mut sweep = Sweep::new(self);
        for event in events {
            sweep.see(*event).map_err(Doubt::Bound)?;
        }
        sweep.finish()
    }
}

/// One pass over the events of a range, in place of sorting them: what decides is the last event in
/// the order of versions that the installed version has reached, and that is a maximum.
struct Sweep<'a, 'v> {
    installed: &'v Installed<'v>,
    introduced: bool,
    limits: Limits,
    /// Whether the event before this one is an `introduced` and decides so far.
    just_opened: bool,
    /// The deciding event so far; no bound stands for `introduced: "0"`.
    reached: Option<(Event<'a>, Option<Parts<'a>>)>,
    /// The nearest end above the installed version.
    end: Option<(End<'a>, Parts<'a>)>,
}

/// What the limits of a range say; one limit above the version is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limits {
    None,
    AllReached,
    OneAbove,
}

impl<'a, 'v> Sweep<'a, 'v> {
    fn new(installed: &'v Installed<'v>) -> Self {
        Self {
            installed,
            introduced: false,
            limits: Limits::None,
            just_opened: false,
            reached: None,
            end: None,
        }
    }

    fn see(&mut self, event: Event<'a>) -> Result<(), ParseVersionError> {
        let scheme = self.installed.version.scheme();
        let installed = &self.installed.parts;
        let closes_it = std::mem::take(&mut self.just_opened);
        match event {
            Event::Introduced("0") => {
                self.introduced = true;
                if !matches!(self.reached, Some((_, Some(_)))) {
                    self.reached = Some((event, None));
                }
            }
            Event::Introduced(text) => {
                self.introduced = true;
                let bound = scheme.parts(text)?;
                if compare(installed, &bound).is_ge() {
                    self.reach(event, bound, true);
                }
            }
            Event::Fixed(text) => {
                let bound = scheme.parts(text)?;
                if compare(installed, &bound).is_ge() {
                    self.reach(event, bound, closes_it);
                } else {
                    self.end_at(End::Fixed(text), bound);
                }
            }
            Event::LastAffected(text) => {
                let bound = scheme.parts(text)?;
                if compare_inclusive(installed, &bound).is_gt() {
                    self.reach(event, bound, closes_it);
                } else {
                    self.end_at(End::LastAffected(text), bound);
                }
            }
            Event::Limit("*") => self.limits = Limits::OneAbove,
            Event::Limit(text) => {
                let bound = scheme.parts(text)?;
                if compare(installed, &bound).is_lt() {
                    self.limits = Limits::OneAbove;
                    self.end_at(End::Limit(text), bound);
                } else if self.limits == Limits::None {
                    self.limits = Limits::AllReached;
                }
            }
        }
        Ok(())
    }

    /// At equal versions the event that is written later decides, unless it ends another range than the one
    /// that begins there.
    fn reach(&mut self, event: Event<'a>, bound: Parts<'a>, outdoes_equal: bool) {
        let later = match &self.reached {
            Some((known, Some(best))) => match compare(&bound, best) {
                Ordering::Less => false,
                Ordering::Equal => outdoes_equal || !matches!(known, Event::Introduced(_)),
                Ordering::Greater => true,
            },
            _ => true,
        };
        if later {
            self.just_opened = matches!(event, Event::Introduced(_));
            self.reached = Some((event, Some(bound)));
        }
    }

    fn end_at(&mut self, end: End<'a>, bound: Parts<'a>) {
        let nearer = match &self.end {
            Some((_, best)) => compare(&bound, best).is_lt(),
            None => true,
        };
        if nearer {
            self.end = Some((end, bound));
        }
    }

    fn finish(self) -> Result<Option<Interval<'a>>, Doubt> {
        if !self.introduced {
            let installed = self.installed.version.to_string();
            return Err(Doubt::NotIntroduced { installed });
        }
        if self.limits == Limits::AllReached {
            return Ok(None);
        }
        let introduced = match self.reached {
            Some((Event::Introduced(_), None)) => None,
            Some((Event::Introduced(text), Some(_))) => Some(text),
            _ => return Ok(None),
        };
        Ok(Some(Interval {
            introduced,
            end: self.end.map_or(End::Open, |(end, _)| end),
        }))
    }
}

/// Both sides are of one scheme, so there is always an order.
fn compare(left: &Parts<'_>, right: &Parts<'_>) -> Ordering {
    left.compare(right).unwrap_or(Ordering::Equal)
}

/// Compares where equality counts as a match: a Python bound without a local label speaks of every
/// local build of that version.
fn compare_inclusive(installed: &Parts<'_>, bound: &Parts<'_>) -> Ordering {
    match (installed, bound) {
        (Parts::Pep440(installed), Parts::Pep440(bound)) if !bound.has_local() => {
            installed.compare_public(bound)
        }
        (installed, bound) => compare(installed, bound),
    }
}

#[cfg(test)]
mod tests;
