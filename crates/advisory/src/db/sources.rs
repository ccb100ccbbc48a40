//! Of which source packages the binary packages of a release are built, as its advisories tell, one block of the file for
//! each release: a length in plain, then with zstd the sources once, and for each binary package their places.
//!
//! Advisories go by source packages, and not everything that tells packages tells theirs: chisel's manifests do not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The packages of a release, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sources {
    sources: Vec<String>,
    binaries: Vec<(String, Vec<u32>)>,
}

/// Names of all binary packages of a release of Ubuntu, some ten thousand, have less than two million bytes.
const LARGEST: usize = 16 << 20;

const LEVEL: i32 = 9;

impl Sources {
    /// `None` where it is longer than a reader takes.
    pub(super) fn encode(all: &BTreeMap<&str, BTreeSet<&str>>) -> Option<Vec<u8>> {
        let sources: BTreeSet<&str> = all.values().flatten().copied().collect();
        let places: BTreeMap<&str, u32> = sources.iter().copied().zip(0..).collect();
        let binaries = all.iter().map(|(binary, sources)| {
            let places = sources.iter().filter_map(|name| places.get(name).copied());
            ((*binary).to_owned(), places.collect())
        });
        let written = Self {
            sources: sources.iter().map(|name| (*name).to_owned()).collect(),
            binaries: binaries.collect(),
        };
        let plain = postcard::to_stdvec(&written).ok()?;
        let length = u32::try_from(plain.len()).ok()?;
        if plain.len() > LARGEST {
            return None;
        }
        let mut out = length.to_le_bytes().to_vec();
        out.extend(zstd::bulk::compress(&plain, LEVEL).ok()?);
        Some(out)
    }

    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        let (length, packed) = payload.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if length > LARGEST {
            return None;
        }
        let plain = zstd::bulk::decompress(packed, length).ok()?;
        postcard::from_bytes(&plain).ok()
    }

    /// The source packages that build a binary package; none where no advisory of the release names it.
    pub(crate) fn of(&self, binary: &str) -> Vec<&str> {
        let place = self
            .binaries
            .binary_search_by(|(known, _)| known.as_str().cmp(binary));
        let found = place.ok().and_then(|place| self.binaries.get(place));
        found
            .into_iter()
            .flat_map(|(_, places)| places)
            .filter_map(|place| self.sources.get(*place as usize))
            .map(String::as_str)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        let all = BTreeMap::from([
            ("libc6", BTreeSet::from(["eglibc", "glibc"])),
            ("libssl3t64", BTreeSet::from(["openssl"])),
        ]);
        let bytes = Sources::encode(&all).expect("it is short");
        let read = Sources::decode(&bytes).expect("it is whole");
        assert_eq!(read.of("libc6"), ["eglibc", "glibc"]);
        assert_eq!(read.of("libssl3t64"), ["openssl"]);
        assert!(read.of("openssl").is_empty());
        for end in 0..bytes.len() {
            assert!(Sources::decode(&bytes[..end]).is_none(), "{end}");
        }
        let mut bomb = u32::MAX.to_le_bytes().to_vec();
        bomb.extend(&bytes[4..]);
        assert!(Sources::decode(&bomb).is_none());
    }
}
