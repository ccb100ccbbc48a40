//! The list of advisories that is compiled into the program, so that the first run without a database is
//! not blind. It lies beside the sources as tab-separated tables; `#` begins a comment.
//!
//! | column | holds |
//! |---|---|
//! | id | the flaw |
//! | aliases | its other ids with commas, or `-` |
//! | ecosystem | its key, such as `Debian:11` or `npm` |
//! | package | the name that is looked up |
//! | ranges | joined by a bar: `a..b` from a, below b; `a..=b` up to b; `a..` without an end |
//! | cvss | a vector, or `-` |
//! | known exploited | `known-exploited`, or `-` |
//! | title, title in Chinese | a few words each |

use plimsoll_model::advisory::KnownExploited;

use crate::BuildError;
use crate::advisory::{Advisory, Affected, Claim, Event};
use crate::db::{Builder, Effort};
use crate::key::EcosystemKey;
use crate::rating::Rating;

/// Id of the feed that the list is.
pub(crate) const FEED: &str = "watchlist";

const TABLES: &[(&str, &str)] = &[
    (
        "watchlist/almalinux.tsv",
        include_str!("../watchlist/almalinux.tsv"),
    ),
    (
        "watchlist/alpine.tsv",
        include_str!("../watchlist/alpine.tsv"),
    ),
    (
        "watchlist/crates-io.tsv",
        include_str!("../watchlist/crates-io.tsv"),
    ),
    (
        "watchlist/debian.tsv",
        include_str!("../watchlist/debian.tsv"),
    ),
    ("watchlist/go.tsv", include_str!("../watchlist/go.tsv")),
    (
        "watchlist/maven.tsv",
        include_str!("../watchlist/maven.tsv"),
    ),
    ("watchlist/npm.tsv", include_str!("../watchlist/npm.tsv")),
    (
        "watchlist/nuget.tsv",
        include_str!("../watchlist/nuget.tsv"),
    ),
    (
        "watchlist/packagist.tsv",
        include_str!("../watchlist/packagist.tsv"),
    ),
    ("watchlist/pypi.tsv", include_str!("../watchlist/pypi.tsv")),
    (
        "watchlist/rubygems.tsv",
        include_str!("../watchlist/rubygems.tsv"),
    ),
];

/// How much of the list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All of it.
    All,
    /// What adds to feeds: words, ratings and marks, and ranges of language packages. A distribution's own
    /// feed is the last word about its packages.
    BesideFeeds,
}

/// A row of the list that cannot be read; a mistake in the sources of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}:{line}: {reason}")]
pub(crate) struct RowError {
    table: &'static str,
    line: usize,
    reason: String,
}

/// Every row, or what is wrong with it.
pub(crate) fn rows() -> impl Iterator<Item = Result<Advisory, RowError>> {
    TABLES.iter().flat_map(|(table, text)| {
        (1..).zip(text.lines()).filter_map(move |(line, row)| {
            let skipped = row.is_empty() || row.starts_with('#');
            (!skipped).then(|| {
                read(row).map_err(|reason| RowError {
                    table,
                    line,
                    reason,
                })
            })
        })
    })
}

fn read(row: &str) -> Result<Advisory, String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [
        id,
        aliases,
        ecosystem,
        package,
        ranges,
        cvss,
        exploited,
        title,
        title_zh,
    ] = columns.as_slice()
    else {
        return Err(format!("{} columns in place of 9", columns.len()));
    };
    let given = |text: &&str| !["", "-"].contains(text);
    let ranges = ranges.split('|').map(range).collect::<Result<_, _>>()?;
    let claim = Claim::Versions {
        ranges,
        listed: Vec::new(),
    };
    let rating = Some(*cvss).filter(given).map(Rating::from_vector);
    Ok(Advisory {
        record: (*id).to_owned(),
        id: (*id).to_owned(),
        aliases: Some(*aliases)
            .filter(given)
            .map(|list| list.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
        ratings: rating
            .transpose()
            .map_err(|error| error.to_string())?
            .into_iter()
            .collect(),
        exploited: match *exploited {
            "known-exploited" => Some(KnownExploited::default()),
            "-" => None,
            other => return Err(format!("`{other}` in the column of known exploited flaws")),
        },
        title: (*title).to_owned(),
        title_zh: (*title_zh).to_owned(),
        affected: vec![Affected::new(EcosystemKey::new(ecosystem), *package, claim)],
        ..Advisory::default()
    })
}

fn range(text: &str) -> Result<Vec<Event>, String> {
    let Some((from, to)) = text.trim().split_once("..") else {
        return Err(format!("`{text}` is no range"));
    };
    if from.is_empty() {
        return Err(format!("`{text}` has no beginning"));
    }
    let end = match to.strip_prefix('=') {
        Some(last) => Some(Event::LastAffected(last.to_owned())),
        None if to.is_empty() => None,
        None => Some(Event::Fixed(to.to_owned())),
    };
    Ok([Event::Introduced(from.to_owned())]
        .into_iter()
        .chain(end)
        .collect())
}

/// Adds the list to a database in the making.
pub(crate) fn add_to(builder: &mut Builder, share: Share) -> Result<(), BuildError> {
    let feed = builder.feed(FEED)?;
    // A test reads every row, so none is lost here.
    for mut advisory in rows().filter_map(Result::ok) {
        if share == Share::BesideFeeds {
            advisory
                .affected
                .retain(|affected| !affected.ecosystem.is_distribution());
        }
        builder.add(feed, FEED, &advisory)?;
    }
    Ok(())
}

/// The bytes of a database of the list alone.
pub(crate) fn compile() -> Result<Vec<u8>, BuildError> {
    let mut builder = Builder::new();
    add_to(&mut builder, Share::All)?;
    builder.finish(Effort::Quick)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        let wrong: Vec<String> = rows()
            .filter_map(|row| row.err().map(|error| error.to_string()))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(rows().count() >= 300);
        let mut builder = Builder::new();
        add_to(&mut builder, Share::All).expect("the list fits");
        assert_eq!(builder.problems(), []);
    }
}
