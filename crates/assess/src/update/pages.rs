//! Lists that a publisher answers page by page, kept as one document.

use std::io::{Read as _, Write as _};
use std::path::Path;

use plimsoll_advisory::feeds::Source;
use plimsoll_net::{Answer, Client, NetError, Request, Url};
use serde::Deserialize;

use super::{DocumentState, UpdateError, cannot_fetch};
use crate::store::{StoreError, make_folder};

/// The largest page.
const PAGE_LIMIT: u64 = 256 << 20;
/// The most pages; a release of Fedora has some ten.
const PAGES_LIMIT: u64 = 2_000;

/// What every page tells of the list.
#[derive(Deserialize)]
struct Page {
    page: u64,
    pages: u64,
}

/// Fetches all pages. The document is put in its place when the last of them is there.
pub(super) fn fetch(
    client: &Client,
    mirror: &Path,
    source: &Source,
    url: &Url,
) -> Result<DocumentState, UpdateError> {
    let path = mirror.join(&source.path);
    let folder = path.parent().unwrap_or(mirror);
    make_folder(folder)?;
    let failed = |source| StoreError::File {
        path: path.clone(),
        source,
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(b"{\"pages\": [").map_err(failed)?;
    let mut last = 1;
    let mut number = 1;
    while number <= last {
        let address = url.clone().with_query("page", &number.to_string());
        let request = Request::get(address.clone(), Answer::Document);
        let bytes = match client.document(&request, PAGE_LIMIT) {
            Ok(bytes) => bytes,
            // Bodhi says so of a release that it does not know.
            Err(NetError::Status {
                url,
                status: 400,
                detail,
            }) if number == 1 => {
                let status = 404;
                return Err(cannot_fetch(source)(NetError::NotFound {
                    url,
                    status,
                    detail,
                }));
            }
            Err(error) => return Err(cannot_fetch(source)(error)),
        };
        let page: Page = serde_json::from_slice(&bytes).map_err(|error| wrong(&address, &error))?;
        if page.page != number || page.pages > PAGES_LIMIT {
            let reason = format!("it is page {} of {}", page.page, page.pages);
            return Err(wrong(&address, &reason));
        }
        if number > 1 {
            file.write_all(b",\n").map_err(failed)?;
        }
        file.write_all(&bytes).map_err(failed)?;
        last = page.pages.max(1);
        number += 1;
    }
    file.write_all(b"]}\n").map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    if same(file.path(), &path) {
        return Ok(DocumentState::Unchanged);
    }
    let size = file.as_file().metadata().map_err(failed)?.len();
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(DocumentState::Fetched(size))
}

/// Whether two files have the same bytes; not so where one cannot be read.
fn same(left: &Path, right: &Path) -> bool {
    let open = |path| std::fs::File::open(path).map(std::io::BufReader::new);
    let (Ok(left), Ok(right)) = (open(left), open(right)) else {
        return false;
    };
    let mut right = right.bytes();
    left.bytes().all(|byte| match (byte, right.next()) {
        (Ok(left), Some(Ok(right))) => left == right,
        _ => false,
    }) && right.next().is_none()
}

fn wrong(url: &Url, reason: &dyn std::fmt::Display) -> UpdateError {
    UpdateError::Wrong {
        url: url.to_string(),
        reason: reason.to_string(),
    }
}
