//! Where daemons listen.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use plimsoll_model::image::SourceKind;
use plimsoll_net::{NetError, ParseUrlError, Url};

/// Where a daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaemonAddress {
    /// A socket file of this machine.
    Socket(PathBuf),
    /// A host, which somebody named on purpose.
    Host(Url),
}

/// A text that is no address of a daemon, or of one that cannot be reached from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address of a daemon that can be used: {reason}")]
pub struct ParseAddressError {
    /// The text, cut to 160 characters.
    pub text: String,
    /// What is wrong with it, lower case.
    pub reason: String,
}

impl DaemonAddress {
    /// Where a daemon listens unless it is told otherwise, most personal first. `runtime` is the folder in
    /// `XDG_RUNTIME_DIR`, `home` that of the user.
    ///
    /// Docker Engine documentation, "Run the Docker daemon in Rootless mode"; Docker Desktop's
    /// `~/.docker/run/docker.sock`; `podman-system-service(1)`.
    #[must_use]
    pub fn usual(kind: SourceKind, runtime: Option<&Path>, home: Option<&Path>) -> Vec<Self> {
        let below = |folder: Option<&Path>, path: &str| folder.map(|folder| folder.join(path));
        let paths = match kind {
            SourceKind::Docker => vec![
                Some(PathBuf::from("/var/run/docker.sock")),
                below(runtime, "docker.sock"),
                below(home, ".docker/run/docker.sock"),
            ],
            SourceKind::Podman => vec![
                below(runtime, "podman/podman.sock"),
                Some(PathBuf::from("/run/podman/podman.sock")),
            ],
            _ => Vec::new(),
        };
        paths.into_iter().flatten().map(Self::Socket).collect()
    }

    /// Whether it is worth asking: a socket file that is there, or any host.
    #[must_use]
    pub fn may_exist(&self) -> bool {
        match self {
            // Also where it is there and this user may not look at it.
            Self::Socket(path) => std::fs::symlink_metadata(path).map_or_else(
                |error| error.kind() == std::io::ErrorKind::PermissionDenied,
                |_| true,
            ),
            Self::Host(_) => true,
        }
    }

    /// The address of something in the API; `target` begins with a slash.
    pub(super) fn url(&self, target: &str) -> Result<Url, NetError> {
        let url = match self {
            Self::Socket(path) => Url::unix(path, target),
            Self::Host(base) => base.join(target),
        };
        url.map_err(|error| NetError::Address {
            text: format!("{self}{target}"),
            reason: error.0,
        })
    }
}

impl fmt::Display for DaemonAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix://{}", path.display()),
            Self::Host(url) => url.fmt(f),
        }
    }
}

/// Reads `DOCKER_HOST` and `CONTAINER_HOST`: `unix:///path`, a path alone, `tcp://host:port`, `http://…`,
/// `https://…`.
impl FromStr for DaemonAddress {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: &str| ParseAddressError {
            text: text.chars().take(160).collect(),
            reason: reason.to_owned(),
        };
        if let Some(path) = text
            .strip_prefix("unix://")
            .or_else(|| text.starts_with('/').then_some(text))
        {
            return if path.starts_with('/') {
                Ok(Self::Socket(path.into()))
            } else {
                Err(error("the path of its socket has to begin with a slash"))
            };
        }
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| error("it has no scheme"))?;
        let url = match scheme {
            // Docker's name for HTTP in the clear.
            "tcp" | "http" => format!("http://{rest}"),
            "https" => text.to_owned(),
            "ssh" => return Err(error("forward its socket with `ssh -L` and name that")),
            "npipe" | "fd" => return Err(error("only socket files and TCP are spoken")),
            _ => return Err(error("its scheme is not known")),
        };
        url.parse()
            .map(Self::Host)
            .map_err(|reason: ParseUrlError| error(&reason.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_form() {
        for (text, shown) in [
            ("unix:///run/d.sock", "unix:///run/d.sock"),
            ("/run/d.sock", "unix:///run/d.sock"),
            ("tcp://10.0.0.1:2375", "http://10.0.0.1:2375/"),
            ("https://h:2376", "https://h:2376/"),
        ] {
            assert_eq!(text.parse::<DaemonAddress>().unwrap().to_string(), shown);
        }
        for text in [
            "",
            "unix://run/d.sock",
            "ssh://h",
            "npipe:////./pipe/d",
            "tcp://",
            "ftp://h",
            "h:2375",
        ] {
            assert!(text.parse::<DaemonAddress>().is_err(), "{text}");
        }
    }
}
