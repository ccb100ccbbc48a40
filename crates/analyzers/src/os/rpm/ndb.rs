//! rpm's own package database, `Packages.db` (rpm source, `lib/backend/ndb/rpmpkg.c`).
//!
//! Little-endian. A header of 32 bytes, then slots of 16 bytes up to the end of the slot pages; a slot names
//! a package and the blocks of 16 bytes where its blob lies. A blob has a head, the header of the package,
//! zeros up to a block, and a tail with an Adler-32 sum over all before it.

use std::ops::ControlFlow;

use super::Each;
use super::store::{Bytes, Damage, Order};

/// First bytes of the file.
pub(super) const MAGIC: [u8; 4] = *b"RpmP";

const SLOT_MAGIC: &[u8] = b"Slot";
const HEAD_MAGIC: &[u8] = b"BlbS";
const TAIL_MAGIC: &[u8] = b"BlbE";

const PAGE_BYTES: usize = 4096;
/// The header takes the place of the first slots.
const HEADER_BYTES: usize = 32;
const SLOT_BYTES: usize = 16;
const BLOCK_BYTES: u64 = 16;
const HEAD_BYTES: usize = 16;
const TAIL_BYTES: usize = 12;

/// Hands over the header of each package.
pub(super) fn walk(bytes: &mut Bytes<'_>, each: &mut Each<'_>) -> Result<ControlFlow<()>, Damage> {
    let mut page = Vec::new();
    bytes.read(0, HEADER_BYTES, &mut page)?;
    let number = |at| Order::Little.u32(&page, at).unwrap_or_default();
    if number(4) != 0 {
        return Err(Damage::shape("its version is not known", 4));
    }
    let pages = u64::from(number(12));
    let mut blob = Vec::new();
    for page_number in 0..pages {
        let at = page_number.saturating_mul(PAGE_BYTES as u64);
        bytes.read(at, PAGE_BYTES, &mut page)?;
        let skipped = if page_number == 0 { HEADER_BYTES } else { 0 };
        let slots = page.get(skipped..).unwrap_or_default();
        for (slot, place) in slots.chunks_exact(SLOT_BYTES).zip(0_u64..) {
            let at = at
                .saturating_add(skipped as u64)
                .saturating_add(place.saturating_mul(SLOT_BYTES as u64));
            let flow = match read_slot(bytes, slot, at, &mut blob) {
                Ok(None) => continue,
                Ok(Some(Sum::Right)) => each(Ok(package_of(&blob))),
                Ok(Some(Sum::Wrong)) => {
                    // rpm does not check the sum when it reads, so it would still find the package.
                    let _ = each(Err(Damage::shape("a package has another checksum", at)));
                    each(Ok(package_of(&blob)))
                }
                Err(damage) => each(Err(damage)),
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Whether the checksum of a blob is that of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sum {
    Right,
    Wrong,
}

/// Reads what a slot points to, head, content, zeros and tail; `None` for a free slot.
fn read_slot(
    bytes: &mut Bytes<'_>,
    slot: &[u8],
    at: u64,
    blob: &mut Vec<u8>,
) -> Result<Option<Sum>, Damage> {
    let number = |bytes: &[u8], at| Order::Little.u32(bytes, at).unwrap_or_default();
    if !slot.starts_with(SLOT_MAGIC) {
        return Err(Damage::shape("this is no slot", at));
    }
    let (package, first, blocks) = (number(slot, 4), number(slot, 8), number(slot, 12));
    if first == 0 {
        return Ok(None);
    }
    let start = u64::from(first).saturating_mul(BLOCK_BYTES);
    let length = u64::from(blocks).saturating_mul(BLOCK_BYTES);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    bytes.read(start, length, blob)?;
    let head_is_right = blob.starts_with(HEAD_MAGIC) && number(blob, 4) == package;
    let content = number(blob, 12);
    let Some((before, tail)) = blob
        .split_last_chunk::<TAIL_BYTES>()
        .filter(|(before, _)| before.len() >= HEAD_BYTES && head_is_right)
    else {
        return Err(Damage::shape("this is no package", start));
    };
    let needed = (HEAD_BYTES as u64)
        .saturating_add(u64::from(content))
        .saturating_add(TAIL_BYTES as u64)
        .div_ceil(BLOCK_BYTES);
    if needed != u64::from(blocks) || number(tail, 4) != content || !tail.ends_with(TAIL_MAGIC) {
        return Err(Damage::shape("a package has another length", start));
    }
    Ok(Some(if number(tail, 0) == adler32(before) {
        Sum::Right
    } else {
        Sum::Wrong
    }))
}

/// The header of a package within its blob.
fn package_of(blob: &[u8]) -> &[u8] {
    let length = Order::Little.u32(blob, 12).unwrap_or_default();
    usize::try_from(length)
        .ok()
        .and_then(|length| blob.get(HEAD_BYTES..)?.get(..length))
        .unwrap_or_default()
}

/// Adler-32 (RFC 1950, section 8.2).
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // The most bytes after which the sums still fit into 32 bits.
    const RUN: usize = 5552;
    let (mut low, mut high) = (1_u32, 0_u32);
    for run in bytes.chunks(RUN) {
        for &byte in run {
            low = low.wrapping_add(u32::from(byte));
            high = high.wrapping_add(low);
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adler32_is_that_of_the_rfc() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert_eq!(adler32(&vec![0xff; 20_000]), {
            let (mut a, mut b) = (1_u64, 0_u64);
            for _ in 0..20_000 {
                a = (a + 255) % 65_521;
                b = (b + a) % 65_521;
            }
            u32::try_from(b << 16 | a).unwrap()
        });
    }
}
