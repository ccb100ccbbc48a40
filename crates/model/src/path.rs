//! Paths inside an image.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// A path inside an image: relative to its root, parts joined by `/`, without `.`, `..` or empty parts.
///
/// Paths in a tar archive are bytes. The text here is those bytes where they are UTF-8 and do not contain
/// the two characters `\x`; otherwise each byte that is not UTF-8, and the backslash of each `\x`, is
/// written `\xNN`. So different paths never have the same text, and an attacker cannot make one file
/// pass for another.
///
/// Copies share their text: one path stands in many facts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImagePath(#[serde(with = "shared")] Arc<str>);

impl ImagePath {
    /// Normalises raw bytes: a leading `/`, `.` and empty parts go, and `..` goes up but never above the
    /// root, as a container runtime resolves it inside the root filesystem.
    #[must_use]
    pub fn from_bytes(raw: &[u8]) -> Self {
        Self::new(&escape(raw))
    }

    /// Normalises a text that is already UTF-8, see [`ImagePath::from_bytes`].
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(normal(text).as_ref().into())
    }

    /// The text; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part; empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The path without its last part; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let parent = self.0.rsplit_once('/').map_or("", |(parent, _)| parent);
        Some(Self(parent.into()))
    }

    /// This path with more parts below it.
    #[must_use]
    pub fn join(&self, more: &str) -> Self {
        Self::new(&format!("{}/{more}", self.0))
    }

    /// The paths above this one, from its parent up, without the root.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        let text: &str = &self.0;
        text.rmatch_indices('/')
            .map(move |(at, _)| text.get(..at).unwrap_or_default())
    }

    /// The key by which sets of paths are kept.
    #[must_use]
    pub fn key(&self) -> PathKey {
        PathKey::of(&self.0)
    }
}

/// A shared text as a plain one, read without a copy in between.
mod shared {
    use std::fmt;
    use std::sync::Arc;

    use serde::{Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Arc<str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.into())
            }
        }

        from.deserialize_str(Visitor)
    }
}

fn normal(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return text.into();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/").into()
}

fn is_normal(text: &str) -> bool {
    let bytes = text.as_bytes();
    if matches!(bytes, [] | [b'/', ..] | [.., b'/']) {
        return false;
    }
    // Most paths have no part that is empty or begins with a dot; only in others the parts are looked at. All pairs
    // are asked, which the processor does many at a time.
    let is = |byte: u8, one: u8| u8::from(byte == one);
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let odd = pairs.fold(u8::from(text.starts_with('.')), |odd, (&one, &next)| {
        odd | (is(one, b'/') & (is(next, b'/') | is(next, b'.')))
    });
    odd == 0 || text.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn escape(raw: &[u8]) -> Cow<'_, str> {
    use fmt::Write as _;
    // Hardly any path has a backslash, and a single byte is looked for at once.
    if let Ok(text) = std::str::from_utf8(raw)
        && (!raw.contains(&b'\\') || !text.contains("\\x"))
    {
        return text.into();
    }
    let mut out = String::with_capacity(raw.len() + 8);
    for chunk in raw.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some((before, after)) = rest.split_once("\\x") {
            out.push_str(before);
            out.push_str("\\x5Cx");
            rest = after;
        }
        out.push_str(rest);
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out.into()
}

impl fmt::Display for ImagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ImagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl From<&str> for ImagePath {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The first 128 bits of the SHA-256 of a path: small, of one size, and not to be forged, so that sets of
/// hundreds of thousands of paths stay cheap to keep and to cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathKey([u8; 16]);

impl PathKey {
    /// The key of the path that raw bytes stand for, see [`ImagePath::from_bytes`], without keeping its text.
    #[must_use]
    pub fn of_bytes(raw: &[u8]) -> Self {
        Self::of(&normal(&escape(raw)))
    }

    /// The key of a normalised path, see [`ImagePath`].
    #[must_use]
    pub fn of(path: &str) -> Self {
        let hash: [u8; 32] = sha2::Sha256::digest(path.as_bytes()).into();
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        Self(key)
    }

    /// The sixteen bytes, for storage.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The key with these bytes, from storage.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// Lists of keys: hexadecimal texts for people, one run of bytes in compact formats, so that a cache with a
/// hundred thousand keys is read at the speed of memory.
pub mod keys {
    use std::fmt;

    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    use super::PathKey;

    /// Writes the keys.
    pub fn serialize<S: Serializer>(keys: &[PathKey], serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_seq(
                keys.iter()
                    .map(|key| format!("{:032x}", u128::from_be_bytes(key.0))),
            )
        } else {
            serializer.serialize_bytes(&keys.iter().flat_map(|key| key.0).collect::<Vec<u8>>())
        }
    }

    /// Reads the keys.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<PathKey>, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Vec<PathKey>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("path keys")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                let (keys, rest) = bytes.as_chunks::<16>();
                if !rest.is_empty() {
                    return Err(E::invalid_length(bytes.len(), &self));
                }
                Ok(keys.iter().map(|key| PathKey(*key)).collect())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut keys = Vec::new();
                while let Some(text) = seq.next_element::<String>()? {
                    let key = u128::from_str_radix(&text, 16).map_err(A::Error::custom)?;
                    keys.push(PathKey(key.to_be_bytes()));
                }
                Ok(keys)
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_seq(Keys)
        } else {
            deserializer.deserialize_bytes(Keys)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_stay_inside_the_root() {
        for (raw, normal) in [
            ("./etc/passwd", "etc/passwd"),
            ("/etc//passwd", "etc/passwd"),
            ("../../etc/shadow", "etc/shadow"),
            ("usr/./lib/../bin/", "usr/bin"),
            ("/", ""),
            ("", ""),
        ] {
            assert_eq!(ImagePath::new(raw).as_str(), normal, "{raw}");
        }
    }

    #[test]
    fn bytes_map_to_text_one_to_one() {
        let raw: [&[u8]; 5] = [
            b"a\xff",
            b"a\\xFF",
            b"a\\x5CxFF",
            b"a\\",
            "a\u{e9}".as_bytes(),
        ];
        let texts: Vec<_> = raw.iter().map(|raw| ImagePath::from_bytes(raw)).collect();
        assert_eq!(texts[0].as_str(), "a\\xFF");
        assert_eq!(texts[1].as_str(), "a\\x5CxFF");
        assert_eq!(texts[2].as_str(), "a\\x5Cx5CxFF");
        for (i, a) in texts.iter().enumerate() {
            for b in texts.iter().skip(i + 1) {
                assert_ne!(a, b);
            }
        }
    }

    #[test]
    fn ancestors_go_up_without_the_root() {
        let path = ImagePath::new("a/b/c");
        assert_eq!(path.ancestors().collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(path.file_name(), "c");
        assert_eq!(path.parent().unwrap().as_str(), "a/b");
        assert_eq!(ImagePath::new("a").ancestors().count(), 0);
    }
}
