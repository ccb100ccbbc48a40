//! Names of images: the reference grammar, and what an argument of the command line points to.
//!
//! [`Reference`] is a name in a registry or a daemon, by the grammar of the distribution project
//! (`github.com/distribution/reference`, `reference.go` and `normalize.go`), with Docker Hub's short forms
//! made whole. [`Target`] is an argument with its source: `docker-archive:app.tar`, or a bare name that finds
//! its source by looking around.
//!
//! Nothing here touches a disk or a socket: what exists is asked of [`Surroundings`].

mod target;

use std::fmt;
use std::str::FromStr;

use plimsoll_model::Digest;

pub use target::{ContentKind, DaemonName, FileImage, Selector, Surroundings, Target};

/// Longest path of a repository, `RepositoryNameTotalLengthMax` of the distribution project.
pub const MAX_PATH: usize = 255;

/// Longest tag, by the grammar of the distribution project.
pub const MAX_TAG: usize = 128;

/// Longest text that is looked at: registry, path, tag and the longest digest, with room.
const MAX_TEXT: usize = 1024;

/// The registry of names that name none.
const DOCKER_HUB: &str = "docker.io";

/// The name of an image in a registry: `registry.example:5000/team/app:1.2@sha256:…`.
///
/// A name without registry is Docker Hub's, a Docker Hub name without a slash is below `library/`, and a name
/// without tag and digest has the tag `latest`, as for `docker pull`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    registry: String,
    path: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

impl Reference {
    /// Host and, after a colon, port of the registry: `docker.io`, `localhost:5000`, `[::1]:5000`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path of the repository in its registry: `library/nginx`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Registry and path: `docker.io/library/nginx`.
    #[must_use]
    pub fn repository(&self) -> String {
        format!("{}/{}", self.registry, self.path)
    }

    /// The tag; `latest` where the text had neither tag nor digest, `None` where it had a digest alone.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest that pins it. Where a tag stands before it, the digest decides and the tag is a remark.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The repository as people write it: without `docker.io/` and `library/`.
    #[must_use]
    pub fn familiar_repository(&self) -> String {
        if self.registry != DOCKER_HUB {
            return self.repository();
        }
        self.path
            .strip_prefix("library/")
            .unwrap_or(&self.path)
            .to_owned()
    }

    /// The same repository at another digest, without a tag.
    #[must_use]
    pub fn at(&self, digest: Digest) -> Self {
        Self {
            tag: None,
            digest: Some(digest),
            ..self.clone()
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.path)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|reason| ParseReferenceError {
            text: text.chars().take(160).collect(),
            reason,
        })
    }
}

/// A text that is not the name of an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not the name of an image: {reason}")]
pub struct ParseReferenceError {
    /// The text, cut to 160 characters.
    pub text: String,
    /// What is wrong with it, lower case.
    pub reason: String,
}

fn parse(text: &str) -> Result<Reference, String> {
    if text.is_empty() {
        return Err("it is empty".into());
    }
    if text.len() > MAX_TEXT {
        return Err(format!("it is longer than {MAX_TEXT} bytes"));
    }
    if text.len() == 64 && is_hexadecimal(text) {
        return Err("64 hexadecimal digits are an image id, which only a daemon knows".into());
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (
            rest,
            Some(digest.parse::<Digest>().map_err(|e| e.to_string())?),
        ),
        None => (text, None),
    };
    let (name, tag) = split_tag(rest);
    let (registry, path) = split_registry(name);
    check_registry(registry)?;
    check_path(&path)?;
    if let Some(tag) = tag {
        check_tag(tag)?;
    }
    let tag = match (tag, &digest) {
        (None, None) => Some("latest".to_owned()),
        (tag, _) => tag.map(str::to_owned),
    };
    Ok(Reference {
        registry: registry.to_owned(),
        path,
        tag,
        digest,
    })
}

/// Splits at the colon of a tag: the last one, unless a slash follows, for then it is a port's.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        // Without any slash an IPv6 address ends in a bracket; it names no repository and is refused later.
        Some((name, tag)) if !tag.contains('/') && !tag.ends_with(']') => (name, Some(tag)),
        _ => (text, None),
    }
}

/// Splits off the registry as `splitDockerDomain` of the distribution project does.
fn split_registry(name: &str) -> (&str, String) {
    let (registry, path) = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, rest),
        _ => (DOCKER_HUB, name),
    };
    let registry = match registry {
        "index.docker.io" => DOCKER_HUB,
        other => other,
    };
    if registry == DOCKER_HUB && !path.contains('/') && !path.is_empty() {
        (registry, format!("library/{path}"))
    } else {
        (registry, path.to_owned())
    }
}

/// Whether the first part of a name is a host: only hosts have dots, colons or upper case, or are localhost.
fn is_registry(first: &str) -> bool {
    first == "localhost"
        || first.contains(['.', ':'])
        || first.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Rule `domain-and-port`.
fn check_registry(registry: &str) -> Result<(), String> {
    let wrong = || format!("`{registry}` is not a host with an optional port");
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').ok_or_else(wrong)?;
            let is_address = !address.is_empty()
                && address
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte == b':');
            if !is_address {
                return Err(wrong());
            }
            (
                None,
                after
                    .strip_prefix(':')
                    .or(if after.is_empty() { None } else { Some("x") }),
            )
        }
        None => match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        },
    };
    if let Some(port) = port
        && (port.is_empty() || port.parse::<u16>().is_err() || port.starts_with('+'))
    {
        return Err(wrong());
    }
    if host.is_some_and(|host| !host.split('.').all(is_domain_component)) {
        return Err(wrong());
    }
    Ok(())
}

/// Rule `domain-component`.
fn is_domain_component(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('-')
        && !part.ends_with('-')
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Rule `remote-name`, with its length.
fn check_path(path: &str) -> Result<(), String> {
    if path.is_empty() {
        return Err("it names no repository".into());
    }
    if path.len() > MAX_PATH {
        return Err(format!("its repository is longer than {MAX_PATH} bytes"));
    }
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err("a repository is written in lower case".into());
    }
    match path.split('/').find(|part| !is_path_component(part)) {
        Some(part) => Err(format!("`{part}` is not a part of a repository's name")),
        None => Ok(()),
    }
}

/// Rule `path-component`: runs of letters and digits between separators `.`, `_`, `__` or any number of `-`.
fn is_path_component(part: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends_well = [bytes.first(), bytes.last()]
        .into_iter()
        .all(|byte| byte.is_some_and(|byte| is_alphanumeric(*byte)));
    let separators_are_known = bytes
        .chunk_by(|a, b| is_alphanumeric(*a) == is_alphanumeric(*b))
        .all(|run| match run {
            [first, ..] if is_alphanumeric(*first) => true,
            b"." | b"_" | b"__" => true,
            other => other.iter().all(|byte| *byte == b'-'),
        });
    ends_well && separators_are_known
}

/// Rule `tag`.
fn check_tag(tag: &str) -> Result<(), String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if tag.is_empty() {
        return Err("its tag is empty".into());
    }
    if tag.len() > MAX_TAG {
        return Err(format!("its tag is longer than {MAX_TAG} bytes"));
    }
    let mut bytes = tag.bytes();
    if bytes.next().is_some_and(is_word)
        && bytes.all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
    {
        Ok(())
    } else {
        Err(format!("`{tag}` is not a tag"))
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests;
