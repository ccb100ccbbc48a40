//! Files that are fetched only when they have changed (RFC 9110, section 13).

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::{Answer, Client, NetError, Request, Response, Url};

/// What a server said about the version that is already here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// Its `ETag`, quotes and all.
    pub etag: Option<String>,
    /// Its `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

impl Validators {
    fn of(response: &Response) -> Self {
        let header = |name| response.headers.get(name).map(str::to_owned);
        Self {
            etag: header("etag"),
            last_modified: header("last-modified"),
        }
    }
}

/// What became of a conditional request.
#[derive(Debug)]
pub enum Fetched {
    /// The version that is here is the newest.
    NotModified,
    /// A newer one.
    New {
        /// Where it is; deleted when dropped, kept by [`NamedTempFile::persist`].
        file: NamedTempFile,
        /// Its size in bytes.
        size: u64,
        /// What to send the next time.
        validators: Validators,
    },
}

/// Fetches `url` into a temporary file in `folder`, unless it is still what `known` describes.
///
/// At most `limit` bytes are accepted. The file is complete and on disk when this returns; put it in its place
/// with a rename, so that no reader ever sees half of it.
pub fn fetch_if_changed(
    client: &Client,
    url: &Url,
    known: &Validators,
    folder: &Path,
    limit: u64,
) -> Result<Fetched, NetError> {
    let request = Request::get(url.clone(), Answer::Stream);
    let mut conditional = request.clone();
    if let Some(etag) = &known.etag {
        conditional = conditional.header("if-none-match", etag);
    }
    if let Some(date) = &known.last_modified {
        conditional = conditional.header("if-modified-since", date);
    }
    let response = client.send(&conditional)?;
    if response.status == 304 && *known != Validators::default() {
        return Ok(Fetched::NotModified);
    }
    let response = response.check()?;
    let too_large = || NetError::TooLarge {
        url: url.clone(),
        limit,
    };
    if response.body.length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let validators = Validators::of(&response);
    let mut body = client.resume(response, request);
    let write_error = |source| NetError::Write {
        path: folder.to_owned(),
        source,
    };
    let mut file = NamedTempFile::new_in(folder).map_err(write_error)?;
    let mut buffer = vec![0; 128 << 10];
    let mut size = 0;
    loop {
        let count = body.fill(&mut buffer)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        if size > limit {
            return Err(too_large());
        }
        file.write_all(&buffer[..count]).map_err(write_error)?;
    }
    file.as_file().sync_all().map_err(write_error)?;
    Ok(Fetched::New {
        file,
        size,
        validators,
    })
}
