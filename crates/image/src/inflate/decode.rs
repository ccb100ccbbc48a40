//! Our DEFLATE decoder (RFC 1951): made for streaming large layers at full speed, without `unsafe`.
//!
//! What makes it fast is known from libdeflate and ISA-L: a 64-bit bit buffer that is refilled with one
//! unaligned load, tables whose entries tell all about a symbol, the next symbol looked up before the match of the
//! present one is copied, and copies in words of 16 bytes. Literals are taken without a branch (see `fast.rs`).
//! What makes it streaming: an inner loop ([`fast::run`]) that works while input and window have room to spare, and a
//! careful one ([`Decoder::run_last`]) for the last bytes of the input. The window has slack behind its target, so its
//! edge needs no care; and the caller gives at least [`LOOKAHEAD`] bytes of input until the end, so a block header is
//! always read in one go.
//!
//! Which streams are valid follows zlib to the letter (the fuzz target `inflate_gzip` holds it): an
//! incomplete code is refused unless it is a single code of one bit, more than 286 length or 30 distance
//! codes are refused, and a block without an end code is refused.

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

use super::bits::{Bits, put};
use super::copy::copy_match;
use super::deflate::{LOOKAHEAD, RawInflate, Stop};
use super::fast;
use super::table::{
    DIST_BITS, DIST_SLOTS, END_OF_BLOCK, LITLEN_BITS, LITLEN_SLOTS, NOT_LITERAL, SPECIAL, SUBTABLE,
};
use super::{Corrupt, Ending, Window};

/// The codes of the present block.
pub(super) struct Tables {
    pub(super) litlen: [u32; LITLEN_SLOTS],
    pub(super) dist: [u32; DIST_SLOTS],
}

/// A DEFLATE decoder with all its state.
pub(crate) struct Decoder {
    bits: u64,
    count: u32,
    pub(super) place: Place,
    /// Whether the present block is the last one.
    pub(super) last_block: bool,
    pub(super) tables: Box<Tables>,
}

/// What comes next in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    BlockHeader,
    /// So many bytes of a stored block.
    Stored(usize),
    Codes,
    End,
}

/// Why a loop over symbols stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbols {
    /// The block is at its end.
    EndOfBlock,
    /// Input or window are too short to go on.
    OutOfRoom,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        Self {
            bits: 0,
            count: 0,
            place: Place::BlockHeader,
            last_block: false,
            tables: Box::new(Tables {
                litlen: [0; LITLEN_SLOTS],
                dist: [0; DIST_SLOTS],
            }),
        }
    }

    fn step(
        &mut self,
        bits: &mut Bits<'_>,
        ending: Ending,
        window: &mut Window<'_>,
    ) -> Result<Option<Stop>, Corrupt> {
        match self.place {
            Place::BlockHeader if self.last_block => {
                bits.align();
                self.place = Place::End;
            }
            Place::BlockHeader => {
                if ending == Ending::Open && bits.input.len() - bits.at < LOOKAHEAD {
                    return Ok(Some(Stop::Starved));
                }
                self.read_block_header(bits)?;
            }
            Place::Stored(left) => return self.copy_stored(left, bits, ending, window),
            Place::Codes => {
                if window.is_full() {
                    return Ok(Some(Stop::Full));
                }
                let mut stopped = fast::run(&self.tables, bits, window)?;
                if stopped == Symbols::OutOfRoom && !window.is_full() {
                    if ending == Ending::Open {
                        return Ok(Some(Stop::Starved));
                    }
                    stopped = self.run_last(bits, window)?;
                }
                if stopped == Symbols::EndOfBlock {
                    self.place = Place::BlockHeader;
                }
            }
            Place::End => return Ok(Some(Stop::Done)),
        }
        Ok(None)
    }

    fn copy_stored(
        &mut self,
        left: usize,
        bits: &mut Bits<'_>,
        ending: Ending,
        window: &mut Window<'_>,
    ) -> Result<Option<Stop>, Corrupt> {
        let target = window.target();
        let room = window.bytes.get_mut(window.end..target).unwrap_or_default();
        let rest = bits.input.get(bits.at..).unwrap_or_default();
        let count = left.min(room.len()).min(rest.len());
        if let (Some(to), Some(from)) = (room.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        window.end += count;
        bits.at += count;
        self.place = if count == left {
            Place::BlockHeader
        } else {
            Place::Stored(left - count)
        };
        Ok(if count == left {
            None
        } else if window.is_full() {
            Some(Stop::Full)
        } else if ending == Ending::Open {
            Some(Stop::Starved)
        } else {
            return Err(Corrupt::Truncated);
        })
    }

    /// Decodes symbols up to the end of the input, looking at each bit twice.
    fn run_last(&self, bits: &mut Bits<'_>, window: &mut Window<'_>) -> Result<Symbols, Corrupt> {
        while !window.is_full() {
            let symbol = next_entry(bits, &self.tables.litlen, LITLEN_BITS)?;
            if symbol & END_OF_BLOCK != 0 && symbol & SPECIAL != 0 {
                bits.drop(symbol >> 8 & 31);
                return Ok(Symbols::EndOfBlock);
            }
            if symbol & NOT_LITERAL == 0 {
                bits.drop(symbol & 0xff);
                put(window.bytes, window.end, [(symbol >> 16) as u8]);
                window.end += 1;
                continue;
            }
            let length = bits.length(symbol);
            let code = next_entry(bits, &self.tables.dist, DIST_BITS)?;
            let distance = bits.value(code);
            if distance > window.end - window.history {
                return Err(Corrupt::Distance);
            }
            copy_match(window.bytes, window.end, distance, length);
            window.end += length;
        }
        Ok(Symbols::OutOfRoom)
    }
}

/// The entry for the next symbol, if the input has all its bits.
fn next_entry<const SLOTS: usize>(
    bits: &mut Bits<'_>,
    table: &[u32; SLOTS],
    index_bits: u32,
) -> Result<u32, Corrupt> {
    bits.refill_bytes();
    let mut entry = bits.peek(table, index_bits);
    if entry & SPECIAL != 0 && entry & SUBTABLE != 0 {
        entry = bits.peek_below(table, index_bits, entry);
    }
    if entry & SPECIAL != 0 && entry & END_OF_BLOCK == 0 {
        // Bits that the input does not have are zero here, and are no reason to call a code invalid.
        return Err(if bits.count < 15 {
            Corrupt::Truncated
        } else {
            Corrupt::Code
        });
    }
    // Distances have no such flag.
    let cost = if entry & NOT_LITERAL == 0 {
        entry & 0xff
    } else {
        entry >> 8 & 31
    };
    if cost > bits.count {
        return Err(Corrupt::Truncated);
    }
    Ok(entry)
}

impl RawInflate for Decoder {
    fn reset(&mut self) {
        self.bits = 0;
        self.count = 0;
        self.place = Place::BlockHeader;
        self.last_block = false;
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        ending: Ending,
        window: &mut Window<'_>,
    ) -> Result<Stop, Corrupt> {
        let mut bits = Bits {
            input,
            at: *at,
            word: self.bits,
            count: self.count,
        };
        let stop = loop {
            match self.step(&mut bits, ending, window) {
                Ok(None) => {}
                Ok(Some(stop)) => break Ok(stop),
                Err(corrupt) => break Err(corrupt),
            }
        };
        // Whole bytes go back, so that what is held between two calls never belongs to what follows the stream.
        *at = bits.at - (bits.count / 8) as usize;
        self.count = bits.count % 8;
        self.bits = bits.word & ((1 << self.count) - 1);
        stop
    }
}
