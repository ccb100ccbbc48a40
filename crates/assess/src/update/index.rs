//! Documents that lie one by one beside a list of their names.
//!
//! Source: CSAF 2.0, section 7.1.12 (`index.txt`). The list bears no dates, so every document is asked for, with what is
//! known of it; several at a time, since each answer is mostly "as it was". The list is put in its place when all of
//! them are there.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_advisory::feeds::Source;
use plimsoll_net::{Answer, Client, NetError, Request, Url};

use super::{DocumentState, Row, State, UpdateError, cannot_fetch, renew};
use crate::store::{make_folder, replace};

/// The longest list.
const LIST_LIMIT: u64 = 32 << 20;
/// The most documents.
const DOCUMENTS: usize = 500_000;
/// Requests at a time.
const SIDE_BY_SIDE: usize = 8;
/// Documents after which the state is saved, so that a run that was killed goes on where it was.
const SAVED_AFTER: usize = 1_000;

/// A list, and where its documents come from and go.
struct List<'a> {
    client: &'a Client,
    mirror: &'a Path,
    source: &'a Source,
    url: &'a Url,
    /// Path of the folder in the mirror.
    folder: &'a str,
}

/// A document that is new: its path, what is to be known of it, and its size.
type New = (String, Row, u64);

/// Fetches the list at `url` and the documents that it names.
pub(super) fn fetch(
    client: &Client,
    mirror: &Path,
    source: &Source,
    url: &Url,
    state: &mut State,
) -> Result<DocumentState, UpdateError> {
    let request = Request::get(url.clone(), Answer::Document);
    let text = client.document(&request, LIST_LIMIT);
    let text = text.map_err(cannot_fetch(source))?;
    let names = names(&text).map_err(|reason| UpdateError::Wrong {
        url: url.to_string(),
        reason,
    })?;
    let list = List {
        client,
        mirror,
        source,
        url,
        folder: source
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder),
    };
    let mut size = 0;
    for some in names.chunks(SAVED_AFTER) {
        for (path, row, bytes) in list.fetch(some, state)? {
            state.rows.insert(path, row);
            size += bytes;
        }
        state.save(mirror)?;
    }
    list.forget(&names, state);
    let place = mirror.join(&source.path);
    let is_known = std::fs::read(&place).is_ok_and(|known| known == text);
    if !is_known {
        make_folder(place.parent().unwrap_or(mirror))?;
        replace(&place, &text)?;
        size += text.len() as u64;
    }
    Ok(match size {
        0 => DocumentState::Unchanged,
        size => DocumentState::Fetched(size),
    })
}

impl List<'_> {
    /// Fetches some documents side by side, and tells of those that are new.
    fn fetch(&self, names: &[String], state: &State) -> Result<Vec<New>, UpdateError> {
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<Result<New, UpdateError>>> = Mutex::default();
        let worker = || {
            while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                let Some(one) = self.one(name, state).transpose() else {
                    continue;
                };
                if one.is_err() {
                    // The others end at their next document.
                    next.store(names.len(), Ordering::Relaxed);
                }
                if let Ok(mut done) = done.lock() {
                    done.push(one);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..SIDE_BY_SIDE.min(names.len()) {
                scope.spawn(worker);
            }
        });
        let done = done.into_inner().unwrap_or_default();
        done.into_iter().collect()
    }

    /// Fetches one document; nothing if it is what it was, or if the list names what does not exist, which whoever
    /// reads the list sees.
    fn one(&self, name: &str, state: &State) -> Result<Option<New>, UpdateError> {
        let url = self.url.join(name).map_err(|error| UpdateError::Url {
            url: name.to_owned(),
            reason: error.to_string(),
        })?;
        let path = format!("{}/{name}", self.folder);
        match renew(self.client, self.mirror, self.source, &path, &url, state) {
            Ok(new) => Ok(new.map(|(row, size)| (path, row, size))),
            Err(UpdateError::Fetch { source, .. })
                if matches!(*source, NetError::NotFound { .. }) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Removes documents that the list no longer names. What cannot be removed is in nobody's way: only the list is
    /// read.
    fn forget(&self, names: &[String], state: &mut State) {
        let path = |name: &String| format!("{}/{name}", self.folder);
        let kept: BTreeSet<String> = names.iter().map(path).collect();
        let begins = format!("{}/", self.folder);
        let is_old = |path: &&String| path.starts_with(&begins) && !kept.contains(*path);
        let old: Vec<String> = state.rows.keys().filter(is_old).cloned().collect();
        for path in old {
            let _ = std::fs::remove_file(self.mirror.join(&path));
            state.rows.remove(&path);
        }
    }
}

/// The names in a list; an error where one leads elsewhere.
fn names(list: &[u8]) -> Result<Vec<String>, String> {
    let text = String::from_utf8_lossy(list);
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let is_part =
            |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain);
        if !line.split('/').all(is_part) || names.len() >= DOCUMENTS {
            let shown: String = line.chars().take(80).collect();
            return Err(format!("`{shown}` is no name of a document beside it"));
        }
        names.push(line.to_owned());
    }
    if names.is_empty() {
        return Err("it names no document".to_owned());
    }
    Ok(names)
}
