//! Headers of DEFLATE blocks, and the codes that they bring.

#![allow(
    clippy::cast_possible_truncation,
    reason = "few bits are cut out by casting; that is the point of it"
)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "all numbers come from fields of at most 16 bits; tests and fuzzing check overflow"
)]

use super::Corrupt;
use super::bits::Bits;
use super::decode::{Decoder, Place};
use super::table::{self, DIST_BITS, Incomplete, LITLEN_BITS};

/// The order in which the lengths of the code length code are sent (RFC 1951, section 3.2.7).
const PRECODE_ORDER: [u8; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];
/// The longest code of the code length code.
const PRECODE_BITS: u32 = 7;

impl Decoder {
    /// Reads the header of a block (RFC 1951, section 3.2.3) and prepares for its content.
    pub(super) fn read_block_header(&mut self, bits: &mut Bits<'_>) -> Result<(), Corrupt> {
        self.last_block = bits.take(1)? == 1;
        self.place = match bits.take(2)? {
            0 => {
                bits.drop(bits.count % 8);
                let (length, complement) = (bits.take(16)?, bits.take(16)?);
                if length != complement ^ 0xffff {
                    return Err(Corrupt::StoredLength);
                }
                bits.align();
                Place::Stored(length as usize)
            }
            1 => {
                self.use_fixed_codes();
                Place::Codes
            }
            2 => {
                self.read_codes(bits)?;
                Place::Codes
            }
            _ => return Err(Corrupt::BlockType),
        };
        Ok(())
    }

    /// The codes of RFC 1951, section 3.2.6.
    fn use_fixed_codes(&mut self) {
        let mut lengths = [8; 288];
        for (symbol, length) in lengths.iter_mut().enumerate() {
            match symbol {
                144..=255 => *length = 9,
                256..=279 => *length = 7,
                _ => {}
            }
        }
        table::build(
            &mut self.tables.litlen,
            LITLEN_BITS,
            &lengths,
            &table::LITLEN,
            Incomplete::Refused,
        );
        table::build(
            &mut self.tables.dist,
            DIST_BITS,
            &[5; 32],
            &table::DIST,
            Incomplete::Refused,
        );
    }

    /// Reads the codes of a block with dynamic codes (RFC 1951, section 3.2.7).
    fn read_codes(&mut self, bits: &mut Bits<'_>) -> Result<(), Corrupt> {
        let litlens = bits.take(5)? as usize + 257;
        let dists = bits.take(5)? as usize + 1;
        let precodes = bits.take(4)? as usize + 4;
        if litlens > 286 || dists > 30 {
            return Err(Corrupt::CodeLengths);
        }
        let mut precode = [0u8; 19];
        for &symbol in PRECODE_ORDER.iter().take(precodes) {
            if let Some(length) = precode.get_mut(usize::from(symbol)) {
                *length = bits.take(3)? as u8;
            }
        }
        // The distance table is not in use at present and large enough.
        if !table::build(
            &mut self.tables.dist,
            PRECODE_BITS,
            &precode,
            &table::PRECODE,
            Incomplete::Refused,
        ) {
            return Err(Corrupt::CodeLengths);
        }
        let mut lengths = [0u8; 286 + 30];
        let lengths = lengths.get_mut(..litlens + dists).unwrap_or_default();
        self.read_lengths(bits, lengths)?;
        let (litlen, dist) = lengths.split_at(litlens);
        if litlen.get(256) == Some(&0) {
            return Err(Corrupt::CodeLengths);
        }
        let usable = table::build(
            &mut self.tables.litlen,
            LITLEN_BITS,
            litlen,
            &table::LITLEN,
            Incomplete::SingleCode,
        ) && table::build(
            &mut self.tables.dist,
            DIST_BITS,
            dist,
            &table::DIST,
            Incomplete::SingleCode,
        );
        if usable {
            Ok(())
        } else {
            Err(Corrupt::CodeLengths)
        }
    }

    /// Reads code lengths, which are themselves coded and run-length encoded.
    fn read_lengths(&self, bits: &mut Bits<'_>, lengths: &mut [u8]) -> Result<(), Corrupt> {
        let mut at = 0;
        let mut before = None;
        while at < lengths.len() {
            // Near the end of the input, and only there, byte by byte.
            if bits.refill().is_none() {
                bits.refill_bytes();
            }
            let entry = bits.peek(&self.tables.dist, PRECODE_BITS);
            if entry & 0xff > bits.count {
                return Err(Corrupt::Truncated);
            }
            bits.drop(entry & 0xff);
            let (length, times) = match (entry >> 16) as u8 {
                16 => (before.ok_or(Corrupt::CodeLengths)?, 3 + bits.take(2)?),
                17 => (0, 3 + bits.take(3)?),
                18 => (0, 11 + bits.take(7)?),
                length => (length, 1),
            };
            let end = at + times as usize;
            lengths
                .get_mut(at..end)
                .ok_or(Corrupt::CodeLengths)?
                .fill(length);
            at = end;
            before = Some(length);
        }
        Ok(())
    }
}
