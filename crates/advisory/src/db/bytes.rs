//! Integers and texts in the bytes of a database: one writer, one bounds-checked reader.
//!
//! Whole numbers are LEB128, at most ten bytes; texts are UTF-8 after their length.

/// Appends a whole number.
#[expect(clippy::cast_possible_truncation, reason = "seven bits are kept")]
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a length or a place in a list.
pub(super) fn put_count(out: &mut Vec<u8>, count: usize) {
    put_number(out, count as u64);
}

/// Appends a text.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Appends a number that may be missing or negative.
pub(super) fn put_signed(out: &mut Vec<u8>, number: Option<i64>) {
    match number {
        None => put_number(out, 0),
        // Zigzag, one more than the value so that zero means none; the top of the range is out of reach for
        // the dates that are kept.
        Some(number) => put_number(out, zigzag(number).saturating_add(1)),
    }
}

/// A whole number for one that may be negative, small for small ones of either sign.
pub(super) fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

/// The number of which [`zigzag`] made this.
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg()
}

/// Reads what the functions above wrote; `None` where the bytes end or lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn number32(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// A count of things of which each takes at least one byte, so that a lie cannot ask for memory.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    /// The outer `None` stands for bytes that end or lie.
    #[expect(clippy::option_option, reason = "missing and wrong are different")]
    pub(super) fn signed(&mut self) -> Option<Option<i64>> {
        let number = self.number()?;
        Some(number.checked_sub(1).map(unzigzag))
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(head)
    }

    pub(super) fn take_rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.text_bytes()?).ok()
    }

    /// The bytes of a text, for who only compares them.
    pub(super) fn text_bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }
}

/// A little-endian `u32` at a place.
pub(super) fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    let end = place.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(place..end)?.try_into().ok()?))
}

/// A little-endian `u64` at a place.
pub(super) fn u64_at(bytes: &[u8], place: usize) -> Option<u64> {
    let end = place.checked_add(8)?;
    Some(u64::from_le_bytes(bytes.get(place..end)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut out = Vec::new();
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            put_number(&mut out, number);
        }
        for number in [
            None,
            Some(0),
            Some(-1),
            Some(1_700_000_000),
            Some(i64::MIN / 2),
        ] {
            put_signed(&mut out, number);
        }
        put_text(&mut out, "é");
        let mut cursor = Cursor::new(&out);
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(cursor.number(), Some(number));
        }
        for number in [
            None,
            Some(0),
            Some(-1),
            Some(1_700_000_000),
            Some(i64::MIN / 2),
        ] {
            assert_eq!(cursor.signed(), Some(number));
        }
        assert_eq!(cursor.text(), Some("é"));
        assert!(cursor.is_empty());
        assert_eq!(cursor.number(), None);
    }

    #[test]
    fn lies_are_refused() {
        assert_eq!(Cursor::new(&[0xff; 12]).number(), None);
        assert_eq!(Cursor::new(&[5, b'a']).text(), None);
        assert_eq!(Cursor::new(&[1, 0xff]).text(), None);
        assert_eq!(Cursor::new(&[0xff, 0xff, 0x03]).count(), None);
    }
}
