//! The bytes of an answer, and how to go on after they broke off.

use std::fmt;
use std::io::{self, Read};

use ureq::BodyReader;

use crate::client::{self, classify};
use crate::{NetError, Phase, Response, Retry, Timeouts, Url};

/// After so many bytes a stream gets on well again. With less, a server that sends a byte and hangs up could
/// keep us for ever.
const GOOD_RUN: u64 = 1 << 20;

/// The bytes of an answer. Reading fails with a [`NetError`] inside the [`io::Error`].
pub struct Body {
    reader: BodyReader<'static>,
    url: Url,
    timeouts: Timeouts,
    length: Option<u64>,
    at: u64,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("url", &self.url)
            .field("length", &self.length)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Body {
    pub(crate) fn new(body: ureq::Body, url: Url, timeouts: Timeouts) -> Self {
        Self {
            length: body.content_length(),
            reader: body.into_reader(),
            url,
            timeouts,
            at: 0,
        }
    }

    /// How many bytes the server promises.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// [`Read::read`] with the full error.
    pub fn fill(&mut self, to: &mut [u8]) -> Result<usize, NetError> {
        if to.is_empty() {
            return Ok(0);
        }
        let count = loop {
            match self.reader.read(to) {
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.broken(error)),
            }
        };
        if count == 0 && self.length.is_some_and(|length| self.at < length) {
            return Err(self.broken(io::ErrorKind::UnexpectedEof.into()));
        }
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }

    fn broken(&self, error: io::Error) -> NetError {
        match classify(error.into(), &self.url, &self.timeouts, Phase::Body) {
            NetError::Unreachable { url, source } => NetError::Broken {
                url,
                offset: self.at,
                source,
            },
            other => other,
        }
    }
}

impl Read for Body {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.fill(to).map_err(io::Error::from)
    }
}

/// Asks for the same again, from the given byte on: `(bytes already read, value for If-Range)`. It has to send
/// a `Range` header; see [`Resumable::range`].
pub type Reopen = Box<dyn FnMut(u64, Option<&str>) -> Result<Response, NetError> + Send>;

/// A body that goes on where it broke off, if the server still has the same thing.
///
/// The promise is about convenience, not about truth: whoever reads it proves the digest of the whole.
pub struct Resumable {
    body: Body,
    reopen: Reopen,
    retry: Retry,
    etag: Option<String>,
    total: Option<u64>,
    at: u64,
    /// Failures since it last got on well.
    failures: u32,
    /// Bytes since the last failure.
    since: u64,
}

impl fmt::Debug for Resumable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resumable")
            .field("body", &self.body)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Resumable {
    /// Reads `first`, and what `reopen` gives when that breaks off.
    #[must_use]
    pub fn new(first: Response, retry: Retry, reopen: Reopen) -> Self {
        Self {
            etag: strong_etag(&first).map(str::to_owned),
            total: first.body.length(),
            body: first.body,
            reopen,
            retry,
            at: 0,
            failures: 0,
            since: 0,
        }
    }

    /// The `Range` header for everything from `offset` on (RFC 9110, section 14.1.2).
    #[must_use]
    pub fn range(offset: u64) -> String {
        format!("bytes={offset}-")
    }

    /// How many bytes the server promises.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.total
    }

    /// [`Read::read`] with the full error.
    pub fn fill(&mut self, to: &mut [u8]) -> Result<usize, NetError> {
        loop {
            match self.body.fill(to) {
                Ok(count) => {
                    self.since = self.since.saturating_add(count as u64);
                    if self.since >= GOOD_RUN {
                        self.failures = 0;
                    }
                    self.at = self.at.saturating_add(count as u64);
                    return Ok(count);
                }
                Err(error) => self.resume(error)?,
            }
        }
    }

    fn resume(&mut self, error: NetError) -> Result<(), NetError> {
        self.failures = self.failures.saturating_add(1);
        self.since = 0;
        let allowed = match error {
            NetError::Broken { .. } => self.retry.times,
            // A stalled connection deserves one new one; a stalled server would cost a timeout each time.
            NetError::Timeout {
                phase: Phase::Body, ..
            } => self.retry.times.min(1),
            _ => 0,
        };
        if self.failures > allowed {
            return Err(error);
        }
        client::sleep(self.retry.wait(self.failures));
        let mut response = match (self.reopen)(self.at, self.etag.as_deref()) {
            Ok(response) => response,
            // The next round tries again, as long as there are rounds.
            Err(error @ NetError::Broken { .. }) => return self.resume(error),
            Err(error) => return Err(error),
        };
        if !self.goes_on(&response) {
            return Err(error);
        }
        if response.status == 200 {
            self.skip(&mut response.body)?;
        }
        self.body = response.body;
        Ok(())
    }

    /// Whether the answer has the rest of the same thing: from the asked byte on (206), or all of it (200).
    fn goes_on(&self, response: &Response) -> bool {
        let same_etag = match (&self.etag, strong_etag(response)) {
            (Some(before), Some(now)) => before == now,
            _ => true,
        };
        match response.status {
            206 => {
                let range = response
                    .headers
                    .get("content-range")
                    .and_then(content_range);
                same_etag
                    && range.is_some_and(|(start, total)| {
                        start == self.at
                            && (self.total.is_none() || total.is_none() || self.total == total)
                    })
            }
            200 => same_etag && self.total.is_some() && response.body.length() == self.total,
            _ => false,
        }
    }

    /// Reads away what is already known.
    fn skip(&self, body: &mut Body) -> Result<(), NetError> {
        let mut buffer = vec![0; 64 << 10];
        let mut left = self.at;
        while left > 0 {
            let wanted = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let count = body.fill(&mut buffer[..wanted])?;
            if count == 0 {
                return Err(body.broken(io::ErrorKind::UnexpectedEof.into()));
            }
            left -= count as u64;
        }
        Ok(())
    }
}

impl Read for Resumable {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.fill(to).map_err(io::Error::from)
    }
}

/// Weak validators do not promise the same bytes (RFC 9110, section 8.8.1).
fn strong_etag(response: &Response) -> Option<&str> {
    response
        .headers
        .get("etag")
        .filter(|etag| !etag.starts_with("W/"))
}

/// `bytes 5-9/10` as start and total (RFC 9110, section 14.4).
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    let total = match total {
        "*" => None,
        digits => Some(digits.parse().ok()?),
    };
    Some((start.parse().ok()?, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, range) in [
            ("bytes 5-9/10", Some((5, Some(10)))),
            ("bytes 5-9/*", Some((5, None))),
            ("bytes */10", None),
            ("lines 5-9/10", None),
            ("bytes 5-9/x", None),
        ] {
            assert_eq!(content_range(text), range, "{text}");
        }
    }
}
