//! The fixed part of a header: one block of 512 bytes.

/// A block of an archive.
pub(super) type Block = [u8; 512];

/// The fields of a header block that matter here.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) name: &'a [u8],
    /// What goes before the name; empty in V7 and GNU headers.
    pub(super) prefix: &'a [u8],
    pub(super) link: &'a [u8],
    pub(super) mode: u32,
    pub(super) uid: u64,
    pub(super) gid: u64,
    pub(super) size: u64,
    pub(super) mtime: i64,
    pub(super) type_flag: u8,
    pub(super) format: Format,
}

/// Which family a header is of, by its magic field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Before POSIX: no magic.
    V7,
    /// `ustar`, NUL, `00`; pax extends it.
    Ustar,
    /// `ustar`, two spaces, NUL.
    Gnu,
    /// ustar with `tar` and NUL at the very end, by Schilling's star.
    Star,
}

impl<'a> Header<'a> {
    /// Reads the fields, or says what is wrong with them.
    pub(super) fn parse(block: &'a Block) -> Result<Self, &'static str> {
        check_sum(block)?;
        let field = |start: usize, length: usize| {
            block
                .get(start..start.saturating_add(length))
                .unwrap_or_default()
        };
        let format = match (field(257, 6), field(263, 2), field(508, 4)) {
            (b"ustar\0", _, b"tar\0") => Format::Star,
            (b"ustar\0", _, _) => Format::Ustar,
            (b"ustar ", b" \0", _) => Format::Gnu,
            _ => Format::V7,
        };
        let prefix = match format {
            Format::Ustar => text(field(345, 155)),
            Format::Star => text(field(345, 131)),
            Format::Gnu | Format::V7 => &[],
        };
        let count = |start, length, reason| {
            number(field(start, length))
                .and_then(|value| u64::try_from(value).ok())
                .ok_or(reason)
        };
        Ok(Self {
            name: text(field(0, 100)),
            prefix,
            link: text(field(157, 100)),
            // Only permissions and the bits for set-user-id, set-group-id and sticky mean anything.
            mode: u32::try_from(count(100, 8, "its mode is not a number")? & 0o7777).unwrap_or(0),
            uid: count(108, 8, "its user id is not a number")?,
            gid: count(116, 8, "its group id is not a number")?,
            size: count(124, 12, "its size is not a number")?,
            mtime: number(field(136, 12)).ok_or("its time is not a number")?,
            type_flag: block.get(156).copied().unwrap_or_default(),
            format,
        })
    }
}

/// Compares the checksum: the sum of all bytes, with the checksum's own field as spaces. Some old programs
/// summed signed bytes.
fn check_sum(block: &Block) -> Result<(), &'static str> {
    let field = block.get(148..156).unwrap_or_default();
    let expected = number(field).ok_or("its checksum is not a number")?;
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u32::from(byte)).sum::<u32>();
    let unsigned = i64::from(sum(block))
        .saturating_sub(i64::from(sum(field)))
        .saturating_add(8 * 32);
    if unsigned == expected {
        return Ok(());
    }
    let high = |bytes: &[u8]| {
        bytes
            .iter()
            .filter(|&&byte| byte >= 0x80)
            .fold(0i64, |count, _| count.saturating_add(1))
    };
    let outside = high(block).saturating_sub(high(field));
    if unsigned.saturating_sub(outside.saturating_mul(256)) == expected {
        return Ok(());
    }
    Err("its checksum does not match; this is not a tar archive, or a damaged one")
}

/// A text field: up to its first NUL, if it has one.
pub(super) fn text(field: &[u8]) -> &[u8] {
    let end = field
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(field.len());
    field.get(..end).unwrap_or_default()
}

/// A number: octal digits after spaces and NULs and before spaces or a NUL, or, with the highest bit set, big-endian two's complement in
/// the remaining bits (GNU). `None` for anything else. An empty field is zero.
pub(super) fn number(field: &[u8]) -> Option<i64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        // Sign-extended from the second highest bit of the first byte.
        let start = if first & 0x40 == 0 {
            i64::from(first & 0x3f)
        } else {
            i64::from(first) | !0xff
        };
        return rest.iter().try_fold(start, |value, &byte| {
            value.checked_mul(256)?.checked_add(i64::from(byte))
        });
    }
    let is_filler = |byte: &u8| *byte == b' ' || *byte == 0;
    let start = field
        .iter()
        .position(|byte| !is_filler(byte))
        .unwrap_or(field.len());
    let digits = text(field.get(start..).unwrap_or_default());
    let end = digits
        .iter()
        .rposition(|byte| !is_filler(byte))
        .map_or(0, |last| last.saturating_add(1));
    let digits = digits.get(..end).unwrap_or_default();
    digits.iter().try_fold(0i64, |value, &digit| {
        let digit = digit.checked_sub(b'0').filter(|&digit| digit < 8)?;
        value.checked_mul(8)?.checked_add(i64::from(digit))
    })
}
