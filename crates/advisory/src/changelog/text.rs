//! What a changelog (deb-changelog(5)) says of flaws.
//!
//! An entry begins with `source (version) distributions; urgency=…` at the margin, then come indented items, and it
//! ends with ` -- maintainer  date`. An item that names a CVE id says that this version repairs it, unless it says
//! that a repair was taken back or that the package was never affected.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

/// What was read of one changelog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fixes {
    pub(crate) source: String,
    /// Of the newest entry.
    pub(crate) version: String,
    pub(crate) newest: Option<Timestamp>,
    pub(crate) fixed: BTreeMap<String, String>,
    pub(crate) reverted: BTreeSet<String>,
    /// When the entries of the versions that repair something were written.
    pub(crate) written: BTreeMap<String, Timestamp>,
}

/// Words of items that name a flaw and do not repair it.
const NO_REPAIR: &[&str] = &[
    "not affected",
    "unaffected",
    "does not affect",
    "doesn't affect",
    "not vulnerable",
    "does not fix",
    "doesn't fix",
    "not fixed",
    "not yet fixed",
    "remains unfixed",
];

/// How far from an id such words may stand, in bytes: items tell whole stories of a flaw.
const NEAR: usize = 80;

/// The flaws that a changelog names, each with the oldest version that repairs it for good; `None` for a text that
/// is no changelog of this form.
pub(crate) fn fixes(text: &str) -> Option<Fixes> {
    let mut entries = Vec::new();
    let mut newest = None;
    for line in text.lines() {
        if let Some((source, version)) = heading(line) {
            entries.push(Entry {
                source,
                version,
                written: None,
                items: Vec::new(),
            });
        } else if let Some(entry) = entries.last_mut() {
            if let Some((_, date)) = line
                .strip_prefix(" -- ")
                .and_then(|rest| rest.split_once(">  "))
            {
                entry.written = written(date.trim());
                newest = newest.max(entry.written);
            } else {
                entry.line(line);
            }
        }
    }
    let first = entries.first()?;
    let mut fixes = Fixes {
        source: first.source.to_owned(),
        version: first.version.to_owned(),
        newest,
        fixed: BTreeMap::new(),
        reverted: BTreeSet::new(),
        written: BTreeMap::new(),
    };
    for entry in entries.iter().rev() {
        // A source package that was renamed keeps its history.
        for item in &entry.items {
            fixes.item(entry.version, item);
        }
    }
    let repaired: BTreeSet<&str> = fixes.fixed.values().map(String::as_str).collect();
    let mut written = BTreeMap::new();
    for entry in &entries {
        if let Some(date) = entry.written
            && repaired.contains(entry.version)
        {
            written.insert(entry.version.to_owned(), date);
        }
    }
    fixes.written = written;
    Some(fixes)
}

struct Entry<'a> {
    source: &'a str,
    version: &'a str,
    written: Option<Timestamp>,
    items: Vec<String>,
}

/// The longest item of which the words are looked at.
const ITEM_LIMIT: usize = 64 << 10;

impl Entry<'_> {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        let begins = text.starts_with(['*', '+', '-', '[']);
        match self.items.last_mut() {
            Some(item) if !begins && item.len() < ITEM_LIMIT => {
                item.push(' ');
                item.push_str(text);
            }
            _ if text.is_empty() => {}
            _ => self.items.push(text.to_owned()),
        }
    }
}

impl Fixes {
    fn item(&mut self, version: &str, item: &str) {
        let lower = item.to_ascii_lowercase();
        if !lower.contains("cve-") {
            return;
        }
        let spoken: Vec<usize> = NO_REPAIR
            .iter()
            .flat_map(|words| lower.match_indices(words))
            .map(|(place, _)| place)
            .collect();
        let reverts = lower.find("revert");
        for (place, id) in ids(item) {
            if spoken.iter().any(|word| word.abs_diff(place) < NEAR) {
                continue;
            }
            if reverts.is_some_and(|word| word < place) {
                if self.fixed.remove(&id).is_some() {
                    self.reverted.insert(id);
                }
            } else {
                self.reverted.remove(&id);
                self.fixed.entry(id).or_insert_with(|| version.to_owned());
            }
        }
    }
}

/// `source (version) distributions; urgency=…`.
fn heading(line: &str) -> Option<(&str, &str)> {
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let (source, rest) = line.split_once(" (")?;
    let (version, rest) = rest.split_once(')')?;
    let sound = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (sound(source) && sound(version) && rest.contains(';')).then_some((source, version))
}

fn written(date: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(date)
        .ok()
}

/// The CVE ids of a text with their places.
fn ids(text: &str) -> impl Iterator<Item = (usize, String)> {
    text.match_indices("CVE-").filter_map(|(place, _)| {
        let rest = text.get(place.saturating_add(4)..)?;
        let (year, rest) = rest.split_once('-')?;
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let number = rest.get(..end)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let sound = year.len() == 4 && digits(year) && (4..=12).contains(&number.len());
        sound.then(|| (place, format!("CVE-{year}-{number}")))
    })
}
