//! Requirements on versions, as communities write them, and the ranges that follow from them.
//!
//! `RustSec` and the Ruby advisory database say which versions are *not* affected, so that the affected ones are the
//! complement; `FriendsOfPHP` says which are. Sources: Cargo's reference, "Specifying Dependencies", for [`Dialect::Cargo`];
//! `Gem::Requirement` of RubyGems for [`Dialect::Gem`]; Composer's documentation, "Versions and constraints", for
//! [`Dialect::Composer`]. Requirements are read by the plain order of versions, as the tools of `RustSec` and of
//! rubysec do: `>= 1.5` holds `2.0.0-alpha`.

use std::cmp::Ordering;

use plimsoll_version::{Scheme, Version};

use crate::advisory::Event;

/// Whose requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `^1.2.3`, `>= 1.2, < 1.4`; a bare version is a caret.
    Cargo,
    /// `~> 1.2.3`, `>= 1.2`; a bare version is that version.
    Gem,
    /// `>=1.2.3`; a bare version is that version.
    Composer,
}

/// A place between two versions: just below or just above one, or an end of the line.
#[derive(Debug, Clone)]
enum Cut {
    Start,
    Below(Version),
    Above(Version),
    End,
}

/// The versions between two places.
#[derive(Debug, Clone)]
struct Span {
    from: Cut,
    to: Cut,
}

/// A set of versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Versions {
    spans: Vec<Span>,
}

/// The most comparisons in one requirement and the most requirements in one record that are believed.
const COMPARISONS: usize = 32;
const SPANS: usize = 10_000;

impl Cut {
    fn rank(&self) -> u8 {
        match self {
            Self::Start => 0,
            Self::Below(_) | Self::Above(_) => 1,
            Self::End => 2,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Below(left) | Self::Above(left), Self::Below(right) | Self::Above(right)) => {
                // Versions of one scheme always have an order.
                let order = left.compare(right).unwrap_or(Ordering::Equal);
                let is_above = |cut: &Self| matches!(cut, Self::Above(_));
                order.then_with(|| is_above(self).cmp(&is_above(other)))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn later(self, other: Self) -> Self {
        if self.compare(&other).is_ge() {
            self
        } else {
            other
        }
    }

    fn earlier(self, other: Self) -> Self {
        if self.compare(&other).is_le() {
            self
        } else {
            other
        }
    }
}

impl Span {
    fn whole() -> Self {
        Self {
            from: Cut::Start,
            to: Cut::End,
        }
    }

    fn is_empty(&self) -> bool {
        self.from.compare(&self.to).is_ge()
    }

    fn events(&self, dialect: Dialect, scheme: Scheme) -> Vec<Event> {
        let from = match &self.from {
            Cut::Start | Cut::End => Event::Introduced("0".to_owned()),
            Cut::Below(version) => Event::Introduced(version.as_str().to_owned()),
            Cut::Above(version) => Event::Introduced(next(dialect, scheme, version)),
        };
        let to = match &self.to {
            Cut::Start | Cut::End => None,
            Cut::Below(version) => Some(Event::Fixed(version.as_str().to_owned())),
            Cut::Above(version) => Some(Event::LastAffected(version.as_str().to_owned())),
        };
        [from].into_iter().chain(to).collect()
    }
}

impl Versions {
    /// Adds the versions that one requirement holds; all comparisons in it must hold. The error tells what cannot be
    /// read.
    pub(super) fn add(
        &mut self,
        dialect: Dialect,
        scheme: Scheme,
        requirement: &str,
    ) -> Result<(), String> {
        let unreadable = || {
            let shown: String = requirement.chars().take(80).collect();
            format!("the requirement `{shown}` cannot be read")
        };
        let parts: Vec<&str> = requirement.split(',').map(str::trim).collect();
        if parts.len() > COMPARISONS || self.spans.len() > SPANS {
            return Err("it has more requirements than any record has".to_owned());
        }
        let mut held = vec![Span::whole()];
        for part in parts {
            let allowed = comparison(dialect, scheme, part).ok_or_else(unreadable)?;
            held = held
                .iter()
                .flat_map(|one| allowed.iter().map(move |other| (one, other)))
                .map(|(one, other)| Span {
                    from: one.from.clone().later(other.from.clone()),
                    to: one.to.clone().earlier(other.to.clone()),
                })
                .filter(|span| !span.is_empty())
                .collect();
        }
        self.spans.append(&mut held);
        Ok(())
    }

    /// The spans in order, those that touch joined.
    fn joined(&self) -> Vec<Span> {
        let mut sorted = self.spans.clone();
        sorted.sort_by(|left, right| left.from.compare(&right.from));
        let mut joined: Vec<Span> = Vec::new();
        for span in sorted {
            match joined.last_mut() {
                Some(last) if last.to.compare(&span.from).is_ge() => {
                    last.to = last.to.clone().later(span.to);
                }
                _ => joined.push(span),
            }
        }
        joined
    }

    /// The set as ranges of events.
    pub(super) fn ranges(&self, dialect: Dialect, scheme: Scheme) -> Vec<Vec<Event>> {
        let joined = self.joined();
        joined
            .iter()
            .map(|span| span.events(dialect, scheme))
            .collect()
    }

    /// Every version that is not in the set.
    pub(super) fn outside(&self) -> Self {
        let mut spans = Vec::new();
        let mut at = Cut::Start;
        for held in self.joined() {
            let span = Span {
                from: at,
                to: held.from,
            };
            if !span.is_empty() {
                spans.push(span);
            }
            at = held.to;
        }
        let last = Span {
            from: at,
            to: Cut::End,
        };
        if !last.is_empty() {
            spans.push(last);
        }
        Self { spans }
    }
}

const OPERATORS: &[&str] = &["~>", ">=", "<=", "!=", "==", "^", "~", ">", "<", "="];

/// The versions that one comparison holds.
fn comparison(dialect: Dialect, scheme: Scheme, text: &str) -> Option<Vec<Span>> {
    let operator = OPERATORS
        .iter()
        .find(|operator| text.starts_with(**operator))
        .copied()
        .unwrap_or_default();
    let version = text.get(operator.len()..)?.trim();
    match dialect {
        Dialect::Cargo => cargo(operator, version, scheme).map(|span| vec![span]),
        Dialect::Gem => gem(operator, version, scheme),
        Dialect::Composer => composer(operator, version, scheme),
    }
}

fn between(from: Cut, to: Cut) -> Span {
    Span { from, to }
}

/// The comparisons that mean the same everywhere.
fn plain(operator: &str, version: Version) -> Option<Vec<Span>> {
    let above = Cut::Above(version.clone());
    let below = Cut::Below(version);
    Some(match operator {
        "" | "=" | "==" => vec![between(below, above)],
        "!=" => vec![between(Cut::Start, below), between(above, Cut::End)],
        ">" => vec![between(above, Cut::End)],
        ">=" => vec![between(below, Cut::End)],
        "<" => vec![between(Cut::Start, below)],
        "<=" => vec![between(Cut::Start, above)],
        _ => return None,
    })
}

/// `~> 1.2.3` is `>= 1.2.3` and, of releases and what precedes them, `< 1.3`.
fn gem(operator: &str, text: &str, scheme: Scheme) -> Option<Vec<Span>> {
    let version = scheme.parse(&spelt(scheme, text)).ok()?;
    if operator != "~>" {
        return plain(operator, version);
    }
    let numbers: Vec<&str> = text
        .split('.')
        .take_while(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let kept = numbers.len().saturating_sub(1).max(1);
    let (last, before) = numbers.get(..kept)?.split_last()?;
    let last = last.parse::<u64>().ok()?.checked_add(1)?.to_string();
    let mut parts: Vec<&str> = before.to_vec();
    parts.push(&last);
    let next = first(scheme, &parts.join("."));
    let next = scheme.parse(&next).ok()?;
    Some(vec![between(Cut::Below(version), Cut::Below(next))])
}

/// How a version of a Ruby engine is written in the order of programs, which knows `_rc1` and no `.rc1`.
fn spelt(scheme: Scheme, text: &str) -> String {
    let letter = text.find(|c: char| c.is_ascii_alphabetic());
    let Some((numbers, word)) = letter.and_then(|place| text.split_at_checked(place)) else {
        return text.to_owned();
    };
    let counter = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match scheme {
        Scheme::Portage if word.starts_with("preview") => {
            format!("{}_alpha{counter}", numbers.trim_end_matches(['.', '-']))
        }
        Scheme::Portage if word.starts_with("rc") => {
            format!("{}_rc{counter}", numbers.trim_end_matches(['.', '-']))
        }
        _ => text.to_owned(),
    }
}

/// A text that stands before every version, of releases and what precedes them, that begins like this.
fn first(scheme: Scheme, numbers: &str) -> String {
    match scheme {
        Scheme::Gem => format!("{numbers}.A"),
        Scheme::Portage => format!("{numbers}_alpha"),
        Scheme::Composer => format!("{numbers}-dev"),
        _ => format!("{numbers}-0"),
    }
}

/// A bound at or after the given version and before each that follows it, as far as versions are written; the version
/// itself where there is none, which errs on the safe side.
fn next(dialect: Dialect, scheme: Scheme, version: &Version) -> String {
    let text = version.as_str();
    let next = match dialect {
        Dialect::Cargo => {
            let text = text.split('+').next().unwrap_or(text);
            match text.rsplit_once('.') {
                _ if text.contains('-') => format!("{text}.0"),
                Some((before, last)) => {
                    match last.parse::<u64>().ok().and_then(|n| n.checked_add(1)) {
                        Some(last) => format!("{before}.{last}-0"),
                        None => return text.to_owned(),
                    }
                }
                None => return text.to_owned(),
            }
        }
        Dialect::Gem => format!("{text}.0.0.1"),
        Dialect::Composer => format!("{text}-patch"),
    };
    let follows = scheme
        .compare(&next, text)
        .is_ok_and(std::cmp::Ordering::is_gt);
    if follows { next } else { text.to_owned() }
}

/// Before a version stand its own pre-releases where it is a lower bound, as Composer has it; where it is an upper
/// bound they are not counted out, for nothing says that they have the fix.
fn composer(operator: &str, text: &str, scheme: Scheme) -> Option<Vec<Span>> {
    let begins = matches!(operator, ">=");
    let text = if begins
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        first(scheme, text)
    } else {
        text.to_owned()
    };
    plain(operator, scheme.parse(&text).ok()?)
}

/// Numbers of a version of which some may be left out.
struct Partial {
    numbers: Vec<u64>,
    /// What follows the third number, with its hyphen or plus.
    rest: String,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at_checked(end)?;
        let mut parts = Vec::new();
        let mut wild = false;
        for part in numbers.split('.') {
            if matches!(part, "*" | "x" | "X") {
                wild = true;
            } else if wild {
                return None;
            } else {
                parts.push(part.parse().ok()?);
            }
        }
        let is_whole = parts.len() == 3;
        (parts.len() <= 3 && (rest.is_empty() || is_whole)).then(|| Self {
            numbers: parts,
            rest: rest.to_owned(),
        })
    }

    fn is_whole(&self) -> bool {
        self.numbers.len() == 3
    }

    fn number(&self, place: usize) -> u64 {
        self.numbers.get(place).copied().unwrap_or(0)
    }

    fn text(&self) -> String {
        let [major, minor, patch] = [0, 1, 2].map(|place| self.number(place));
        format!("{major}.{minor}.{patch}{}", self.rest)
    }

    /// The first version with a higher number at this place, pre-releases with it.
    fn bumped(&self, place: usize) -> Option<String> {
        let mut numbers = [0, 1, 2].map(|place| self.number(place));
        for (at, number) in numbers.iter_mut().enumerate() {
            match at.cmp(&place) {
                Ordering::Less => {}
                Ordering::Equal => *number = number.checked_add(1)?,
                Ordering::Greater => *number = 0,
            }
        }
        let [major, minor, patch] = numbers;
        Some(format!("{major}.{minor}.{patch}-0"))
    }
}

fn cargo(operator: &str, text: &str, scheme: Scheme) -> Option<Span> {
    let partial = Partial::parse(text)?;
    let Some(last) = partial.numbers.len().checked_sub(1) else {
        // `*`
        return matches!(operator, "" | "=" | ">=").then(Span::whole);
    };
    let below = |text: String| scheme.parse(&text).ok().map(Cut::Below);
    let above = |text: String| scheme.parse(&text).ok().map(Cut::Above);
    let from = below(partial.text())?;
    let has_wildcard = text.contains(['*', 'x', 'X']) && partial.rest.is_empty();
    let span = match operator {
        "" | "^" if !has_wildcard => {
            let leading = (0..=last).find(|place| partial.number(*place) > 0);
            let to = partial.bumped(leading.unwrap_or(last))?;
            between(from, below(to)?)
        }
        "~" => between(from, below(partial.bumped(last.min(1))?)?),
        "=" if partial.is_whole() => between(from, above(partial.text())?),
        "" | "^" | "=" => between(from, below(partial.bumped(last)?)?),
        ">" if partial.is_whole() => between(above(partial.text())?, Cut::End),
        ">" => between(below(partial.bumped(last)?)?, Cut::End),
        ">=" => between(from, Cut::End),
        "<" => between(Cut::Start, from),
        "<=" if partial.is_whole() => between(Cut::Start, above(partial.text())?),
        "<=" => between(Cut::Start, below(partial.bumped(last)?)?),
        _ => return None,
    };
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ranges: &[Vec<Event>]) -> String {
        let one = |events: &Vec<Event>| {
            let texts = events.iter().map(|event| match event {
                Event::Introduced(text) => format!(">={text}"),
                Event::Fixed(text) | Event::Limit(text) => format!("<{text}"),
                Event::LastAffected(text) => format!("<={text}"),
            });
            texts.collect::<Vec<_>>().join(" ")
        };
        ranges.iter().map(one).collect::<Vec<_>>().join(" | ")
    }

    fn read(dialect: Dialect, scheme: Scheme, requirements: &[&str]) -> Versions {
        let mut versions = Versions::default();
        for requirement in requirements {
            versions
                .add(dialect, scheme, requirement)
                .expect(requirement);
        }
        versions
    }

    #[test]
    fn what_cargo_s_requirements_leave() {
        let outside = |requirements: &[&str]| {
            let versions = read(Dialect::Cargo, Scheme::Semver, requirements);
            shown(&versions.outside().ranges(Dialect::Cargo, Scheme::Semver))
        };
        for (requirements, expected) in [
            (&[][..], ">=0"),
            (&[">= 1.2.3"], ">=0 <1.2.3"),
            (&["> 1.2.3"], ">=0 <=1.2.3"),
            (&[">= 1.2"], ">=0 <1.2.0"),
            (&["> 1.2"], ">=0 <1.3.0-0"),
            (&["<= 1.2.3"], ">=1.2.4-0"),
            (&["<= 1.2.3-rc1", ">= 1.2.4"], ">=1.2.3-rc1.0 <1.2.4"),
            (&["< 1.1.0", ">= 1.2.0"], ">=1.1.0 <1.2.0"),
            (&["^0.6.5", ">= 0.7.2"], ">=0 <0.6.5 | >=0.7.0-0 <0.7.2"),
            (
                &["^1.2.3", "^2.0.1", ">= 3"],
                ">=0 <1.2.3 | >=2.0.0-0 <2.0.1 | >=3.0.0-0 <3.0.0",
            ),
            (&["~1.2.3"], ">=0 <1.2.3 | >=1.3.0-0"),
            (&["1.2.3"], ">=0 <1.2.3 | >=2.0.0-0"),
            (&["^0.0.3"], ">=0 <0.0.3 | >=0.0.4-0"),
            (&["^0"], ">=0 <0.0.0 | >=1.0.0-0"),
            (&["1.*"], ">=0 <1.0.0 | >=2.0.0-0"),
            (&["= 1.2.3"], ">=0 <1.2.3 | >=1.2.4-0"),
            (&[">= 1.0.0, < 1.5.0", ">= 1.5.0"], ">=0 <1.0.0"),
            (&["*"], ""),
            (&[">= 0.0.0"], ">=0 <0.0.0"),
        ] {
            assert_eq!(outside(requirements), expected, "{requirements:?}");
        }
    }

    #[test]
    fn what_gem_s_requirements_leave() {
        let outside = |requirements: &[&str]| {
            let versions = read(Dialect::Gem, Scheme::Gem, requirements);
            shown(&versions.outside().ranges(Dialect::Gem, Scheme::Gem))
        };
        for (requirements, expected) in [
            (
                &["~> 5.2.8", "~> 6.1.7, >= 6.1.7.1", ">= 7.0.4.1"][..],
                ">=0 <5.2.8 | >=5.3.A <6.1.7.1 | >=6.2.A <7.0.4.1",
            ),
            (&["< 4.2.0", ">= 5.0.0", ">= 4.2.7.1"], ">=4.2.0 <4.2.7.1"),
            (&["~> 5"], ">=0 <5 | >=6.A"),
            (&["~> 1.2.rc1"], ">=0 <1.2.rc1 | >=2.A"),
            (&["<= 1.2", "> 1.9"], ">=1.2.0.0.1 <=1.9"),
            (&["1.2.3"], ">=0 <1.2.3 | >=1.2.3.0.0.1"),
            (&["!= 1.2.3"], ">=1.2.3 <=1.2.3"),
        ] {
            assert_eq!(outside(requirements), expected, "{requirements:?}");
        }
        let engine = read(
            Dialect::Gem,
            Scheme::Portage,
            &["~> 2.6.10", ">= 2.7.0.preview1"],
        );
        assert_eq!(
            shown(&engine.outside().ranges(Dialect::Gem, Scheme::Portage)),
            ">=0 <2.6.10 | >=2.7_alpha <2.7.0_alpha1"
        );
    }

    #[test]
    fn composer_s_branches_are_joined() {
        let versions = read(
            Dialect::Composer,
            Scheme::Composer,
            &[
                ">=5.4.0,<5.4.47",
                ">=5.3.0, <5.4.0",
                ">7.0.0,<=7.1.0-beta2",
                "6.0.1",
            ],
        );
        assert_eq!(
            shown(&versions.ranges(Dialect::Composer, Scheme::Composer)),
            ">=5.3.0-dev <5.4.47 | >=6.0.1 <=6.0.1 | >=7.0.0-patch <=7.1.0-beta2"
        );
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let mut versions = Versions::default();
        for (dialect, scheme, text) in [
            (Dialect::Cargo, Scheme::Semver, ">= one"),
            (Dialect::Cargo, Scheme::Semver, ""),
            (Dialect::Cargo, Scheme::Semver, "1.*.3"),
            (Dialect::Cargo, Scheme::Semver, ">= 99999999999999999999"),
            (Dialect::Gem, Scheme::Gem, "~> "),
            (Dialect::Gem, Scheme::Gem, "=> 1"),
            (Dialect::Gem, Scheme::Gem, "~> 99999999999999999999.1"),
            (Dialect::Composer, Scheme::Composer, "^1.2"),
            (Dialect::Composer, Scheme::Composer, "dev-master"),
        ] {
            assert!(versions.add(dialect, scheme, text).is_err(), "{text}");
        }
        let many = vec!["< 1"; 1000].join(",");
        assert!(versions.add(Dialect::Gem, Scheme::Gem, &many).is_err());
    }
}
