//! Patterns of names of images, in which a policy says what it is about.

use std::fmt;
use std::str::FromStr;

/// A pattern of full names of images: `registry.example.org`, `docker.io/library/debian`, `quay.io/*/jdk:21*`.
///
/// It begins with a registry; without a path it means every image there, without a tag every tag. `*` stands for any
/// characters but slashes, and `**` as the last part of the path for everything below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePattern {
    text: String,
    parts: Vec<String>,
    tag: Option<String>,
}

/// A text that is no pattern of images.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no pattern of images: {reason}")]
pub struct ParseImagePatternError {
    text: String,
    reason: &'static str,
}

/// What an image is called in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// Registry and path: `docker.io/library/debian`.
    pub repository: &'a str,
    /// The tag, where there is one.
    pub tag: Option<&'a str>,
}

impl ImagePattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether an image is meant.
    #[must_use]
    pub fn covers(&self, name: ImageName<'_>) -> bool {
        let own: Vec<&str> = name.repository.split('/').collect();
        let mut parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        let is_open = parts.len() == 1 || parts.last() == Some(&"**");
        if parts.last() == Some(&"**") {
            parts.pop();
        }
        let is_long_enough = if is_open {
            own.len() > parts.len()
        } else {
            own.len() == parts.len()
        };
        let is_repository = is_long_enough
            && parts.iter().zip(&own).enumerate().all(|(at, (part, own))| {
                // A host has no upper and lower case (RFC 4343), a path has.
                if at == 0 {
                    fits(part, &own.to_ascii_lowercase())
                } else {
                    fits(part, own)
                }
            });
        let is_tag = match (&self.tag, name.tag) {
            (None, _) => true,
            (Some(tag), Some(own)) => fits(tag, own),
            (Some(_), None) => false,
        };
        is_repository && is_tag
    }
}

impl fmt::Display for ImagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for ImagePattern {
    type Err = ParseImagePatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason| ParseImagePatternError {
            text: text.chars().take(160).collect(),
            reason,
        };
        if text.is_empty() || text.len() > 1024 {
            return Err(error("it is empty, or longer than 1024 bytes"));
        }
        if text.contains('@') {
            return Err(error("a digest belongs into `digests`"));
        }
        if text.contains("://") {
            return Err(error(
                "it is an address; the name of an image has no scheme",
            ));
        }
        let is_known = |c: char| c.is_ascii_alphanumeric() || "._-/:*[]".contains(c);
        if !text.chars().all(is_known) {
            return Err(error("it has characters that the name of no image has"));
        }
        let (head, end) = text.rsplit_once('/').unwrap_or(("", text));
        // The colon of a registry's port is no tag's.
        let (end, tag) = match end.split_once(':') {
            Some((end, tag)) if !head.is_empty() => (end, Some(tag.to_owned())),
            _ => (end, None),
        };
        let mut parts: Vec<String> = if head.is_empty() {
            Vec::new()
        } else {
            head.split('/').map(str::to_owned).collect()
        };
        parts.push(end.to_owned());
        if parts.iter().any(String::is_empty) || tag.as_deref() == Some("") {
            return Err(error("a part of it is empty"));
        }
        let last = parts.len().saturating_sub(1);
        if let Some(registry) = parts.first_mut() {
            let name = registry
                .split_once(':')
                .map_or(registry.as_str(), |(name, _)| name);
            // `debian:12` alone is rather an image than a host with a port; that one can be written `debian:12/**`.
            let is_host = name.contains('.')
                || name == "localhost"
                || registry.starts_with('[')
                || (last > 0 && registry.contains(':'));
            if !is_host {
                return Err(error(
                    "it does not begin with a registry, as `docker.io/library/debian` does",
                ));
            }
            registry.make_ascii_lowercase();
        }
        let is_misplaced = |(at, part): (usize, &String)| {
            part.contains("**") && (at == 0 || at != last || part != "**")
        };
        if parts.iter().enumerate().any(is_misplaced) {
            return Err(error("`**` stands only for the whole last part of a path"));
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
            tag,
        })
    }
}

/// Whether a text is of a pattern in which `*` stands for any characters.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, repository: &str, tag: &str) -> bool {
        let pattern: ImagePattern = pattern.parse().expect("a pattern");
        let tag = Some(tag).filter(|tag| !tag.is_empty());
        pattern.covers(ImageName { repository, tag })
    }

    #[test]
    fn a_pattern_covers_what_it_says() {
        let debian = "docker.io/library/debian";
        for pattern in [
            "docker.io",
            "docker.io/library/debian",
            "docker.io/library/debian:12",
            "docker.io/library/debian:12*",
            "Docker.IO/library/*",
            "docker.io/**",
            "docker.io/library/**",
            "docker.io/*/d*b*n:*",
            "*.io",
        ] {
            assert!(covers(pattern, debian, "12"), "{pattern}");
        }
        for pattern in [
            "docker.io/debian",
            "docker.io/*",
            "docker.io/library/debian:13",
            "docker.io/library/debian:1",
            "docker.io/library/debian/**",
            "docker.io/library/Debian",
            "docker.io/library/debian*x",
            "quay.io",
            "*.docker.io",
        ] {
            assert!(!covers(pattern, debian, "12"), "{pattern}");
        }
        // Another host does not become one by what it begins or ends with.
        assert!(!covers("example.org", "evil-example.org/a", "1"));
        assert!(!covers("example.org", "example.org.evil.test/a", "1"));
        assert!(covers("*.example.org", "Registry.example.org/a/b", "1"));
        assert!(covers("localhost:5000/a", "localhost:5000/a", "1"));
        assert!(covers("localhost:5000", "localhost:5000/a/b", ""));
        assert!(covers("host:5000/**", "host:5000/a/b", ""));
        assert!(!covers("localhost:5000/a:1", "localhost:5000/a", ""));
        // What two stars share is counted once.
        assert!(!covers("a.b/x*ab*ab", "a.b/xab", ""));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for (text, reason) in [
            ("", "empty"),
            ("debian", "does not begin with a registry"),
            ("debian:12", "does not begin with a registry"),
            ("library/debian", "does not begin with a registry"),
            ("docker.io//debian", "a part of it is empty"),
            ("docker.io/debian:", "a part of it is empty"),
            ("docker.io/a@sha256:0", "`digests`"),
            ("https://docker.io/a", "scheme"),
            ("docker.io/a b", "characters"),
            ("docker.io/**/a", "`**`"),
            ("docker.io/a**", "`**`"),
            ("**.io/a", "`**`"),
        ] {
            let error = text.parse::<ImagePattern>().expect_err(text).to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
