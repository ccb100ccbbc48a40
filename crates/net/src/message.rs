//! What is sent and what comes back.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::url::escape;
use crate::{Body, NetError, Url};

/// Bytes of an error's body that are read to say what the server said.
const DETAIL: u64 = 4 << 10;
/// Characters of them that are shown.
const DETAIL_SHOWN: usize = 1000;

/// The methods that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Asks whether it is there.
    Head,
    /// Sends a form, for tokens, or nothing, to begin an upload.
    Post,
    /// Stores what is sent.
    Put,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// What kind of an answer is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One that fits in memory and must be complete within [`crate::Timeouts::total`].
    Document,
    /// One of any length, which may take its time as long as bytes come.
    Stream,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// User name and password as the value of an `Authorization` header (RFC 7617).
    #[must_use]
    pub fn basic(user: &str, password: &Self) -> Self {
        basic(format!("{user}:{}", password.reveal()).as_bytes())
    }

    /// The text, for those who send it on.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) url: Url,
    pub(crate) method: Method,
    pub(crate) answer: Answer,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) authorization: Option<Secret>,
    pub(crate) content: Option<Content>,
}

/// What a request sends.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Fields of a form, which may be secrets.
    Form(Secret),
    /// Bytes, or none.
    Bytes(Arc<[u8]>),
    /// The bytes of a file, from its beginning.
    File(PathBuf),
}

impl Request {
    /// Asks for what is at `url`.
    #[must_use]
    pub fn get(url: Url, answer: Answer) -> Self {
        Self {
            url,
            method: Method::Get,
            answer,
            headers: Vec::new(),
            authorization: None,
            content: None,
        }
    }

    /// Asks whether something is at `url`.
    #[must_use]
    pub fn head(url: Url) -> Self {
        Self {
            method: Method::Head,
            ..Self::get(url, Answer::Document)
        }
    }

    /// Sends a form to `url`; redirects of it are not followed.
    #[must_use]
    pub fn post_form(url: Url, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        Self {
            method: Method::Post,
            content: Some(Content::Form(Secret::new(pairs.join("&")))),
            ..Self::get(url, Answer::Document)
        }
    }

    /// Sends nothing to `url`, as what begins an upload; redirects of it are not followed.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self {
            method: Method::Post,
            content: Some(Content::Bytes(Arc::default())),
            ..Self::get(url, Answer::Document)
        }
    }

    /// Stores bytes at `url`; redirects of it are not followed.
    #[must_use]
    pub fn put(url: Url, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            method: Method::Put,
            content: Some(Content::Bytes(bytes.into())),
            ..Self::get(url, Answer::Stream)
        }
    }

    /// Stores the bytes of a file at `url`; redirects of it are not followed.
    #[must_use]
    pub fn put_file(url: Url, file: impl Into<PathBuf>) -> Self {
        Self {
            method: Method::Put,
            content: Some(Content::File(file.into())),
            ..Self::get(url, Answer::Stream)
        }
    }

    /// With a header; `name` is lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    /// With a whole `Authorization` header, which is not sent on to other servers.
    #[must_use]
    pub fn authorization(mut self, value: Option<Secret>) -> Self {
        self.authorization = value;
        self
    }

    /// With a user name and a password (RFC 7617), which are not sent on to other servers.
    #[must_use]
    pub fn basic(self, user: &str, password: &Secret) -> Self {
        self.authorization(Some(basic(
            format!("{user}:{}", password.reveal()).as_bytes(),
        )))
    }

    /// What is asked for.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// `user:password` as the value of an `Authorization` header.
pub(crate) fn basic(user_and_password: &[u8]) -> Secret {
    Secret::new(format!("Basic {}", STANDARD.encode(user_and_password)))
}

/// Headers of an answer. Values that are not visible ASCII are left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(pub(crate) Vec<(String, String)>);

impl Headers {
    /// The first header with this lower-case name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Every header with this lower-case name, as sent.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be cookies or signed addresses.
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// An answer, its body not read yet.
#[derive(Debug)]
pub struct Response {
    /// Where it came from, after redirects.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: Body,
}

impl Response {
    /// Whether the status is one of success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// An error unless the status is one of success.
    pub fn check(self) -> Result<Self, NetError> {
        if self.is_success() {
            Ok(self)
        } else {
            Err(self.into_error())
        }
    }

    /// What to report of an answer that is no success.
    #[must_use]
    pub fn into_error(self) -> NetError {
        let status = self.status;
        let wait = crate::retry::retry_after(&self.headers);
        let url = self.url.clone();
        let detail = self.detail();
        match status {
            401 | 403 | 407 => NetError::Unauthorised {
                url,
                status,
                detail,
            },
            404 | 410 => NetError::NotFound {
                url,
                status,
                detail,
            },
            429 => NetError::TooManyRequests { url, wait },
            _ => NetError::Status {
                url,
                status,
                detail,
            },
        }
    }

    /// The beginning of the body in one line, without control characters.
    fn detail(self) -> String {
        let mut bytes = Vec::new();
        // A body that breaks off still tells how it began.
        let _ = self.body.take(DETAIL).read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        if text.trim_start().starts_with('<') {
            // A page for browsers tells a terminal nothing.
            return String::new();
        }
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ").chars().take(DETAIL_SHOWN).collect()
    }

    /// The whole body, if it has at most `limit` bytes.
    pub fn bytes(mut self, limit: u64) -> Result<Vec<u8>, NetError> {
        let too_large = NetError::TooLarge {
            url: self.url.clone(),
            limit,
        };
        if self.body.length().is_some_and(|length| length > limit) {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = self.body.fill(&mut buffer)?;
            if count == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&buffer[..count]);
            if bytes.len() as u64 > limit {
                return Err(too_large);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_do_not_show_what_they_carry() {
        let url: Url = "https://h/".parse().unwrap();
        let request = Request::post_form(url, &[("refresh_token", "s3cret"), ("a", "b&c")])
            .basic("me", &Secret::new("pa55"));
        assert!(
            matches!(&request.content, Some(Content::Form(form)) if form.reveal() == "refresh_token=s3cret&a=b%26c")
        );
        assert_eq!(
            request.authorization.as_ref().map(Secret::reveal),
            Some("Basic bWU6cGE1NQ==")
        );
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("bWU6"),
            "{shown}"
        );
    }
}
