//! The header of a package, as rpm keeps it in every store (RPM file format, "Header structure").
//!
//! Two big-endian counts, an index of 16-byte entries, and the data that they point into. The entry of the
//! immutable region, which comes first since rpm 4, needs no care: its entries are ordinary ones, and those
//! after it, which rpm adds at installation, take the place of earlier ones with the same tag.

use std::collections::BTreeMap;

use super::store::Order;

/// A tag of a header (`rpmtag.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag(u32);

pub(super) const NAME: Tag = Tag(1000);
pub(super) const VERSION: Tag = Tag(1001);
pub(super) const RELEASE: Tag = Tag(1002);
pub(super) const EPOCH: Tag = Tag(1003);
pub(super) const VENDOR: Tag = Tag(1011);
pub(super) const LICENSE: Tag = Tag(1014);
pub(super) const PACKAGER: Tag = Tag(1015);
pub(super) const ARCH: Tag = Tag(1022);
/// Whole paths, in packages of rpm 3 and older.
pub(super) const OLD_FILE_NAMES: Tag = Tag(1027);
pub(super) const FILE_MODES: Tag = Tag(1030);
pub(super) const SOURCE_RPM: Tag = Tag(1044);
pub(super) const PROVIDE_NAME: Tag = Tag(1047);
pub(super) const REQUIRE_NAME: Tag = Tag(1049);
pub(super) const DIR_INDEXES: Tag = Tag(1116);
pub(super) const BASE_NAMES: Tag = Tag(1117);
pub(super) const DIR_NAMES: Tag = Tag(1118);
pub(super) const MODULARITY_LABEL: Tag = Tag(5096);

/// The tags that are read; all others are passed over.
const TAGS: [Tag; 17] = [
    NAME,
    VERSION,
    RELEASE,
    EPOCH,
    VENDOR,
    LICENSE,
    PACKAGER,
    ARCH,
    OLD_FILE_NAMES,
    FILE_MODES,
    SOURCE_RPM,
    PROVIDE_NAME,
    REQUIRE_NAME,
    DIR_INDEXES,
    BASE_NAMES,
    DIR_NAMES,
    MODULARITY_LABEL,
];

/// Types of data (`rpmtypes.h`).
const INT16: u32 = 3;
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

const ENTRY_BYTES: usize = 16;

/// A header, with the entries that matter.
#[derive(Debug)]
pub(super) struct Header<'b> {
    entries: BTreeMap<Tag, Entry<'b>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry<'b> {
    kind: u32,
    count: usize,
    /// From the entry's data to the end of all data.
    data: &'b [u8],
}

impl<'b> Header<'b> {
    /// The header in these bytes; says what is wrong if it is none.
    pub(super) fn parse(blob: &'b [u8]) -> Result<Self, &'static str> {
        let count = |at| {
            Order::Big
                .u32(blob, at)
                .and_then(|n| usize::try_from(n).ok())
        };
        let (Some(entries), Some(data_bytes)) = (count(0), count(4)) else {
            return Err("has a header that is shorter than its counts");
        };
        let (index, data) = entries
            .checked_mul(ENTRY_BYTES)
            .and_then(|length| blob.get(8..)?.split_at_checked(length))
            .and_then(|(index, rest)| Some((index, rest.get(..data_bytes)?)))
            .ok_or("has a header that is longer than its record")?;
        let mut header = Self {
            entries: BTreeMap::new(),
        };
        for entry in index.chunks_exact(ENTRY_BYTES) {
            let number = |at| Order::Big.u32(entry, at);
            let (Some(tag), Some(kind), Some(offset), Some(count)) =
                (number(0), number(4), number(8), number(12))
            else {
                continue;
            };
            if !TAGS.contains(&Tag(tag)) {
                continue;
            }
            let entry = usize::try_from(offset)
                .ok()
                .and_then(|offset| data.get(offset..))
                .zip(usize::try_from(count).ok())
                .ok_or("has a header whose index points out of its data")?;
            let (data, count) = entry;
            header.entries.insert(Tag(tag), Entry { kind, count, data });
        }
        Ok(header)
    }

    /// The first text of a tag; `None` if there is none or if it is empty.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        let text = self.texts(tag).next()?;
        Some(String::from_utf8_lossy(text).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The texts of a tag, as many as are there.
    pub(super) fn texts(&self, tag: Tag) -> impl Iterator<Item = &'b [u8]> {
        let (mut rest, count) = match self.entries.get(&tag) {
            Some(entry) if matches!(entry.kind, STRING | STRING_ARRAY | I18N_STRING) => {
                (entry.data, entry.count)
            }
            _ => (&[][..], 0),
        };
        let mut left = count;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let end = rest.iter().position(|&byte| byte == 0)?;
            let text = rest.get(..end)?;
            rest = rest.get(end.checked_add(1)?..)?;
            Some(text)
        })
    }

    /// How many values the index claims for a tag.
    pub(super) fn count(&self, tag: Tag) -> usize {
        self.entries.get(&tag).map_or(0, |entry| entry.count)
    }

    /// The numbers of a tag, 16 or 32 bits wide, as many as are there.
    pub(super) fn numbers(&self, tag: Tag) -> impl Iterator<Item = u32> {
        let (data, count, width) = match self.entries.get(&tag) {
            Some(entry) if entry.kind == INT16 => (entry.data, entry.count, 2),
            Some(entry) if entry.kind == INT32 => (entry.data, entry.count, 4),
            _ => (&[][..], 0, 4),
        };
        data.chunks_exact(width)
            .take(count)
            .filter_map(move |number| match width {
                2 => Order::Big.u16(number, 0).map(u32::from),
                _ => Order::Big.u32(number, 0),
            })
    }
}
