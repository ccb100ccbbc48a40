//! What the tag of an image says of how long it means the same image.

/// How a tag is likely to behave. Only a digest is a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// `latest` and other names of channels, alone or before a variant: `stable-slim`.
    Channel,
    /// Another word: `bookworm`.
    Name,
    /// A version with parts left out, such as `1` or `1.25`.
    Partial {
        /// How many parts it has.
        parts: usize,
    },
    /// A full version, a date or a commit, which by custom is not pushed again.
    Exact,
}

/// Names of channels and of variants that move with their image.
const CHANNELS: &[&str] = &[
    "latest",
    "stable",
    "mainline",
    "edge",
    "nightly",
    "rolling",
    "lts",
    "current",
    "main",
    "master",
    "dev",
    "develop",
    "devel",
    "test",
    "testing",
    "unstable",
    "sid",
    "snapshot",
    "canary",
    "beta",
    "alpha",
    "rc",
    "next",
    "prod",
    "production",
    "staging",
    "release",
    "slim",
    "alpine",
    "debug",
    "nonroot",
];

impl Tag {
    /// What kind of tag it is, in any case.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        let lower = tag.to_ascii_lowercase();
        let parts = || lower.split(['-', '_', '+']);
        if parts().any(|part| is_date(part) || is_commit(part)) {
            return Self::Exact;
        }
        let first = parts().next().unwrap_or_default();
        if CHANNELS.contains(&first) {
            return Self::Channel;
        }
        let version = first.strip_prefix('v').unwrap_or(first);
        let numbers = version
            .split('.')
            .take_while(|part| part.starts_with(|c: char| c.is_ascii_digit()))
            .count();
        match numbers {
            0 => Self::Name,
            // `3.18` is Alpine's branch and gets new images; three parts are a release.
            parts @ 1..=2 => Self::Partial { parts },
            _ => Self::Exact,
        }
    }
}

/// A date as builders write it: `20240304`, `2024.03.04` or with the time behind it.
fn is_date(part: &str) -> bool {
    let digits: String = part.chars().filter(|c| *c != '.').collect();
    (8..=14).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.starts_with("20") || digits.starts_with("19"))
}

/// A commit id, also behind `sha` or the `g` of `git describe`: seven hexadecimal digits or more, with a letter and
/// a digit among them.
fn is_commit(part: &str) -> bool {
    let part = part
        .strip_prefix("sha")
        .or_else(|| part.strip_prefix('g'))
        .unwrap_or(part);
    (7..=64).contains(&part.len())
        && part.bytes().all(|b| b.is_ascii_hexdigit())
        && part.bytes().any(|b| b.is_ascii_digit())
        && part.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_apart() {
        for tag in [
            "latest",
            "Latest",
            "stable",
            "stable-slim",
            "edge",
            "lts-alpine",
            "main",
            "alpine",
        ] {
            assert_eq!(Tag::of(tag), Tag::Channel, "{tag}");
        }
        for tag in ["bookworm", "bookworm-slim", "v", ""] {
            assert_eq!(Tag::of(tag), Tag::Name, "{tag}");
        }
        for (tag, parts) in [
            ("1", 1),
            ("1.25", 2),
            ("v3", 1),
            ("3.18", 2),
            ("20-alpine", 1),
            ("8.0-jdk17", 2),
            ("22.04", 2),
        ] {
            assert_eq!(Tag::of(tag), Tag::Partial { parts }, "{tag}");
        }
        for tag in [
            "1.25.3",
            "v1.25.3",
            "1.25.3-alpine",
            "16.17.1-alpine3.16",
            "bookworm-20240110",
            "2023.3.20240304",
            "1.2.3.4",
            "3f2a9bc",
            "main-3f2a9bcd01",
            "main-3f2a9bcd01-amd64",
            "main-g3f2a9bc",
            "edge-sha3f2a9bc",
            "1.0.0-rc.1",
        ] {
            assert_eq!(Tag::of(tag), Tag::Exact, "{tag}");
        }
    }
}
