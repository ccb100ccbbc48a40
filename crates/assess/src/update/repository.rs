//! Repositories of RPM packages: a list of mirrors, what a mirror has (`repomd.xml`), and the errata that this names.
//!
//! The errata are put in their place before the text that names them, and those that it no longer names go last: a
//! reader, or the next run after this one was killed, finds the old repository or the new one.

use std::fs;
use std::path::Path;

use plimsoll_advisory::BuildError;
use plimsoll_advisory::feeds::{Errata, Source};
use plimsoll_net::{Answer, Client, Request, Url};
use sha2::{Digest as _, Sha256};

use super::{DocumentState, State, UpdateError, cannot_fetch, keep};
use crate::store::{StoreError, replace};

/// The longest list of mirrors.
const LIST_LIMIT: u64 = 256 << 10;
/// The longest `repomd.xml`; those of large distributions have some kilobytes.
const REPOMD_LIMIT: u64 = 4 << 20;

/// Fetches the errata of the repository that the list at `url` names.
pub(super) fn fetch(
    client: &Client,
    mirror: &Path,
    source: &Source,
    url: &Url,
    state: &mut State,
) -> Result<DocumentState, UpdateError> {
    let small = |url: &Url, limit| {
        let request = Request::get(url.clone(), Answer::Document);
        client
            .document(&request, limit)
            .map_err(cannot_fetch(source))
    };
    let base = first_mirror(&small(url, LIST_LIMIT)?, url)?;
    let at = |path: &str| address(&format!("{base}/{path}"));
    let repomd_url = at("repodata/repomd.xml")?;
    let repomd = small(&repomd_url, REPOMD_LIMIT)?;
    let errata = Errata::read(&source.path, &repomd).map_err(BuildError::from)?;
    let folder = source.path.trim_end_matches("repodata/repomd.xml");
    let mut done = DocumentState::Unchanged;
    if let Some(errata) = &errata {
        let wrong = |reason: &str| UpdateError::Wrong {
            url: repomd_url.to_string(),
            reason: reason.to_owned(),
        };
        let name = errata.href.strip_prefix("repodata/");
        if !name.is_some_and(is_name) {
            return Err(wrong("it names errata outside of `repodata`"));
        }
        let path = format!("{folder}{}", errata.href);
        done = keep(client, mirror, source, &path, &at(&errata.href)?, state)?;
        if let Err(reason) = prove(&mirror.join(&path), errata.sha256.as_deref()) {
            // The next run must not take it for what it is not.
            state.rows.remove(&path);
            return Err(match reason {
                Proof::Read(error) => UpdateError::Store(error),
                Proof::Other => wrong("the errata have another checksum than it tells"),
            });
        }
        // The date of the errata is that of the document.
        if let Some(row) = state.rows.get(&path).cloned() {
            state.rows.insert(source.path.clone(), row);
        }
    }
    let place = mirror.join(&source.path);
    let is_known = fs::read(&place).is_ok_and(|known| known == repomd);
    if !is_known {
        if let Some(folder) = place.parent() {
            crate::store::make_folder(folder)?;
        }
        replace(&place, &repomd)?;
        if done == DocumentState::Unchanged {
            done = DocumentState::Fetched(repomd.len() as u64);
        }
    }
    let kept = errata
        .as_ref()
        .map(|errata| format!("{folder}{}", errata.href));
    forget(mirror, &source.path, kept.as_deref(), state);
    Ok(done)
}

/// The first address of a list, without a slash at its end.
fn first_mirror(list: &[u8], url: &Url) -> Result<String, UpdateError> {
    let text = String::from_utf8_lossy(list);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    let asked = url.to_string();
    // `…/x86_64/mirror.list`
    let architecture = asked.rsplit('/').nth(1).unwrap_or_default();
    let mirror = first.unwrap_or_default().replace("$basearch", architecture);
    let is_as_safe = mirror.starts_with("https://")
        || (mirror.starts_with("http://") && asked.starts_with("http://"));
    if !is_as_safe {
        return Err(UpdateError::Wrong {
            url: asked,
            reason: "it is no list of mirrors that are as safe as itself".to_owned(),
        });
    }
    Ok(mirror.trim_end_matches('/').to_owned())
}

fn address(text: &str) -> Result<Url, UpdateError> {
    text.parse()
        .map_err(|error: plimsoll_net::ParseUrlError| UpdateError::Url {
            url: text.to_owned(),
            reason: error.to_string(),
        })
}

/// Whether this is the name of a file, and leads nowhere else.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain)
}

enum Proof {
    Read(StoreError),
    Other,
}

/// Holds a file against its checksum, where one is told.
fn prove(file: &Path, sha256: Option<&str>) -> Result<(), Proof> {
    use std::fmt::Write as _;
    let Some(expected) = sha256 else {
        return Ok(());
    };
    let failed = |source| {
        Proof::Read(StoreError::File {
            path: file.to_owned(),
            source,
        })
    };
    let mut hasher = Sha256::new();
    let mut reader = fs::File::open(file).map_err(failed)?;
    let mut buffer = vec![0; 128 << 10];
    loop {
        let count = std::io::Read::read(&mut reader, &mut buffer).map_err(failed)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    let mut found = String::new();
    for byte in hasher.finalize() {
        let _ = write!(found, "{byte:02x}");
    }
    if found == expected {
        Ok(())
    } else {
        Err(Proof::Other)
    }
}

/// Removes what the repository had before. What cannot be removed is in nobody's way.
fn forget(mirror: &Path, repomd: &str, kept: Option<&str>, state: &mut State) {
    let Some((folder, _)) = repomd.rsplit_once('/') else {
        return;
    };
    let begins = format!("{folder}/");
    let old: Vec<String> = state
        .rows
        .keys()
        .filter(|path| path.starts_with(&begins))
        .filter(|path| path.as_str() != repomd && Some(path.as_str()) != kept)
        .cloned()
        .collect();
    for path in old {
        let _ = fs::remove_file(mirror.join(&path));
        state.rows.remove(&path);
    }
}
