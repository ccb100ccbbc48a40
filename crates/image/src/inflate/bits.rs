//! The input of the decoder as a stream of bits.

#![allow(
    clippy::inline_always,
    reason = "the inner loop is one function to the compiler and several to the reader; measured"
)]
#![allow(
    clippy::cast_possible_truncation,
    reason = "fields of a table entry and masked bits are cut out by casting; that is the point of them"
)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "bit counts stay below 64 and positions below the length of a buffer; tests and fuzzing check overflow"
)]

use super::Corrupt;

/// The input as bits, least significant first (RFC 1951, section 3.1.1).
pub(super) struct Bits<'a> {
    pub(super) input: &'a [u8],
    pub(super) at: usize,
    /// The next bits. Above `count` there may be bits of the bytes from `at` on, which a refill writes again.
    pub(super) word: u64,
    pub(super) count: u32,
}

impl Bits<'_> {
    /// Makes at least 56 bits available, by one load of eight bytes; `None` near the end of the input.
    #[inline(always)]
    pub(super) fn refill(&mut self) -> Option<()> {
        let word = self.input.get(self.at..)?.first_chunk::<8>()?;
        self.word |= u64::from_le_bytes(*word) << (self.count & 63);
        self.at += (((self.count & 63) ^ 63) >> 3) as usize;
        self.count |= 0b11_1000;
        Some(())
    }

    /// Makes at least 56 bits available, or as many as the input has, byte by byte.
    pub(super) fn refill_bytes(&mut self) {
        self.forget_unread();
        while self.count < 56 {
            let Some(&byte) = self.input.get(self.at) else {
                return;
            };
            self.word |= u64::from(byte) << self.count;
            self.count += 8;
            self.at += 1;
        }
    }

    /// Clears what stands above the counted bits.
    pub(super) fn forget_unread(&mut self) {
        self.word &= (1 << self.count) - 1;
    }

    #[inline(always)]
    pub(super) fn drop(&mut self, count: u32) {
        self.word >>= count & 63;
        self.count = self.count.wrapping_sub(count);
    }

    /// Takes up to 32 bits.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Corrupt> {
        if self.count < count {
            self.refill_bytes();
            if self.count < count {
                return Err(Corrupt::Truncated);
            }
        }
        let value = (self.word & ((1 << count) - 1)) as u32;
        self.drop(count);
        Ok(value)
    }

    /// Drops the bits up to the next byte, and gives whole bytes back to the input.
    pub(super) fn align(&mut self) {
        self.at -= (self.count / 8) as usize;
        self.word = 0;
        self.count = 0;
    }

    /// The value of a distance whose entry this is: base and extra bits.
    #[inline(always)]
    pub(super) fn value(&mut self, entry: u32) -> usize {
        let all = self.word & ((1u64 << (entry & 63)) - 1);
        let extra = all >> ((entry >> 8) & 15);
        self.drop(entry & 0xff);
        (entry >> 16) as usize + extra as usize
    }

    /// The value of a length whose entry this is: base and extra bits.
    #[inline(always)]
    pub(super) fn length(&mut self, entry: u32) -> usize {
        let all = self.word & ((1u64 << ((entry >> 8) & 31)) - 1);
        let extra = all >> ((entry >> 16) & 15);
        self.drop((entry >> 8) & 31);
        (entry >> 24) as usize + 3 + extra as usize
    }

    /// The entry for the next bits in a main table, without looking into subtables.
    #[inline(always)]
    pub(super) fn peek<const SLOTS: usize>(&self, table: &[u32; SLOTS], index_bits: u32) -> u32 {
        let index = (self.word & ((1 << index_bits) - 1)) as usize;
        entry(table, index)
    }

    /// The entry in the subtable that `pointer` points to.
    #[inline(always)]
    pub(super) fn peek_below<const SLOTS: usize>(
        &self,
        table: &[u32; SLOTS],
        index_bits: u32,
        pointer: u32,
    ) -> u32 {
        let index = (self.word >> index_bits) & ((1 << ((pointer >> 8) & 15)) - 1);
        entry(table, (pointer >> 16) as usize + index as usize)
    }
}

/// `table[index]`, for a table whose size is a power of two, without a branch.
#[inline(always)]
#[allow(
    clippy::indexing_slicing,
    reason = "the remainder is below the length of the array"
)]
pub(super) fn entry<const SLOTS: usize>(table: &[u32; SLOTS], index: usize) -> u32 {
    table[index % SLOTS]
}

/// Writes bytes at `at`.
#[inline(always)]
pub(super) fn put<const N: usize>(window: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(place) = window
        .get_mut(at..)
        .and_then(|rest| rest.first_chunk_mut::<N>())
    {
        *place = bytes;
    }
}
