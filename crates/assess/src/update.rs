//! Fetches the feeds from their upstreams and compiles them into the database of the cache.
//!
//! Documents are kept, so that the next time only what has changed is fetched. The new database is built
//! beside the old one, verified, and put in its place by a rename: readers see the old one or the new one.

mod index;
mod pages;
mod repository;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use plimsoll_advisory::feeds::{CHECKED, Source, Way, documents};
use plimsoll_advisory::{BuildError, BuildReport, Database, build};
use plimsoll_model::advisory::FeedState;
use plimsoll_net::fetch::{Fetched, Validators, fetch_if_changed};
use plimsoll_net::{Answer, Client, NetError, Request, Url};

use crate::store::{Store, StoreError, make_folder, replace};

/// The largest document that is taken, in bytes.
const DOCUMENT_LIMIT: u64 = 4 << 30;
/// The largest document that only names another.
const POINTER_LIMIT: u64 = 4 << 10;

/// What to fetch, and where to.
#[derive(Debug)]
pub struct UpdateRequest<'a> {
    /// Ecosystems as OSV names them, without the release (`Debian`, `npm`); empty means all. Marks that
    /// serve every ecosystem always come along.
    pub ecosystems: &'a [String],
    /// Base addresses other than the upstreams', by the name of their setting.
    pub bases: &'a BTreeMap<String, String>,
    /// Folder for the documents.
    pub mirror: &'a Path,
    /// The database to replace.
    pub database: &'a Path,
    /// The time, of which the day is kept for each part of a feed that is asked for.
    pub now: Timestamp,
    /// Parts of feeds, such as `osv/npm`, that may have lost more than a tenth of their records.
    pub shrunk: &'a [String],
}

/// What became of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It is still what it was.
    Unchanged,
    /// It was fetched; its size in bytes.
    Fetched(u64),
    /// The publisher does not have it, as with releases that are not out yet or no longer kept. What is here
    /// stays.
    Missing,
}

/// Why the database was not updated; the old one still stands.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// A name that no feed serves.
    #[error("no feed serves `{name}`; there are {known}")]
    UnknownEcosystem {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A setting that no feed has.
    #[error("no feed has the base address `{name}`; there are {known}")]
    UnknownBase {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// An address that is none.
    #[error("`{url}` is not an address: {reason}")]
    Url {
        /// The text.
        url: String,
        /// Why.
        reason: String,
    },
    /// A document cannot be fetched.
    #[error("cannot fetch {state}")]
    Fetch {
        /// The part of the feed.
        state: String,
        /// Why; names the address.
        #[source]
        source: Box<NetError>,
    },
    /// A feed has far fewer records than before, as after an accident of its publisher.
    #[error(
        "`{feed}` shrank from {before} records to {after}; if that is right, accept it with `--accept-shrunk {feed}`"
    )]
    Shrank {
        /// The part of the feed.
        feed: String,
        /// Records in the database in use.
        before: u64,
        /// Records now.
        after: u64,
    },
    /// What an address sends is not what the publisher says that it is.
    #[error("{url} does not send what its publisher says: {reason}")]
    Wrong {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The documents cannot be compiled.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Fetches what has changed and replaces the database; `progress` is told of each document.
pub fn update(
    client: &Client,
    request: &UpdateRequest<'_>,
    progress: &mut dyn FnMut(&str, DocumentState),
) -> Result<BuildReport, UpdateError> {
    let wanted = wanted(request)?;
    make_folder(request.mirror)?;
    let store = Store::at(request.database);
    let lock = store.lock()?;
    let mut state = State::load(&request.mirror.join("state.tsv"));
    let mut checked = checked(request.mirror)?;
    for (source, url) in wanted {
        let done = fetch(client, request.mirror, &source, &url, &mut state)?;
        // What a publisher no longer has grows old where it is.
        if done != DocumentState::Missing {
            checked.insert(source.state.clone(), day_of(request.now));
            write_checked(request.mirror, &checked)?;
        }
        state.save(request.mirror)?;
        progress(&source.state, done);
    }
    if grow_old(request.mirror, &mut checked) {
        write_checked(request.mirror, &checked)?;
    }
    // Built in the same folder, so that the rename stays on one filesystem.
    let fresh = store.folder().join("advisories.new");
    let report = build(request.mirror, &fresh)?;
    if let Err(error) = has_not_shrunk(request, report.feeds()) {
        let _ = fs::remove_file(&fresh);
        return Err(error);
    }
    store.install(&fresh, &lock)?;
    Ok(report)
}

/// When each part of a feed was last asked for.
fn checked(mirror: &Path) -> Result<BTreeMap<String, Timestamp>, UpdateError> {
    let path = mirror.join(CHECKED);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(StoreError::File { path, source }.into()),
    };
    // To begin anew would hide how old everything else is.
    serde_json::from_slice(&bytes).map_err(|error| {
        let source = std::io::Error::new(std::io::ErrorKind::InvalidData, error);
        StoreError::File { path, source }.into()
    })
}

/// Gives the documents of a mirror of which nobody wrote down when they were asked for the day on which they were
/// written; whether there were any.
fn grow_old(mirror: &Path, checked: &mut BTreeMap<String, Timestamp>) -> bool {
    let before = checked.len();
    for source in documents() {
        let file = fs::metadata(mirror.join(&source.path)).ok();
        let written = file
            .filter(fs::Metadata::is_file)
            .and_then(|file| file.modified().ok());
        if let Some(Ok(written)) = written.map(Timestamp::try_from) {
            checked
                .entry(source.state)
                .or_insert_with(|| day_of(written));
        }
    }
    checked.len() > before
}

fn write_checked(mirror: &Path, checked: &BTreeMap<String, Timestamp>) -> Result<(), UpdateError> {
    let text = serde_json::to_string_pretty(checked).unwrap_or_default();
    Ok(replace(&mirror.join(CHECKED), text.as_bytes())?)
}

/// The beginning of the day, so that two updates on one day make the same database.
fn day_of(now: Timestamp) -> Timestamp {
    let seconds = now.as_second().div_euclid(86_400).saturating_mul(86_400);
    Timestamp::from_second(seconds).unwrap_or(now)
}

/// A feed may lose a tenth of its records; feeds of a handful may lose what they like.
const HANDFUL: u64 = 20;

/// Holds the feeds against those of the database in use.
fn has_not_shrunk(request: &UpdateRequest<'_>, feeds: &[FeedState]) -> Result<(), UpdateError> {
    let Ok(old) = Database::open(request.database) else {
        return Ok(());
    };
    let counts: BTreeMap<&str, u64> = feeds.iter().map(|f| (f.feed.as_str(), f.records)).collect();
    for feed in old.snapshot().feeds {
        let after = counts.get(feed.feed.as_str()).copied().unwrap_or(0);
        let least = feed.records.saturating_sub(feed.records / 10);
        if feed.records > HANDFUL && after < least && !request.shrunk.contains(&feed.feed) {
            return Err(UpdateError::Shrank {
                feed: feed.feed,
                before: feed.records,
                after,
            });
        }
    }
    Ok(())
}

/// The documents that were asked for, with their addresses.
fn wanted(request: &UpdateRequest<'_>) -> Result<Vec<(Source, Url)>, UpdateError> {
    let all = documents();
    let base_name = |key: &str| key.split(':').next().unwrap_or_default().to_owned();
    for name in request.ecosystems {
        if !all
            .iter()
            .any(|source| base_name(&source.ecosystem).eq_ignore_ascii_case(name))
        {
            let known = names(all.iter().map(|source| base_name(&source.ecosystem)));
            return Err(UpdateError::UnknownEcosystem {
                name: name.clone(),
                known,
            });
        }
    }
    for name in request.bases.keys() {
        if !all.iter().any(|source| source.base_setting == name) {
            let known = names(all.iter().map(|source| source.base_setting.to_owned()));
            return Err(UpdateError::UnknownBase {
                name: name.clone(),
                known,
            });
        }
    }
    let asked = |source: &Source| {
        let key = base_name(&source.ecosystem);
        request.ecosystems.is_empty()
            || key.is_empty()
            || request
                .ecosystems
                .iter()
                .any(|name| key.eq_ignore_ascii_case(name))
    };
    all.into_iter()
        .filter(asked)
        .map(|source| {
            let base = request
                .bases
                .get(source.base_setting)
                .map_or(source.base, String::as_str);
            let text = format!("{}/{}", base.trim_end_matches('/'), source.address());
            let url = text.parse::<Url>().map_err(|error| UpdateError::Url {
                url: text,
                reason: error.to_string(),
            })?;
            Ok((source, url))
        })
        .collect()
}

fn names(all: impl Iterator<Item = String>) -> String {
    let names: std::collections::BTreeSet<String> = all.filter(|name| !name.is_empty()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn fetch(
    client: &Client,
    mirror: &Path,
    source: &Source,
    url: &Url,
    state: &mut State,
) -> Result<DocumentState, UpdateError> {
    let done = match source.way() {
        Way::Whole => keep(client, mirror, source, &source.path, url, state),
        Way::Pointed => {
            let pointed = follow(client, source, url)?;
            keep(client, mirror, source, &source.path, &pointed, state)
        }
        Way::Repository => repository::fetch(client, mirror, source, url, state),
        Way::Pages => pages::fetch(client, mirror, source, url),
        Way::Index => index::fetch(client, mirror, source, url, state),
    };
    match done {
        // Of the documents of one feed, a part has a name behind a slash.
        Err(UpdateError::Fetch { source: error, .. })
            if matches!(*error, NetError::NotFound { .. }) && source.state.contains('/') =>
        {
            Ok(DocumentState::Missing)
        }
        done => done,
    }
}

/// The failure to fetch a document.
fn cannot_fetch(source: &Source) -> impl Fn(NetError) -> UpdateError + '_ {
    |error| UpdateError::Fetch {
        state: source.state.clone(),
        source: Box::new(error),
    }
}

/// Fetches a document to its path in the mirror, unless what is there is still what the address has.
fn keep(
    client: &Client,
    mirror: &Path,
    source: &Source,
    path: &str,
    url: &Url,
    state: &mut State,
) -> Result<DocumentState, UpdateError> {
    let Some((row, size)) = renew(client, mirror, source, path, url, state)? else {
        return Ok(DocumentState::Unchanged);
    };
    state.rows.insert(path.to_owned(), row);
    Ok(DocumentState::Fetched(size))
}

/// The same, and tells what is to be known of the document and its size; nothing if it is what it was.
fn renew(
    client: &Client,
    mirror: &Path,
    source: &Source,
    path: &str,
    url: &Url,
    state: &State,
) -> Result<Option<(Row, u64)>, UpdateError> {
    let file = mirror.join(path);
    let folder = file.parent().unwrap_or(mirror);
    make_folder(folder)?;
    // What was validated is worth nothing if the document is gone, or came from elsewhere.
    let known = match state.rows.get(path) {
        Some(row) if row.url == url.to_string() && file.is_file() => row.validators.clone(),
        _ => Validators::default(),
    };
    let fetched = fetch_if_changed(client, url, &known, folder, DOCUMENT_LIMIT);
    match fetched.map_err(cannot_fetch(source))? {
        Fetched::NotModified => Ok(None),
        Fetched::New {
            file: fresh,
            size,
            validators,
        } => {
            fresh.persist(&file).map_err(|error| StoreError::File {
                path: file.clone(),
                source: error.error,
            })?;
            let url = url.to_string();
            Ok(Some((Row { url, validators }, size)))
        }
    }
}

/// The document that a pointer names, beside it.
fn follow(client: &Client, source: &Source, pointer: &Url) -> Result<Url, UpdateError> {
    let request = Request::get(pointer.clone(), Answer::Document);
    let bytes = client.document(&request, POINTER_LIMIT);
    let bytes = bytes.map_err(cannot_fetch(source))?;
    let text = String::from_utf8_lossy(&bytes);
    let name = text.trim();
    let is_name = !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    let address = pointer.to_string();
    let (folder, _) = address.rsplit_once('/').unwrap_or((&address, ""));
    let wrong = |reason: String| UpdateError::Url {
        url: address.clone(),
        reason,
    };
    if !is_name {
        return Err(wrong("it does not hold the name of a document".to_owned()));
    }
    format!("{folder}/{name}")
        .parse()
        .map_err(|error: plimsoll_net::ParseUrlError| wrong(error.to_string()))
}

/// What is known of the documents in the mirror: a line each, path, address, `ETag`, `Last-Modified`.
struct State {
    file: PathBuf,
    rows: BTreeMap<String, Row>,
}

#[derive(Clone)]
struct Row {
    url: String,
    validators: Validators,
}

impl State {
    /// A file that cannot be read means that everything is fetched anew.
    fn load(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        let rows = text.lines().filter_map(|line| {
            let mut columns = line.split('\t');
            let path = columns.next()?.to_owned();
            let url = columns.next()?.to_owned();
            let mut optional = || {
                columns
                    .next()
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
            };
            let validators = Validators {
                etag: optional(),
                last_modified: optional(),
            };
            Some((path, Row { url, validators }))
        });
        Self {
            file: file.to_owned(),
            rows: rows.collect(),
        }
    }

    /// Writes the state, and beside it the dates of documents that carry none themselves.
    fn save(&self, mirror: &Path) -> Result<(), UpdateError> {
        let dates = self.rows.iter().filter_map(|(path, row)| {
            let date = row.validators.last_modified.as_deref()?;
            Some((path.as_str(), http_date(date)?))
        });
        let dates: BTreeMap<&str, String> = dates.collect();
        let dates = serde_json::to_string_pretty(&dates).unwrap_or_default();
        replace(&mirror.join("dates.json"), dates.as_bytes())?;
        let mut text = String::new();
        for (path, row) in &self.rows {
            let Validators {
                etag,
                last_modified,
            } = &row.validators;
            let columns: [&str; 4] = [
                path,
                &row.url,
                etag.as_deref().unwrap_or(""),
                last_modified.as_deref().unwrap_or(""),
            ];
            // A header may hold a tab; the line would then be another one.
            if columns
                .iter()
                .any(|column| column.contains(['\t', '\n', '\r']))
            {
                continue;
            }
            text.push_str(&columns.join("\t"));
            text.push('\n');
        }
        Ok(replace(&self.file, text.as_bytes())?)
    }
}

/// An HTTP date (RFC 9110, section 5.6.7) as the feeds write dates.
fn http_date(text: &str) -> Option<String> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()?;
    Some(date.to_string())
}
