//! One header block of a tar archive, as far as a table of members needs it.

/// Size of a block in bytes.
pub(super) const BLOCK: u64 = 512;

/// What a header announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// Another name of a member.
    HardLink,
    /// A symbolic link.
    Symlink,
    /// The name of the member that follows (GNU).
    LongName,
    /// The link target of the member that follows (GNU).
    LongLink,
    /// Attributes of the member that follows (pax).
    Pax,
    /// Something about the whole archive that does not concern a table.
    Ignored,
    /// Directories, devices, and what is not understood.
    Other,
}

/// A header block.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    /// Size that the block itself says.
    pub(super) size: u64,
}

impl Header {
    pub(super) fn parse(block: &[u8]) -> Result<Self, &'static str> {
        let Some(block) = block.first_chunk::<512>() else {
            return Err("it ends inside a header");
        };
        if number(field(block, 148, 8)) != Some(sum(block)) {
            return Err("a header has a wrong checksum");
        }
        let size = number(field(block, 124, 12)).ok_or("a size is not a number")?;
        let mut name = text(field(block, 0, 100)).to_vec();
        // Only POSIX has the prefix; GNU keeps times there and ends its magic with spaces.
        let prefix = text(field(block, 345, 155));
        if field(block, 257, 6) == b"ustar\0" && !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        let kind = match field(block, 156, 1) {
            // Before POSIX, a directory was a file whose name ends in a slash.
            b"\0" | b"0" if name.ends_with(b"/") => Kind::Other,
            b"\0" | b"0" | b"7" => Kind::File,
            b"1" => Kind::HardLink,
            b"2" => Kind::Symlink,
            b"L" => Kind::LongName,
            b"K" => Kind::LongLink,
            b"x" => Kind::Pax,
            b"g" => Kind::Ignored,
            _ => Kind::Other,
        };
        Ok(Self {
            kind,
            name,
            link: text(field(block, 157, 100)).to_vec(),
            size,
        })
    }

    /// How many bytes follow the header: links have none, whatever size they say.
    pub(super) fn size_of_content(&self, size: u64) -> u64 {
        match self.kind {
            Kind::HardLink | Kind::Symlink => 0,
            _ => size,
        }
    }
}

/// What extension headers say about the member that follows.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) name: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
}

impl Said {
    /// Reads pax records, `LENGTH KEY=VALUE\n` each.
    pub(super) fn read_pax(&mut self, mut records: &[u8]) -> Result<(), &'static str> {
        const WRONG: &str = "a pax record is malformed";
        while !records.is_empty() {
            let space = records.iter().position(|byte| *byte == b' ').ok_or(WRONG)?;
            let length = records
                .get(..space)
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| digits.parse::<usize>().ok())
                .ok_or(WRONG)?;
            let record = records.get(space.saturating_add(1)..length).ok_or(WRONG)?;
            let record = record.strip_suffix(b"\n").ok_or(WRONG)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or(WRONG)?;
            let (key, value) = record.split_at(equals);
            let value = value.get(1..).unwrap_or_default();
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"linkpath" => self.link = Some(value.to_vec()),
                b"size" => {
                    let digits = std::str::from_utf8(value).map_err(|_| WRONG)?;
                    self.size = Some(digits.parse().map_err(|_| WRONG)?);
                }
                _ => {}
            }
            records = records.get(length..).ok_or(WRONG)?;
        }
        Ok(())
    }
}

fn field(block: &[u8; 512], at: usize, length: usize) -> &[u8] {
    block.get(at..at.saturating_add(length)).unwrap_or_default()
}

/// Up to the first zero byte.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or, with the first bit set, a number in base 256 (GNU).
fn number(field: &[u8]) -> Option<u64> {
    match field {
        [0x80, rest @ ..] => rest.iter().try_fold(0_u64, |sum, byte| {
            sum.checked_mul(256)?.checked_add(u64::from(*byte))
        }),
        [first, ..] if *first > 0x80 => None,
        _ => {
            let digits = text(field).trim_ascii();
            digits.iter().try_fold(0_u64, |sum, byte| match byte {
                b'0'..=b'7' => sum.checked_mul(8)?.checked_add(u64::from(byte & 7)),
                _ => None,
            })
        }
    }
}

/// The sum of all bytes, those of the checksum itself taken as spaces.
fn sum(block: &[u8; 512]) -> u64 {
    block
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if (148..156).contains(&at) {
                u64::from(b' ')
            } else {
                u64::from(*byte)
            }
        })
        .sum()
}
