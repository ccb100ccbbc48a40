//! Hash indexes in the file: a table of buckets, each bucket a block of entries.
//!
//! An entry is 32 bits of the key's hash and a 48-bit value. Equal hashes of different keys are told apart by
//! the reader, who finds the key again in what the value points to.

use sha2::{Digest as _, Sha256};

use super::file::{BlockWriter, Blocks, Table};
use crate::DatabaseError;

const ENTRY: usize = 10;
/// Entries that a bucket holds on average.
const FILL: usize = 48;

/// The hash of a key; parts are kept apart so that `a`,`bc` is not `ab`,`c`.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let first = digest.as_slice().first_chunk::<8>();
    first.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Where an index is.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Index {
    buckets: Table,
}

impl Index {
    /// Writes entries of (hash, value); values below 2^48.
    pub(super) fn write(mut entries: Vec<(u64, u64)>, out: &mut BlockWriter) -> Option<Self> {
        let buckets = (entries.len() / FILL).max(1) as u64;
        entries.sort_unstable_by_key(|(hash, value)| (bucket_of(*hash, buckets), *hash, *value));
        let mut offsets = Vec::new();
        let mut rest = entries.as_slice();
        for bucket in 0..buckets {
            let here = rest.partition_point(|(hash, _)| bucket_of(*hash, buckets) <= bucket);
            let (head, tail) = rest.split_at_checked(here)?;
            rest = tail;
            let mut payload = Vec::with_capacity(head.len().checked_mul(ENTRY)?);
            for (hash, value) in head {
                payload.extend_from_slice(&fingerprint(*hash).to_le_bytes());
                payload.extend_from_slice(value.to_le_bytes().get(..6)?);
            }
            offsets.push(out.block(&payload)?);
        }
        Some(Self {
            buckets: out.table(&offsets)?,
        })
    }

    /// The values whose key has this hash.
    pub(super) fn find(&self, file: &Blocks, hash: u64) -> Result<Vec<u64>, DatabaseError> {
        if self.buckets.count == 0 {
            return Ok(Vec::new());
        }
        let offset = file.lookup(self.buckets, bucket_of(hash, self.buckets.count))?;
        let wanted = fingerprint(hash).to_le_bytes();
        Ok(file
            .block(offset)?
            .chunks_exact(ENTRY)
            .filter_map(|entry| entry.strip_prefix(&wanted))
            .map(|value| {
                let mut wide = [0; 8];
                for (place, byte) in wide.iter_mut().zip(value) {
                    *place = *byte;
                }
                u64::from_le_bytes(wide)
            })
            .collect())
    }
}

/// Buckets divide the range of hashes evenly, by the high half of a product (Lemire).
fn bucket_of(hash: u64, buckets: u64) -> u64 {
    (u128::from(hash).wrapping_mul(u128::from(buckets)) >> 64) as u64
}

/// The low half, which says nothing of the bucket.
#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
fn fingerprint(hash: u64) -> u32 {
    hash as u32
}
