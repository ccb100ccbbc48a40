//! Content digests as the OCI image specification writes them (`descriptor.md`, section "Digests").

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The hash functions that the OCI image specification registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// SHA-256, 32 bytes; required of every implementation.
    Sha256,
    /// SHA-512, 64 bytes; optional, but found in the wild.
    Sha512,
}

impl Algorithm {
    /// The name before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Length of the hash in bytes.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A digest that has the right length and only lower-case hexadecimal digits, such as `sha256:…`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest {
    text: Box<str>,
    algorithm: Algorithm,
}

impl Digest {
    /// The SHA-256 digest with these bytes.
    #[must_use]
    pub fn sha256(bytes: [u8; 32]) -> Self {
        Self::from_bytes(Algorithm::Sha256, &bytes)
    }

    /// The SHA-512 digest with these bytes.
    #[must_use]
    pub fn sha512(bytes: [u8; 64]) -> Self {
        Self::from_bytes(Algorithm::Sha512, &bytes)
    }

    /// Hashes `content` with SHA-256.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        use sha2::Digest as _;
        Self::sha256(sha2::Sha256::digest(content).into())
    }

    fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(algorithm.name().len() + 1 + bytes.len() * 2);
        text.push_str(algorithm.name());
        text.push(':');
        for byte in bytes {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self {
            text: text.into_boxed_str(),
            algorithm,
        }
    }

    /// The whole text, `algorithm:hex`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which hash function made it.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The hexadecimal part.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.text.split_once(':').map_or("", |(_, hex)| hex)
    }

    /// The first twelve hexadecimal digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.hex().get(..12).unwrap_or_default()
    }
}

/// A SHA-1 sum, by which Maven repositories know their archives. It proves nothing: archives with equal sums can
/// be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha1(pub [u8; 20]);

impl fmt::Display for Sha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Sha1> for String {
    fn from(sum: Sha1) -> Self {
        sum.to_string()
    }
}

impl TryFrom<String> for Sha1 {
    type Error = ParseSha1Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = text.as_bytes();
        let mut sum = [0; 20];
        if digits.len() != 40 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(ParseSha1Error(text));
        }
        for (byte, pair) in sum.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
        }
        Ok(Self(sum))
    }
}

/// A text that is no SHA-1 sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a SHA-1 sum of 40 hexadecimal digits")]
pub struct ParseSha1Error(String);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.text.into()
    }
}

impl TryFrom<String> for Digest {
    type Error = ParseDigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason| ParseDigestError {
            text: text.chars().take(160).collect(),
            reason,
        };
        let (name, hex) = text.split_once(':').ok_or_else(|| error("it has no `:`"))?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return Err(error("its algorithm is neither sha256 nor sha512")),
        };
        if hex.len() != algorithm.length() * 2 {
            return Err(error("it has the wrong length"));
        }
        if !hex
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Err(error("it has characters other than 0-9 and a-f"));
        }
        Ok(Self {
            text: text.into(),
            algorithm,
        })
    }
}

/// A text that is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a digest: {reason}")]
pub struct ParseDigestError {
    text: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_nothing_is_the_known_one() {
        let digest = Digest::of(b"");
        assert_eq!(
            digest.as_str(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(digest.short(), "e3b0c44298fc");
        assert_eq!(digest.as_str().parse::<Digest>(), Ok(digest));
    }

    #[test]
    fn malformed_digests_are_refused_with_a_reason() {
        for (text, reason) in [
            ("sha256", "no `:`"),
            ("md5:d41d8cd98f00b204e9800998ecf8427e", "neither"),
            ("sha256:abc", "length"),
            (&format!("sha256:{}", "A".repeat(64)), "characters"),
            (
                &format!("sha256:{}", "../".repeat(22).get(..64).unwrap()),
                "characters",
            ),
        ] {
            let message = text.parse::<Digest>().unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
    }
}
