//! Addresses that can be shown to anyone.
//!
//! RFC 3986, as far as `http` and `https` need it, and `unix` for sockets of this machine. No normalisation
//! beyond lower case of scheme and host: what a server gave out goes back to it byte by byte.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Longest address; signed ones of object stores reach about 4 KiB.
const MAX_LENGTH: usize = 16 << 10;

/// Parameters whose values may be shown; all others may be signatures, tokens or passwords.
const SHOWN: [&str; 8] = [
    "service", "scope", "n", "last", "ns", "digest", "names", "platform",
];

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
    /// HTTP over a socket file.
    Unix,
}

impl Scheme {
    /// The name before `://`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Unix => "unix",
        }
    }
}

/// An absolute address. `Display` and `Debug` hide user information and the values of query parameters that
/// are not known to be harmless; only this crate can see them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url(Box<Parts>);

/// The parts of an address.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Parts {
    scheme: Scheme,
    userinfo: Option<String>,
    /// Lower case; an IPv6 address in brackets; empty for sockets.
    host: String,
    port: Option<u16>,
    socket: PathBuf,
    /// Begins with a slash.
    path: String,
    /// Without the question mark.
    query: Option<String>,
}

/// A text that is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an address: {0}")]
pub struct ParseUrlError(pub &'static str);

impl Url {
    /// An address on a socket file; `target` is path and query and begins with a slash.
    pub fn unix(socket: &Path, target: &str) -> Result<Self, ParseUrlError> {
        check_characters(target)?;
        let (path, query) = split_target(target);
        Ok(Self(Box::new(Parts {
            scheme: Scheme::Unix,
            userinfo: None,
            host: String::new(),
            port: None,
            socket: socket.to_owned(),
            path,
            query,
        })))
    }

    /// How the server is spoken to.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.0.scheme
    }

    /// The host: a lower-case name, an IPv4 address, or an IPv6 address in brackets; empty for sockets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The port, also where the address leaves it out; 0 for sockets.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port.unwrap_or(match self.0.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
            Scheme::Unix => 0,
        })
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The socket file, for [`Scheme::Unix`].
    pub(crate) fn socket(&self) -> &Path {
        &self.0.socket
    }

    /// User name and password as written, for Basic authentication.
    pub(crate) fn userinfo(&self) -> Option<&str> {
        self.0.userinfo.as_deref()
    }

    /// Without credentials: those in a redirect are the server's idea, not the user's.
    pub(crate) fn without_userinfo(mut self) -> Self {
        self.0.userinfo = None;
        self
    }

    /// Whether both are the same server: credentials for one may be shown to the other.
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        let (own, other_parts) = (&self.0, &other.0);
        own.scheme == other_parts.scheme
            && own.host == other_parts.host
            && self.port() == other.port()
            && own.socket == other_parts.socket
    }

    /// Whether the server is on this machine: a socket file, `localhost` and names below it (RFC 6761,
    /// section 6.3), or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.0.scheme == Scheme::Unix || is_loopback(&self.0.host)
    }

    /// The same address with another parameter; name and value are escaped.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        let pair = format!("{}={}", escape(name), escape(value));
        self.0.query = Some(
            match self.0.query.take().filter(|query| !query.is_empty()) {
                Some(query) => format!("{query}&{pair}"),
                None => pair,
            },
        );
        self
    }

    /// Resolves a reference, such as that of a `Location` header (RFC 3986, section 5.2).
    pub fn join(&self, reference: &str) -> Result<Self, ParseUrlError> {
        let reference = reference.split('#').next().unwrap_or_default().trim();
        if has_scheme(reference) {
            return reference.parse();
        }
        if let Some(rest) = reference.strip_prefix("//") {
            return format!("{}://{rest}", self.0.scheme.name()).parse();
        }
        check_characters(reference)?;
        let mut joined = self.clone();
        if let Some(query) = reference.strip_prefix('?') {
            joined.0.query = Some(query.to_owned());
            return Ok(joined);
        }
        if reference.is_empty() {
            return Ok(joined);
        }
        let (path, query) = match reference.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (reference, None),
        };
        let folder = self.0.path.rfind('/').map_or("", |at| &self.0.path[..=at]);
        let whole = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{folder}{path}")
        };
        joined.0.path = without_dots(&whole);
        joined.0.query = query;
        Ok(joined)
    }

    /// The whole address as it goes to the server, secrets included, without user information.
    pub(crate) fn request_target(&self) -> String {
        let host = match self.0.scheme {
            // The host is not used to connect; Docker and Podman accept any.
            Scheme::Unix => "http://localhost".to_owned(),
            scheme => match self.0.port {
                Some(port) => format!("{}://{}:{port}", scheme.name(), self.0.host),
                None => format!("{}://{}", scheme.name(), self.0.host),
            },
        };
        match &self.0.query {
            Some(query) => format!("{host}{}?{query}", self.0.path),
            None => format!("{host}{}", self.0.path),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.0.scheme.name())?;
        if self.0.userinfo.is_some() {
            f.write_str("***@")?;
        }
        if self.0.scheme == Scheme::Unix {
            write!(f, "{}:", self.0.socket.display())?;
        } else {
            f.write_str(&self.0.host)?;
            if let Some(port) = self.0.port {
                write!(f, ":{port}")?;
            }
        }
        f.write_str(&self.0.path)?;
        let Some(query) = &self.0.query else {
            return Ok(());
        };
        let mut separator = '?';
        for pair in query.split('&') {
            let name = pair.split('=').next().unwrap_or_default();
            if SHOWN.contains(&name) {
                write!(f, "{separator}{pair}")?;
            } else {
                write!(f, "{separator}{name}=***")?;
            }
            separator = '&';
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Url {
    type Err = ParseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check_characters(text)?;
        let (scheme, rest) = text
            .split_once("://")
            .ok_or(ParseUrlError("it has no scheme"))?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(ParseUrlError("its scheme is neither http nor https")),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (userinfo, server) = match authority.rsplit_once('@') {
            Some((userinfo, server)) => (Some(userinfo.to_owned()), server),
            None => (None, authority),
        };
        let (host, port) = split_port(server)?;
        check_host(&host)?;
        let (path, query) = split_target(target);
        Ok(Self(Box::new(Parts {
            scheme,
            userinfo,
            host,
            port,
            socket: PathBuf::new(),
            path,
            query,
        })))
    }
}

fn check_characters(text: &str) -> Result<(), ParseUrlError> {
    if text.len() > MAX_LENGTH {
        return Err(ParseUrlError("it is longer than 16 KiB"));
    }
    // These would be cut, split or misread on the way to the server.
    if text
        .bytes()
        .any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'"' | b'<' | b'>'))
    {
        return Err(ParseUrlError("it has characters that must be escaped"));
    }
    Ok(())
}

fn split_target(target: &str) -> (String, Option<String>) {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    (path, query)
}

fn split_port(server: &str) -> Result<(String, Option<u16>), ParseUrlError> {
    let bracket = server.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match server.get(bracket..).and_then(|rest| rest.find(':')) {
        Some(at) => (&server[..bracket + at], Some(&server[bracket + at + 1..])),
        None => (server, None),
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(
            digits
                .parse()
                .map_err(|_| ParseUrlError("its port is too large"))?,
        ),
        Some(_) => return Err(ParseUrlError("its port is not a number")),
    };
    Ok((host.to_ascii_lowercase(), port))
}

fn check_host(host: &str) -> Result<(), ParseUrlError> {
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.strip_suffix(']').unwrap_or_default();
        return match address.parse::<Ipv6Addr>() {
            Ok(_) => Ok(()),
            Err(_) => Err(ParseUrlError("its host is not an IPv6 address")),
        };
    }
    let is_name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if host.is_empty() || !is_name {
        return Err(ParseUrlError("its host is not a host name"));
    }
    Ok(())
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    if let Some(inner) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return inner.parse::<Ipv6Addr>().is_ok_and(|address| {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        });
    }
    host.parse::<Ipv4Addr>()
        .is_ok_and(|address| address.is_loopback())
}

fn has_scheme(reference: &str) -> bool {
    reference.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
    })
}

/// RFC 3986, section 5.2.4.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in path.split('/').skip(1) {
        ends_in_folder = matches!(part, "." | "..");
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let end = if ends_in_folder && !parts.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{end}", parts.join("/"))
}

/// Escapes a name or a value for a query or a form. Slashes and colons are left as they are: registries show
/// scopes so, and both are allowed in queries (RFC 3986, section 3.4).
pub(crate) fn escape(text: &str) -> String {
    use fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Undoes percent escapes; what is no escape stays.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let code = code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        plain.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn secrets_are_not_shown() {
        let signed = url("https://me:pass@s3.example/b?scope=a:b&X-Amz-Signature=abc&token=t#frag");
        let shown = "https://***@s3.example/b?scope=a:b&X-Amz-Signature=***&token=***";
        assert_eq!(signed.to_string(), shown);
        assert_eq!(format!("{signed:?}"), shown);
        assert_eq!(
            signed.request_target(),
            "https://s3.example/b?scope=a:b&X-Amz-Signature=abc&token=t"
        );
    }

    #[test]
    fn hosts_and_ports_are_read() {
        for (text, host, port, local) in [
            ("http://LocalHost:5000", "localhost", 5000, true),
            ("https://[::1]:5000/v2/", "[::1]", 5000, true),
            (
                "https://[::ffff:127.0.0.1]/",
                "[::ffff:127.0.0.1]",
                443,
                true,
            ),
            ("http://127.8.0.1", "127.8.0.1", 80, true),
            ("http://a.localhost.", "a.localhost.", 80, true),
            ("https://localhost.example", "localhost.example", 443, false),
            ("https://[2001:db8::1]", "[2001:db8::1]", 443, false),
            ("https://u@h@example:1/", "example", 1, false),
        ] {
            let url = url(text);
            assert_eq!(
                (url.host(), url.port(), url.is_local()),
                (host, port, local),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "example",
            "ftp://x/",
            "http://",
            "http:///x",
            "http://[::g]/",
            "http://a b/",
            "http://a\r\n/",
            "http://x:70000/",
            "http://x:+1/",
            "http://ü/",
            "http://x/\"",
            "http://[::1/",
            "http://%41/",
        ] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
        assert!(
            format!("http://x/{}", "a".repeat(MAX_LENGTH))
                .parse::<Url>()
                .is_err()
        );
    }

    #[test]
    fn references_are_resolved() {
        let base = url("http://h:1/a/b?x=1");
        for (reference, whole) in [
            ("https://o/c", "https://o/c"),
            ("//o/c", "http://o/c"),
            ("/c", "http://h:1/c"),
            ("c/d", "http://h:1/a/c/d"),
            ("../c", "http://h:1/c"),
            ("../../../c", "http://h:1/c"),
            (".", "http://h:1/a/"),
            ("?n=2", "http://h:1/a/b?n=2"),
            ("", "http://h:1/a/b?x=***"),
            ("/c?u=http://z/", "http://h:1/c?u=***"),
        ] {
            assert_eq!(
                base.join(reference).unwrap().to_string(),
                whole,
                "{reference}"
            );
        }
        assert!(base.join("file:///etc/passwd").is_err());
        assert!(base.join("/a\r\nX: y").is_err());
    }

    #[test]
    fn parameters_are_escaped() {
        let url = url("https://auth/token")
            .with_query("service", "a b")
            .with_query("scope", "repository:a/b:pull");
        assert_eq!(
            url.to_string(),
            "https://auth/token?service=a%20b&scope=repository:a/b:pull"
        );
        assert_eq!(unescape("a%20b%zz%4"), b"a b%zz%4");
    }

    #[test]
    fn sockets_have_addresses_too() {
        let url = Url::unix(Path::new("/run/docker.sock"), "/images/json?names=x").unwrap();
        assert_eq!(
            url.to_string(),
            "unix:///run/docker.sock:/images/json?names=x"
        );
        assert_eq!(url.request_target(), "http://localhost/images/json?names=x");
        assert!(url.is_local());
    }
}
