//! The inner loop of the DEFLATE decoder, for input and window with room to spare.
//!
//! Its time is what three things cost: lookups that wait for one another, branches that the processor guesses wrong,
//! and refills. Hence:
//!
//! - About half of all matches follow a literal, and no processor foresees which. So one step takes a literal
//!   without asking whether it is one: an entry that is no literal says "no bits, no byte", and the next lookup
//!   finds it again. More such steps than there are here cost more in lookups than they save in guesses.
//! - A refill stands after a lookup that does not need it, and is done before that lookup is.
//! - Input and window are tested once in a round, as slices of which the compiler knows the rest. What a match copies
//!   lies before the round in all but one match of six, so that source and target are two slices of a known length.
//! - Shifts by a variable amount need a register less and an instruction less with BMI2, which servers have had since
//!   2013 (Intel) and 2017 (AMD), and the baseline of x86-64 has not. So the loop is compiled for each level of
//!   instructions that `fearless_simd` knows, and the processor is asked which of them it has.

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

use fearless_simd::{Level, Simd, dispatch};

use super::bits::{Bits, entry};
use super::copy::{copy_long, copy_near};
use super::decode::{Symbols, Tables};
use super::table::{
    DIST_BITS, DIST_SLOTS, END_OF_BLOCK, LITLEN_BITS, LITLEN_SLOTS, NOT_LITERAL, SPECIAL, SUBTABLE,
};
use super::{Corrupt, Window};

/// Bytes of input that a round wants to see in front of it: it refills four times at most, with seven bytes or fewer,
/// and a refill looks at eight.
const INPUT: usize = 32;

/// Bytes that are copied of every match without asking how long it is. Twenty-four of 25 are not longer.
const SHORT: usize = 32;

/// What may follow the position in the window during one round.
type Room = [u8; Window::SLACK];

/// [`Bits`] as the inner loop wants them.
struct Fast<'a> {
    /// The input that was not taken into `word` yet.
    rest: &'a [u8],
    /// The next bits, as in [`Bits`].
    word: u64,
    /// How many there are. Only the lowest six bits count, because whole entries are subtracted.
    count: u32,
}

impl Fast<'_> {
    /// Makes at least 56 bits available. A round begins with enough input for all its refills.
    #[inline(always)]
    fn refill(&mut self) -> Result<(), Corrupt> {
        let word = self.rest.first_chunk::<8>().ok_or(Corrupt::Truncated)?;
        self.word |= u64::from_le_bytes(*word) << (self.count & 63);
        let whole = (!self.count >> 3 & 7) as usize;
        self.rest = self.rest.get(whole..).ok_or(Corrupt::Truncated)?;
        self.count |= 0b11_1000;
        Ok(())
    }

    /// Drops as many bits as the lowest six bits of `count` say.
    #[inline(always)]
    fn drop(&mut self, count: u32) {
        self.word >>= count & 63;
        self.count = self.count.wrapping_sub(count);
    }

    #[inline(always)]
    fn litlen(&self, table: &[u32; LITLEN_SLOTS]) -> u32 {
        entry(table, (self.word & ((1 << LITLEN_BITS) - 1)) as usize)
    }

    /// The entry in the subtable that `pointer` points to.
    #[inline(always)]
    fn below<const SLOTS: usize>(&self, table: &[u32; SLOTS], main: u32, pointer: u32) -> u32 {
        let index = (self.word >> main) & ((1 << (pointer >> 8 & 15)) - 1);
        entry(table, (pointer >> 16) as usize + index as usize)
    }

    /// Takes the literal that `entry` is, if it is one, and answers what follows it, or `entry` again.
    #[inline(always)]
    fn literal(
        &mut self,
        entry: u32,
        room: &mut Room,
        ahead: &mut usize,
        table: &[u32; LITLEN_SLOTS],
    ) -> u32 {
        if let Some(place) = room.get_mut(*ahead) {
            *place = (entry >> 16) as u8;
        }
        *ahead += (entry >> 13 & 1) as usize;
        self.drop(entry);
        self.litlen(table)
    }

    /// Takes a length, which has up to 20 bits.
    #[inline(always)]
    fn length(&mut self, entry: u32) -> usize {
        let all = self.word & !(u64::MAX << (entry >> 8 & 63));
        let extra = all >> (entry >> 16 & 63);
        self.drop(entry >> 8);
        (entry >> 24) as usize + 3 + usize::from(extra as u8)
    }

    /// Takes a distance, which has up to 28 bits. Only the index into the main table has to be there already.
    #[inline(always)]
    fn distance(&mut self, table: &[u32; DIST_SLOTS]) -> Result<usize, Corrupt> {
        let mut code = entry(table, (self.word & ((1 << DIST_BITS) - 1)) as usize);
        self.refill()?;
        if code & SPECIAL != 0 {
            if code & SUBTABLE != 0 {
                code = self.below(table, DIST_BITS, code);
            }
            if code & SPECIAL != 0 {
                return Err(Corrupt::Code);
            }
        }
        let all = self.word & !(u64::MAX << (code & 63));
        let extra = all >> (code >> 8 & 63);
        self.drop(code);
        Ok((code >> 16) as usize + usize::from(extra as u16))
    }

    /// Decodes symbols to `bytes`, from `at` on.
    #[inline(always)]
    fn run(
        &mut self,
        tables: &Tables,
        bytes: &mut [u8],
        at: &mut usize,
    ) -> Result<Symbols, Corrupt> {
        let (litlen, dist) = (&tables.litlen, &tables.dist);
        if self.rest.len() < INPUT {
            return Ok(Symbols::OutOfRoom);
        }
        self.refill()?;
        let mut entry = self.litlen(litlen);
        loop {
            // Here at least 28 bits are there: 17 after a literal, which is an index and more.
            let Some((before, behind)) = bytes.split_at_mut_checked(*at) else {
                return Ok(Symbols::OutOfRoom);
            };
            let room: Option<&mut Room> = behind.first_chunk_mut();
            let (Some(room), true) = (room, self.rest.len() >= INPUT) else {
                return Ok(Symbols::OutOfRoom);
            };
            let mut ahead = 0;
            entry = self.literal(entry, room, &mut ahead, litlen);
            self.refill()?;
            if entry & NOT_LITERAL == 0 {
                entry = self.literal(entry, room, &mut ahead, litlen);
                entry = self.literal(entry, room, &mut ahead, litlen);
                self.refill()?;
                entry = self.literal(entry, room, &mut ahead, litlen);
                if entry & NOT_LITERAL == 0 {
                    *at += ahead;
                    continue;
                }
            }
            if entry & SPECIAL != 0 {
                self.refill()?;
                if entry & SUBTABLE != 0 {
                    entry = self.below(litlen, LITLEN_BITS, entry);
                }
                if entry & NOT_LITERAL == 0 {
                    entry = self.literal(entry, room, &mut ahead, litlen);
                    *at += ahead;
                    continue;
                }
                if entry & SPECIAL != 0 {
                    *at += ahead;
                    self.drop(entry >> 8);
                    return if entry & END_OF_BLOCK != 0 {
                        Ok(Symbols::EndOfBlock)
                    } else {
                        Err(Corrupt::Code)
                    };
                }
            }
            // At least 45 bits are there: enough for a length of 20 and the index of a distance.
            let length = self.length(entry);
            let distance = self.distance(dist)?;
            let Some(from) = (before.len() + ahead).checked_sub(distance) else {
                return Err(Corrupt::Distance);
            };
            // The next symbol is on its way while the match is copied.
            entry = self.litlen(litlen);
            let target = room.get_mut(ahead..).and_then(<[u8]>::first_chunk_mut);
            if let (Some(source), Some(target)) = (chunk(before, from), target) {
                *target = *source;
                *at += ahead;
                if length > SHORT {
                    copy_long(bytes, *at, distance, length);
                }
            } else {
                *at += ahead;
                copy_near(bytes, *at, distance, length);
            }
            *at += length;
        }
    }
}

/// As many bytes from `from` on as are copied of every match.
#[inline(always)]
fn chunk(bytes: &[u8], from: usize) -> Option<&[u8; SHORT]> {
    bytes.get(from..)?.first_chunk()
}

/// Runs on copies that nobody else sees, so that they stay in registers.
#[inline(always)]
fn in_registers<'a>(
    mut bits: Fast<'a>,
    tables: &Tables,
    bytes: &mut [u8],
    mut at: usize,
) -> (Result<Symbols, Corrupt>, Fast<'a>, usize) {
    let result = bits.run(tables, bytes, &mut at);
    (result, bits, at)
}

/// Decodes symbols while input and window have room to spare.
#[inline(never)]
pub(super) fn run(
    tables: &Tables,
    outer: &mut Bits<'_>,
    window: &mut Window<'_>,
) -> Result<Symbols, Corrupt> {
    // What stands before the history is cut off, so that a position is also the farthest distance.
    let Some(bytes) = window.bytes.get_mut(window.history..) else {
        return Ok(Symbols::OutOfRoom);
    };
    let at = window.end - window.history;
    let bits = Fast {
        rest: outer.input.get(outer.at..).unwrap_or_default(),
        word: outer.word,
        count: outer.count,
    };
    let (result, bits, at) = dispatch!(Level::new(), level => level.vectorize(
        #[inline(always)]
        move || in_registers(bits, tables, bytes, at)
    ));
    outer.at = outer.input.len() - bits.rest.len();
    outer.count = bits.count & 63;
    outer.word = bits.word;
    outer.forget_unread();
    window.end = window.history + at;
    result
}
