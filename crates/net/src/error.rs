//! Why something could not be fetched.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::Url;

/// What was being done when the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looking up the host and connecting to it.
    Connect,
    /// Waiting for the answer to begin.
    Answer,
    /// Waiting for the next bytes of the answer, or for its end.
    Body,
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "does not accept a connection",
            Self::Answer => "does not answer",
            Self::Body => "stopped sending",
        }
    }
}

/// Why something could not be fetched. Addresses show no secrets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// No connection: no such host, refused, no route, a socket file that is missing or forbidden.
    #[error("cannot reach {url}")]
    Unreachable {
        /// What was asked for.
        url: Url,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The server takes longer than is allowed.
    #[error("{url} {} within {} s", phase.name(), after.as_secs_f32())]
    Timeout {
        /// What was asked for.
        url: Url,
        /// What was being done.
        phase: Phase,
        /// The limit that was reached.
        after: Duration,
    },
    /// 401 or 403.
    #[error("{url} refuses access (status {status}){}", Said(detail))]
    Unauthorised {
        /// What was asked for.
        url: Url,
        /// The status.
        status: u16,
        /// What the server said, cut short.
        detail: String,
    },
    /// 404 or 410.
    #[error("{url} does not exist (status {status}){}", Said(detail))]
    NotFound {
        /// What was asked for.
        url: Url,
        /// The status.
        status: u16,
        /// What the server said, cut short.
        detail: String,
    },
    /// 429, also after the allowed retries, or with a longer wait than is allowed.
    #[error("{url} asks for fewer requests (status 429){}", Wait(*wait))]
    TooManyRequests {
        /// What was asked for.
        url: Url,
        /// How long the server wants to be left alone, where it says so.
        wait: Option<Duration>,
    },
    /// Another status that is no success, also after the allowed retries.
    #[error("{url} answers with status {status}{}", Said(detail))]
    Status {
        /// What was asked for.
        url: Url,
        /// The status.
        status: u16,
        /// What the server said, cut short.
        detail: String,
    },
    /// The answer is longer than is allowed.
    #[error("{url} sends more than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        url: Url,
        /// The limit in bytes.
        limit: u64,
    },
    /// The address is not on this machine, and the network is switched off.
    #[error("{url} is not asked: offline")]
    Offline {
        /// What was asked for.
        url: Url,
    },
    /// The server cannot prove who it is, or does not speak TLS.
    #[error("no trusted connection to {url}: {reason}")]
    Tls {
        /// What was asked for.
        url: Url,
        /// Why not.
        reason: String,
    },
    /// What the server sends is not HTTP, or not what it may send here.
    #[error("{url} does not speak proper HTTP: {reason}")]
    Protocol {
        /// What was asked for.
        url: Url,
        /// What is wrong.
        reason: String,
    },
    /// A redirect that is not followed.
    #[error("{url} redirects to {target}, which is not followed: {reason}")]
    Redirect {
        /// What was asked for.
        url: Url,
        /// Where it leads; as sent, cut short, where that is no address.
        target: String,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// The connection broke before the end, also after the allowed attempts to resume.
    #[error("the connection to {url} broke after {offset} bytes")]
    Broken {
        /// What was asked for.
        url: Url,
        /// Bytes that came before.
        offset: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The proxy cannot be used.
    #[error("cannot use the proxy for {url}: {reason}")]
    Proxy {
        /// What was asked for.
        url: Url,
        /// Why not.
        reason: String,
    },
    /// An address cannot be written, because a name in it has characters that no address may have.
    #[error("`{text}` is not an address: {reason}")]
    Address {
        /// What was put together.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file of certificates cannot be used.
    #[error("cannot read certificates from `{}`: {reason}", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What should be sent cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What was fetched cannot be stored.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl NetError {
    /// What kind of an I/O error it is, for readers that know only those.
    #[must_use]
    pub fn io_kind(&self) -> io::ErrorKind {
        match self {
            Self::Unreachable { source, .. }
            | Self::Broken { source, .. }
            | Self::Read { source, .. }
            | Self::Write { source, .. } => source.kind(),
            Self::Timeout { .. } => io::ErrorKind::TimedOut,
            Self::Unauthorised { .. } | Self::Offline { .. } => io::ErrorKind::PermissionDenied,
            Self::NotFound { .. } => io::ErrorKind::NotFound,
            Self::Protocol { .. } | Self::TooLarge { .. } => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        }
    }
}

impl From<NetError> for io::Error {
    fn from(error: NetError) -> Self {
        Self::new(error.io_kind(), Reported(error))
    }
}

/// An error with its causes in one line: an [`io::Error`] shows only the first.
#[derive(Debug)]
struct Reported(NetError);

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        match std::error::Error::source(&self.0) {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Reported {}

struct Said<'a>(&'a str);

impl std::fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.0)
        }
    }
}

struct Wait(Option<Duration>);

impl std::fmt::Display for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(wait) => write!(f, ", and to wait {} s", wait.as_secs()),
            None => Ok(()),
        }
    }
}
