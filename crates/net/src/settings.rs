//! How the client behaves. There is no `Default`: whoever makes a client says whether it may go online and
//! whom it trusts.

use std::path::PathBuf;
use std::time::Duration;

use crate::Proxies;

/// Everything that a client has to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether anything outside this machine may be asked.
    pub network: Network,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How often to try again.
    pub retry: Retry,
    /// Which proxy leads where.
    pub proxies: Proxies,
    /// Whom TLS connections trust.
    pub roots: Roots,
    /// The `User-Agent` header.
    pub user_agent: String,
}

/// Whether anything outside this machine may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Everything.
    Online,
    /// Only sockets of this machine, loopback addresses and `localhost`, and these never through a proxy: no
    /// packet leaves the machine, no name is looked up.
    Offline,
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the look-up of the host, and for the connection with its handshake.
    pub connect: Duration,
    /// For the next bytes.
    pub read: Duration,
    /// For a whole document, retries apart. Streams are only held to `read`.
    pub total: Duration,
}

impl Timeouts {
    /// 10 s to connect, 30 s for the next bytes, 120 s for a document.
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(10),
        read: Duration::from_secs(30),
        total: Duration::from_mins(2),
    };
}

/// How often to try again, and how long to wait before it: `first`, then twice that, and so on up to
/// `longest`. What a server asks for in `Retry-After` is obeyed up to `longest`; a longer wait is an error at
/// once, so that a person can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How many times after the first; also how many times a stream is resumed that breaks off again within
    /// 1 MiB.
    pub times: u32,
    /// Before the second attempt.
    pub first: Duration,
    /// Longest wait.
    pub longest: Duration,
}

impl Retry {
    /// Four more attempts, after 0.5, 1, 2 and 4 s; at most 30 s where the server asks for it.
    pub const USUAL: Self = Self {
        times: 4,
        first: Duration::from_millis(500),
        longest: Duration::from_secs(30),
    };
}

/// Whom TLS connections trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roots {
    /// The certificates of this system, where distributions keep them as one file; Mozilla's, compiled in,
    /// where there is no such file, as in minimal containers.
    System,
    /// Mozilla's, compiled in.
    Bundled,
    /// The certificates in these PEM files and no others.
    Files(Vec<PathBuf>),
}
