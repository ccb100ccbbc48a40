//! Comments of a file that lay findings aside. Each linter reads comments as its files have them; what they mean for
//! the findings is the same.

use std::collections::BTreeMap;

use super::settings::Settings;
use super::{LintFinding, LintIgnored, LintRule};
use crate::Text;

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

    /// The rule as it is written.
    fn name(&self) -> &str;

    /// Whether it is a comment of ours, so that what it names has to be a rule here.
    fn is_ours(&self) -> bool;

    /// Whether the rule could be meant.
    fn means(&self, rule: &LintRule) -> bool;

    /// What is said of one that holds nowhere, and what to do.
    fn nowhere(&self) -> (Text, Text);
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

/// What is wrong with a comment that met no finding, and what to do; nothing where only another linter can know.
/// `rules` are all that there are, each with whether it is on by default, and `own` is the one that asks, which meets
/// no finding of its own.
#[must_use]
pub fn why_dead<'a>(
    aside: &impl Aside,
    own: &LintRule,
    rules: impl Iterator<Item = (&'a LintRule, bool)>,
    settings: &Settings,
) -> Option<(Text, Text)> {
    let name = aside.name();
    let mut known = rules.filter(|(rule, _)| aside.means(rule)).peekable();
    let is_known = known.peek().is_some();
    if !is_known && aside.is_ours() {
        return Some((
            Text::new(
                format!("there is no rule `{name}` for this kind of file"),
                format!("此类文件不存在规则 `{name}`"),
            ),
            Text::fixed(
                "name a rule by its id or alias; `plimsoll lint --list-rules` lists them",
                "请使用规则的编号或别名,`plimsoll lint --list-rules` 可列出全部",
            ),
        ));
    }
    if aside.reach() == Reach::Nothing {
        return Some(aside.nowhere());
    }
    if !known.any(|(rule, by_default)| rule.id != own.id && settings.runs(rule, by_default)) {
        return None;
    }
    Some((
        Text::new(
            format!("`{name}` is not found here"),
            format!("此处未发现 `{name}`"),
        ),
        Text::fixed("take the comment away", "请删除该注释"),
    ))
}

/// What a comment of ours names, and whether that is for the file: `plimsoll ignore=rule,rule reason` and
/// `plimsoll ignore-file=…`, without the comment's sign. `None` where it is no such comment.
#[must_use]
pub fn our_names(words: &str) -> Option<(bool, impl Iterator<Item = &str>)> {
    let rest = words.strip_prefix("plimsoll")?.trim_start();
    let of_file = rest.strip_prefix("ignore-file");
    let list = of_file.or_else(|| rest.strip_prefix("ignore"))?;
    let list = list.trim_start().strip_prefix('=')?;
    let mut is_over = false;
    let names = list.split(',').map_while(move |part| {
        if is_over {
            return None;
        }
        let mut words = part.split_whitespace();
        let name = words.next();
        // What follows the list behind a blank is the reason.
        is_over = words.next().is_some();
        Some(name.unwrap_or_default())
    });
    Some((of_file.is_some(), names.filter(|name| !name.is_empty())))
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
