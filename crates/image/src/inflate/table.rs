//! Huffman decoding tables for DEFLATE (RFC 1951, section 3.2.2).
//!
//! A table is indexed with the next `BITS` bits of the stream. An entry is one `u32`, so that the hot loop
//! needs one load to know everything about a symbol:
//!
//! ```text
//! literal    bits 0-5 bits to consume · 13 · 16-23 the byte
//! length     bits 8-12 bits to consume with extra bits · 15 · 16-19 length of the code alone · 24-31 the base less 3
//! distance   bits 0-5 bits to consume with extra bits · 8-11 length of the code alone · 16-31 the base
//! other      bits 15 and 14, and
//!            24 and in 8-11 bits to consume for the end of the block, or
//!            12 and in 8-11 index bits and in 16-31 the start for a subtable;
//!            neither: no code has these bits
//! ```
//!
//! The code length code has entries like distances, with the symbol as the base. The inner loop takes every entry of
//! the literal and length table for a literal first, hence the zeros in bits 0-5 and 13 of those that are none; and it
//! shifts by six bits of an entry where a field has four or five, hence zeros above them, too.
//!
//! Several literals, or a literal and a length, in one entry were tried (as ISA-L does it) and did not pay: with 11
//! bits one match in seven and one literal in a hundred find room, and building them costs more than that saves on
//! the blocks of some ten thousand symbols that gzip makes.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "all sizes here are bounded by the 15 bits of a code and the 288 symbols; indices are masked; the tests \
              and the fuzz target run with checked arithmetic over arbitrary code lengths"
)]

/// Set in every entry of the literal and length table that is not a literal.
pub(super) const NOT_LITERAL: u32 = 1 << 15;
/// Set in every entry of a literal.
const LITERAL: u32 = 1 << 13;
/// Set where the entry is neither a literal nor a length or distance.
pub(super) const SPECIAL: u32 = 1 << 14;
/// The end-of-block symbol.
pub(super) const END_OF_BLOCK: u32 = 1 << 24;
/// A pointer to a subtable.
pub(super) const SUBTABLE: u32 = 1 << 12;
/// What every entry is before a code fills it, and stays where the code is incomplete.
pub(super) const INVALID: u32 = NOT_LITERAL | SPECIAL;

/// Index bits of the literal and length table.
pub(super) const LITLEN_BITS: u32 = 11;
/// Index bits of the distance table.
pub(super) const DIST_BITS: u32 = 8;
/// Slots of the literal and length table: main table and the worst set of subtables (2342 for 288 symbols, 11 index
/// bits and codes of 15 bits), rounded up to a power of two so that a mask proves every index.
pub(super) const LITLEN_SLOTS: usize = 4096;
/// Slots of the distance table, likewise (402 at worst).
pub(super) const DIST_SLOTS: usize = 512;

/// The longest code.
const MAX_CODE: usize = 15;

/// The base and the number of extra bits of the length codes 257..=285 (RFC 1951, section 3.2.5).
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// The base and the number of extra bits of the distance codes 0..=29.
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];

/// Slots for the symbols of an alphabet: at most 288, rounded up to a power of two so that a mask proves every index.
const SYMBOLS: usize = 512;

/// What the symbols of an alphabet mean.
pub(super) struct Alphabet {
    /// The entry of each symbol, without the length of its code.
    entries: [u32; SYMBOLS],
    /// What each bit of the code adds to it.
    steps: [u32; SYMBOLS],
}

/// Literals and lengths.
pub(super) static LITLEN: Alphabet = {
    let mut alphabet = Alphabet::NOTHING;
    let mut symbol = 0;
    while symbol < 286 {
        (alphabet.entries[symbol], alphabet.steps[symbol]) = litlen(symbol);
        symbol += 1;
    }
    alphabet
};
/// Distances.
pub(super) static DIST: Alphabet = {
    let mut alphabet = Alphabet::NOTHING;
    let mut symbol = 0;
    while symbol < 30 {
        let (base, extra) = DISTANCES[symbol];
        alphabet.entries[symbol] = (base as u32) << 16 | extra as u32;
        alphabet.steps[symbol] = 1 << 8 | 1;
        symbol += 1;
    }
    alphabet
};
/// The code length code.
pub(super) static PRECODE: Alphabet = {
    let mut alphabet = Alphabet::NOTHING;
    let mut symbol = 0;
    while symbol < 19 {
        alphabet.entries[symbol] = (symbol as u32) << 16;
        alphabet.steps[symbol] = 1 << 8 | 1;
        symbol += 1;
    }
    alphabet
};

impl Alphabet {
    /// No symbol has a meaning.
    const NOTHING: Self = Self {
        entries: [INVALID; SYMBOLS],
        steps: [0; SYMBOLS],
    };

    /// The entry of a symbol whose code has `code` bits.
    fn entry(&self, symbol: u16, code: u32) -> u32 {
        let at = usize::from(symbol) & (SYMBOLS - 1);
        self.entries[at] + code * self.steps[at]
    }
}

/// The entry of a literal or length symbol, and what each bit of its code adds to it.
const fn litlen(symbol: usize) -> (u32, u32) {
    match symbol {
        0..=255 => (LITERAL | (symbol as u32) << 16, 1),
        256 => (NOT_LITERAL | SPECIAL | END_OF_BLOCK, 1 << 8),
        _ => {
            let (base, extra) = LENGTHS[symbol - 257];
            let entry = (base as u32 - 3) << 24 | NOT_LITERAL | (extra as u32) << 8;
            (entry, 1 << 16 | 1 << 8)
        }
    }
}

/// How a code may be incomplete (see zlib's `inftrees.c`): RFC 1951 lets a block have a single distance code
/// of one bit, or none, where it has no use for distances.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Incomplete {
    /// Never: the code length code.
    Refused,
    /// When it is one code of one bit, or, for distances, no code at all.
    SingleCode,
}

/// Fills `table` for the code with these lengths. Answers whether the code is usable.
pub(super) fn build<const SLOTS: usize>(
    table: &mut [u32; SLOTS],
    index_bits: u32,
    lengths: &[u8],
    alphabet: &Alphabet,
    incomplete: Incomplete,
) -> bool {
    let mut count = [0u16; MAX_CODE + 1];
    for &length in lengths {
        count[usize::from(length) & MAX_CODE] += 1;
    }
    count[0] = 0;
    let used: u16 = count.iter().sum();
    // How many codes of the present length are left; negative means that the code is over-subscribed.
    let mut left = 1i32;
    let mut offsets = [0u16; MAX_CODE + 2];
    for length in 1..=MAX_CODE {
        left = (left << 1) - i32::from(count[length]);
        if left < 0 {
            return false;
        }
        offsets[length + 1] = offsets[length] + count[length];
    }
    if left > 0 && (incomplete == Incomplete::Refused || used > 1 || (used == 1 && count[1] == 0)) {
        return false;
    }
    let mut sorted = [0u16; SYMBOLS];
    for (symbol, &length) in lengths.iter().enumerate() {
        if length != 0 {
            let at = &mut offsets[usize::from(length) & MAX_CODE];
            sorted[usize::from(*at) & (SYMBOLS - 1)] = symbol as u16;
            *at += 1;
        }
    }
    fill(table, index_bits, &count, &sorted, alphabet, left > 0);
    true
}

fn fill<const SLOTS: usize>(
    table: &mut [u32; SLOTS],
    index_bits: u32,
    count: &[u16; MAX_CODE + 1],
    sorted: &[u16; SYMBOLS],
    alphabet: &Alphabet,
    holes: bool,
) {
    let mask = SLOTS - 1;
    let main = 1usize << index_bits;
    if holes {
        table[..main].fill(INVALID);
    }
    // The code is counted up in reversed bits, because the stream has the first bit of a code lowest.
    let mut code = 0usize;
    let mut next = 0usize;
    let mut filled = 1usize;
    let mut length = 1u32;
    while length <= index_bits {
        // What is filled so far holds for either value of the bit that now becomes part of the index.
        if !holes {
            table.copy_within(..filled, filled);
        }
        filled = 1 << length;
        for _ in 0..count[length as usize] {
            let entry = alphabet.entry(sorted[next & (SYMBOLS - 1)], length);
            if holes {
                let mut at = code;
                while at < main {
                    table[at & mask] = entry;
                    at += filled;
                }
            } else {
                table[code & mask] = entry;
            }
            next += 1;
            code = increment(code, length);
        }
        length += 1;
    }
    // Longer codes go to subtables behind the main table, one for each beginning.
    let mut remaining = *count;
    let mut end = main;
    let mut prefix = usize::MAX;
    let mut start = 0usize;
    while length <= MAX_CODE as u32 {
        if remaining[length as usize] == 0 {
            length += 1;
            continue;
        }
        if code & (main - 1) != prefix {
            prefix = code & (main - 1);
            start = end;
            // As many index bits as the codes with this beginning need to fill it.
            let mut bits = length - index_bits;
            let mut space = 1i32 << bits;
            let mut at = length as usize;
            loop {
                space -= i32::from(remaining[at]);
                if space <= 0 || at == MAX_CODE {
                    break;
                }
                at += 1;
                bits += 1;
                space <<= 1;
            }
            end = start + (1 << bits);
            table[prefix & mask] =
                (start as u32) << 16 | SPECIAL | NOT_LITERAL | SUBTABLE | bits << 8;
        }
        let entry = alphabet.entry(sorted[next & (SYMBOLS - 1)], length);
        let mut at = start + (code >> index_bits);
        while at < end {
            table[at & mask] = entry;
            at += 1 << (length - index_bits);
        }
        next += 1;
        remaining[length as usize] -= 1;
        code = increment(code, length);
    }
}

/// The code of `length` bits after `code`, both with their bits reversed.
fn increment(code: usize, length: u32) -> usize {
    // The carry runs down through ones, to the highest zero.
    let zeros = !code & ((1 << length) - 1);
    if zeros == 0 {
        return 0;
    }
    let bit = 1 << zeros.ilog2();
    (code & (bit - 1)) | bit
}
