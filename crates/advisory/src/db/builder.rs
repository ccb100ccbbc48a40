//! Collects advisories in a compact form until all are known and can be joined and written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use plimsoll_model::Severity;
use plimsoll_model::advisory::{Doubt, Epss, KnownExploited};
use plimsoll_model::lifecycle::Lifecycle;

use super::interner::{Interner, number};
use super::join::is_erratum;
use super::package::{Standing, encode_rule};
use super::tidy::tidy;
use crate::advisory::{Advisory, Affected, Release, Role};
use crate::key::EcosystemKey;
use crate::rating::Rater;
use crate::{BuildError, FeedProblem};

/// The longest id or package name that is taken in, in bytes.
const NAME_LIMIT: usize = 512;
/// The longest title and description that are kept, in characters.
const TITLE_LIMIT: usize = 200;
const DESCRIPTION_LIMIT: usize = 280;
/// The most references and aliases of one record that are kept.
const REFERENCE_LIMIT: usize = 6;
const ALIAS_LIMIT: usize = 64;

/// Joins advisories of any number of feeds into one database.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) strings: Interner<str>,
    pub(super) rules: Interner<[u8]>,
    pub(super) feeds: Vec<FeedRow>,
    pub(super) records: Vec<RecordRow>,
    pub(super) packages: Vec<(u32, u32)>,
    package_places: HashMap<(u32, u32), u32>,
    pub(super) claims: Vec<ClaimRow>,
    /// With the day on which the publisher was last asked.
    pub(super) covered: BTreeMap<EcosystemKey, Option<Timestamp>>,
    /// How likely flaws are to be exploited, by the id's place in `strings`.
    pub(super) epss: HashMap<u32, Epss>,
    /// Support dates, by distribution and release.
    pub(super) lifecycles: BTreeMap<(String, String), Lifecycle>,
    /// The products of Red Hat's repositories.
    pub(super) repositories: BTreeMap<String, BTreeSet<EcosystemKey>>,
    /// The release, the binary package and the source package that it is built from, by their places in `strings`.
    pub(super) built: BTreeSet<(u32, u32, u32)>,
    /// When versions could be installed, by the package's ecosystem and name, then by version.
    pub(super) releases: BTreeMap<(u32, u32), BTreeMap<u32, Date>>,
    problems: Vec<FeedProblem>,
}

/// A feed with what is known of it so far.
#[derive(Debug, Clone)]
pub(super) struct FeedRow {
    pub(super) id: String,
    pub(super) newest: Option<Timestamp>,
    pub(super) records: u64,
    /// Of the records: those that are advisories.
    pub(super) advisories: u64,
    /// What was left out, or taken in part.
    pub(super) problems: u64,
}

/// A record without its claims.
#[derive(Debug)]
pub(super) struct RecordRow {
    pub(super) feed: u32,
    pub(super) record: u32,
    pub(super) id: u32,
    pub(super) aliases: Box<[u32]>,
    pub(super) ratings: Box<[(u32, u8, Rater)]>,
    pub(super) word: Option<Severity>,
    pub(super) exploited: Option<KnownExploited>,
    pub(super) doubt: Option<Doubt>,
    pub(super) malicious: bool,
    pub(super) role: Role,
    pub(super) published: Option<i64>,
    pub(super) modified: Option<i64>,
    pub(super) released: Option<i64>,
    pub(super) withdrawn: Option<i64>,
    pub(super) title: Box<str>,
    pub(super) title_zh: Box<str>,
    pub(super) description: Box<str>,
    pub(super) references: Box<[u32]>,
}

/// What one record says of one package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClaimRow {
    pub(super) package: u32,
    pub(super) rule: u32,
    pub(super) record: u32,
}

/// Place of a feed in a [`Builder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedNo(u32);

impl Builder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a feed such as `osv/npm`, or finds it again.
    pub fn feed(&mut self, id: &str) -> Result<FeedNo, BuildError> {
        let known = self.feeds.iter().position(|feed| feed.id == id);
        let place = known.unwrap_or_else(|| {
            self.feeds.push(FeedRow {
                id: id.to_owned(),
                newest: None,
                records: 0,
                advisories: 0,
                problems: 0,
            });
            self.feeds.len().saturating_sub(1)
        });
        number(place, "feeds").map(FeedNo)
    }

    /// Notes that the feeds speak of an ecosystem, even if no record does, and when the publisher was last asked,
    /// where that is known. Of several documents the one that was not asked for the longest time counts.
    pub fn cover(&mut self, key: EcosystemKey, checked: Option<Timestamp>) {
        let known = self.covered.entry(key).or_insert(checked);
        *known = match (*known, checked) {
            (Some(known), Some(checked)) => Some(known.min(checked)),
            (known, checked) => known.or(checked),
        };
    }

    /// Takes support dates; of two for one release the later one counts.
    pub fn lifecycles(&mut self, feed: FeedNo, lifecycles: Vec<Lifecycle>) {
        if let Some(row) = self.feeds.get_mut(feed.0 as usize) {
            row.records = row.records.saturating_add(lifecycles.len() as u64);
        }
        for lifecycle in lifecycles {
            let key = (lifecycle.id.clone(), lifecycle.cycle.clone());
            self.lifecycles.insert(key, lifecycle);
        }
    }

    /// Takes repositories of Red Hat with their products; ids that no repository has are left out.
    pub fn repositories(&mut self, feed: FeedNo, repositories: Vec<(String, Vec<EcosystemKey>)>) {
        if let Some(row) = self.feeds.get_mut(feed.0 as usize) {
            row.records = row.records.saturating_add(repositories.len() as u64);
        }
        for (id, products) in repositories {
            if !id.is_empty() && id.len() <= NAME_LIMIT {
                self.repositories.entry(id).or_default().extend(products);
            }
        }
    }

    /// Takes days on which versions could be installed; of two for one version the earlier one counts. Those of
    /// packages of which no flaw is known are left out in the end.
    pub fn releases(&mut self, releases: &[Release]) -> Result<(), BuildError> {
        for release in releases {
            let name = release.ecosystem.normal_name(&release.package);
            let texts = [release.ecosystem.as_str(), &name, &release.version];
            if texts
                .iter()
                .any(|text| text.is_empty() || text.len() > NAME_LIMIT)
            {
                continue;
            }
            let [ecosystem, name, version] = texts;
            let package = (self.strings.intern(ecosystem)?, self.strings.intern(name)?);
            let version = self.strings.intern(version)?;
            let known = self.releases.entry(package).or_default();
            let day = known.entry(version).or_insert(release.day);
            *day = release.day.min(*day);
        }
        Ok(())
    }

    /// Notes a date that a document tells of itself.
    pub fn date(&mut self, feed: FeedNo, date: Timestamp) {
        if let Some(row) = self.feeds.get_mut(feed.0 as usize) {
            row.newest = row.newest.max(Some(date));
        }
    }

    /// Notes a record that was left out or only taken in part.
    pub fn problem(&mut self, feed: FeedNo, problem: FeedProblem) {
        if let Some(row) = self.feeds.get_mut(feed.0 as usize) {
            row.problems = row.problems.saturating_add(1);
        }
        self.problems.push(problem);
    }

    /// The problems so far, sorted.
    #[must_use]
    pub fn problems(&self) -> Vec<FeedProblem> {
        let mut problems = self.problems.clone();
        problems.sort();
        problems.dedup();
        problems
    }

    /// Takes in one advisory. What is wrong with it becomes a problem under the name of the document.
    pub fn add(
        &mut self,
        feed: FeedNo,
        document: &str,
        advisory: &Advisory,
    ) -> Result<(), BuildError> {
        if let Err(reason) = admissible(advisory) {
            self.problem_in(feed, document, &advisory.record, reason);
            return Ok(());
        }
        if let Some(epss) = advisory.epss {
            let id = self.strings.intern(&advisory.id)?;
            self.mark(id, epss);
        }
        if is_mark(advisory) {
            if let Some(feed) = self.feeds.get_mut(feed.0 as usize) {
                feed.records = feed.records.saturating_add(1);
            }
            return Ok(());
        }
        let record = number(self.records.len(), "records")?;
        let row = self.row(feed, advisory)?;
        self.records.push(row);
        if let Some(feed) = self.feeds.get_mut(feed.0 as usize) {
            feed.records = feed.records.saturating_add(1);
            feed.advisories = feed.advisories.saturating_add(1);
            feed.newest = feed.newest.max(advisory.modified).max(advisory.published);
        }
        for affected in &advisory.affected {
            self.claim(feed, document, record, advisory, affected)?;
        }
        Ok(())
    }

    /// Of two predictions for one flaw the later counts.
    fn mark(&mut self, id: u32, epss: Epss) {
        let known = self.epss.entry(id).or_insert(epss);
        if epss.date > known.date {
            *known = epss;
        }
    }

    fn row(&mut self, feed: FeedNo, advisory: &Advisory) -> Result<RecordRow, BuildError> {
        let mut aliases = Vec::new();
        for alias in advisory.aliases.iter().take(ALIAS_LIMIT) {
            if !alias.is_empty() && alias.len() <= NAME_LIMIT && *alias != advisory.id {
                aliases.push(self.strings.intern(alias)?);
            }
        }
        let mut references = Vec::new();
        for address in &advisory.references {
            let kept = address.starts_with("https://") || address.starts_with("http://");
            if kept && address.len() <= 2048 && references.len() < REFERENCE_LIMIT {
                references.push(self.strings.intern(address)?);
            }
        }
        let mut ratings = Vec::new();
        for rating in &advisory.ratings {
            ratings.push((
                self.strings.intern(&rating.vector)?,
                rating.tenths,
                rating.by,
            ));
        }
        let seconds = |date: Option<Timestamp>| date.map(Timestamp::as_second);
        Ok(RecordRow {
            feed: feed.0,
            record: self.strings.intern(&advisory.record)?,
            id: self.strings.intern(&advisory.id)?,
            aliases: aliases.into(),
            ratings: ratings.into(),
            word: advisory.word,
            exploited: advisory.exploited,
            doubt: advisory.doubt,
            malicious: advisory.malicious,
            role: advisory.role,
            published: seconds(advisory.published),
            modified: seconds(advisory.modified),
            released: seconds(advisory.released.or_else(|| {
                // An erratum is published when its fixes are.
                let told = advisory.published.filter(|_| is_erratum(&advisory.record));
                told.filter(|_| advisory.withdrawn.is_none())
            })),
            withdrawn: seconds(advisory.withdrawn),
            title: one_line(&advisory.title, TITLE_LIMIT).into(),
            title_zh: one_line(&advisory.title_zh, TITLE_LIMIT).into(),
            description: one_line(&advisory.description, DESCRIPTION_LIMIT).into(),
            references: references.into(),
        })
    }

    fn claim(
        &mut self,
        feed: FeedNo,
        document: &str,
        record: u32,
        advisory: &Advisory,
        affected: &Affected,
    ) -> Result<(), BuildError> {
        if affected.package.is_empty() || affected.package.len() > NAME_LIMIT {
            self.problem_in(
                feed,
                document,
                &advisory.record,
                "a package name is empty or too long".to_owned(),
            );
            return Ok(());
        }
        let mut affected = affected.clone();
        affected.package = affected.ecosystem.normal_name(&affected.package);
        for binary in std::mem::take(&mut affected.binaries) {
            if !binary.is_empty() && binary.len() <= NAME_LIMIT {
                self.built.insert((
                    self.strings.intern(affected.ecosystem.as_str())?,
                    self.strings.intern(&binary)?,
                    self.strings.intern(&affected.package)?,
                ));
            }
        }
        for reason in tidy(&mut affected) {
            self.problem_in(feed, document, &advisory.record, reason);
        }
        let standing = match advisory.withdrawn {
            Some(_) => Standing::Withdrawn,
            None => Standing::Valid,
        };
        let rule = self
            .rules
            .intern(encode_rule(&affected, standing).as_slice())?;
        let key = (
            self.strings.intern(affected.ecosystem.as_str())?,
            self.strings.intern(&affected.package)?,
        );
        let package = if let Some(place) = self.package_places.get(&key) {
            *place
        } else {
            let place = number(self.packages.len(), "packages")?;
            self.packages.push(key);
            self.package_places.insert(key, place);
            place
        };
        self.claims.push(ClaimRow {
            package,
            rule,
            record,
        });
        Ok(())
    }

    fn problem_in(&mut self, feed: FeedNo, document: &str, record: &str, reason: String) {
        let problem = FeedProblem {
            document: document.to_owned(),
            record: one_line(record, 120),
            reason,
        };
        self.problem(feed, problem);
    }
}

/// Whether it says nothing but how likely a flaw is to be exploited.
fn is_mark(advisory: &Advisory) -> bool {
    advisory.epss.is_some()
        && advisory.role == Role::Adds
        && advisory.affected.is_empty()
        && advisory.ratings.is_empty()
}

fn admissible(advisory: &Advisory) -> Result<(), String> {
    for (what, id) in [("record", &advisory.record), ("flaw", &advisory.id)] {
        if id.is_empty()
            || id.len() > NAME_LIMIT
            || id.chars().any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(format!(
                "the id of the {what} is empty, too long or not a word"
            ));
        }
    }
    Ok(())
}

/// A text on one line, with single spaces, cut at a word where it is too long.
fn one_line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut length = 0_usize;
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        let wide = word.chars().count();
        let with_space = length.saturating_add(wide).saturating_add(1);
        if with_space > limit {
            if out.is_empty() {
                out.extend(word.chars().take(limit));
            }
            out.push('…');
            return out;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        length = with_space;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_words() {
        assert_eq!(one_line(" a\n\nb  c ", 10), "a b c");
        assert_eq!(one_line("alpha beta gamma", 12), "alpha beta…");
        assert_eq!(one_line("aaaaaaaaaa", 4), "aaaa…");
    }
}
