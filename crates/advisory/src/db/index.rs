//! The index of ids: a table of buckets, each bucket a block of entries.
//!
//! An entry is one byte of the id's hash and the number of a flaw in as many bytes as the largest needs. That finds
//! flaws which do not bear the id too, one in 256 of a bucket; the reader holds each against the id. Four bytes for
//! each of millions of ids are most of what can be had: what is random does not compress.

use sha2::{Digest as _, Sha256};

use super::file::{BlockWriter, Blocks, Table};
use crate::DatabaseError;

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
    /// Bytes of a value.
    width: u8,
}

impl Index {
    /// Writes entries of (hash, value).
    pub(super) fn write(mut entries: Vec<(u64, u32)>, out: &mut BlockWriter) -> Option<Self> {
        let buckets = (entries.len() / FILL).max(1) as u64;
        entries.sort_unstable_by_key(|(hash, value)| (bucket_of(*hash, buckets), *hash, *value));
        let largest = entries.iter().map(|(_, value)| *value).max();
        let width = largest.map_or(1, |largest| {
            4_usize.saturating_sub(largest.leading_zeros() as usize / 8)
        });
        let width = width.max(1);
        let mut offsets = Vec::new();
        let mut rest = entries.as_slice();
        for bucket in 0..buckets {
            let here = rest.partition_point(|(hash, _)| bucket_of(*hash, buckets) <= bucket);
            let (head, tail) = rest.split_at_checked(here)?;
            rest = tail;
            let mut payload = Vec::new();
            for (hash, value) in head {
                payload.push(fingerprint(*hash));
                payload.extend_from_slice(value.to_le_bytes().get(..width)?);
            }
            offsets.push(out.block(&payload)?);
        }
        Some(Self {
            buckets: out.table(&offsets)?,
            width: u8::try_from(width).ok()?,
        })
    }

    /// The values that may be those of a key with this hash, sorted.
    pub(super) fn find(&self, file: &Blocks, hash: u64) -> Result<Vec<u32>, DatabaseError> {
        let damaged = || file.damaged(self.buckets.offset, "an index cannot be read");
        if self.buckets.count == 0 {
            return Ok(Vec::new());
        }
        let bucket = bucket_of(hash, self.buckets.count);
        let page = file.block(self.buckets.page(bucket).ok_or_else(damaged)?)?;
        let payload = file.block(Table::number(bucket, &page).ok_or_else(damaged)?)?;
        let width = usize::from(self.width);
        if !(1..=4).contains(&width) {
            return Err(damaged());
        }
        let mut found: Vec<u32> = payload
            .chunks_exact(width.saturating_add(1))
            .filter_map(|entry| entry.strip_prefix(&[fingerprint(hash)]))
            .map(|value| {
                let mut wide = [0; 4];
                for (place, byte) in wide.iter_mut().zip(value) {
                    *place = *byte;
                }
                u32::from_le_bytes(wide)
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

/// Buckets divide the range of hashes evenly, by the high half of a product (Lemire).
fn bucket_of(hash: u64, buckets: u64) -> u64 {
    (u128::from(hash).wrapping_mul(u128::from(buckets)) >> 64) as u64
}

/// The low byte, which says nothing of the bucket.
fn fingerprint(hash: u64) -> u8 {
    let [byte, ..] = hash.to_le_bytes();
    byte
}
