//! Comments of a file that lay findings aside. Each linter reads comments as its files have them; what they mean for
//! the findings is the same.

use std::collections::BTreeMap;

use super::{LintFinding, LintIgnored};

/// Where a comment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For what begins on this line.
    Line(u32),
    /// For the whole file.
    File,
    /// Nowhere: nothing follows where its linter looks for it, or its day has come.
    Nothing,
}

/// One name in a comment.
pub trait Aside {
    /// The line of the comment, from 1.
    fn line(&self) -> u32;

    /// Where it holds.
    fn reach(&self) -> Reach;

    /// Whether its linter would call the finding so.
    fn names(&self, finding: &LintFinding) -> bool;
}

/// Which comments held, and what is left of the findings.
#[derive(Debug)]
pub struct Parted<A> {
    /// Findings that no comment lays aside.
    pub kept: Vec<LintFinding>,
    /// Those that one does; the first in the file is named.
    pub ignored: Vec<LintIgnored>,
    /// Comments that met no finding.
    pub dead: Vec<A>,
}

/// Lays aside what comments say. `lines` are where a comment that speaks of a line has to look for a finding.
///
/// A finding is held against the comments of its lines and of the file alone, so that many of both cost no more
/// than they must.
pub fn part<A: Aside, const LINES: usize>(
    asides: Vec<A>,
    found: Vec<LintFinding>,
    lines: impl Fn(&LintFinding) -> [u32; LINES],
) -> Parted<A> {
    let mut places: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
    for (at, aside) in asides.iter().enumerate() {
        match aside.reach() {
            Reach::Line(line) => places.entry(Some(line)).or_default().push(at),
            Reach::File => places.entry(None).or_default().push(at),
            Reach::Nothing => {}
        }
    }
    let mut is_used = vec![false; asides.len()];
    let (mut kept, mut ignored) = (Vec::with_capacity(found.len()), Vec::new());
    for finding in found {
        let mut by: Option<u32> = None;
        let near = lines(&finding).map(Some).into_iter().chain([None]);
        for at in near.filter_map(|place| places.get(&place)).flatten() {
            let (Some(aside), Some(is_used)) = (asides.get(*at), is_used.get_mut(*at)) else {
                continue;
            };
            if aside.names(&finding) {
                *is_used = true;
                by = Some(by.map_or(aside.line(), |line| line.min(aside.line())));
            }
        }
        match by {
            Some(line) => ignored.push(LintIgnored {
                finding,
                by: format!("inline, line {line}"),
            }),
            None => kept.push(finding),
        }
    }
    let dead = asides.into_iter().zip(is_used);
    let dead = dead.filter(|(_, is_used)| !is_used).map(|(aside, _)| aside);
    Parted {
        kept,
        ignored,
        dead: dead.collect(),
    }
}

/// How comments of Trivy begin.
pub const TRIVY: &str = "trivy:ignore:";

/// The ids of Trivy in a text, and whether each still holds on the day `today` (`2026-01-31`; empty where no day is
/// known): the last day itself is too late already (Trivy, "Filtering", tried with 0.76), and what is no day ends at
/// once.
pub fn trivy_words<'a>(text: &'a str, today: &'a str) -> impl Iterator<Item = (&'a str, bool)> {
    text.split_whitespace().filter_map(move |word| {
        let rest = word.trim_start_matches('#').strip_prefix(TRIVY)?;
        let mut parts = rest.split(':');
        let name = parts.next().filter(|name| !name.is_empty())?;
        let mut holds = true;
        while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            holds &= key != "exp" || is_day(value) && (today.is_empty() || today < value);
        }
        Some((name, holds))
    })
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
