//! The SQLite store, `rpmdb.sqlite` ("Database File Format" of the SQLite documentation; the section names
//! below are its).
//!
//! rpm keeps every header in the column `blob` of the table `Packages(hnum, blob)`. This walks that one
//! table. A database in write-ahead mode is read as it stands, see the analyzer for the log beside it.

use std::ops::ControlFlow;

use super::Each;
use super::store::{Bytes, Damage, Order};

/// First bytes of the file ("Magic Header String").
pub(in crate::os) const MAGIC: [u8; 16] = *b"SQLite format 3\0";

/// Length of the header of the file, which stands at the beginning of page 1.
const HEADER_BYTES: usize = 100;

/// Types of pages ("B-tree Pages").
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

/// Page on which the table of all tables begins ("Storage Of The SQL Database Schema").
const SCHEMA_PAGE: u32 = 1;

/// A database.
#[derive(Debug, Clone, Copy)]
struct Database {
    page_bytes: usize,
    /// Bytes of a page that are used; the others are reserved for extensions.
    usable: usize,
}

/// Hands over the header of each package.
pub(in crate::os) fn walk(
    bytes: &mut Bytes<'_>,
    each: &mut Each<'_>,
) -> Result<ControlFlow<()>, Damage> {
    walk_column(bytes, "Packages", 1, each)
}

/// Hands over one column of each row of a table.
pub(in crate::os) fn walk_column(
    bytes: &mut Bytes<'_>,
    table: &str,
    wanted: usize,
    each: &mut Each<'_>,
) -> Result<ControlFlow<()>, Damage> {
    walk_rows(bytes, table, &mut |row| {
        each(row.and_then(|row| {
            column(row.record, wanted).ok_or(Damage::shape("a row is too short", 0))
        }))
    })
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::os) struct Row<'r> {
    /// Its number, which an `INTEGER PRIMARY KEY` is another name for ("ROWIDs and the INTEGER PRIMARY KEY").
    pub(in crate::os) id: u64,
    record: &'r [u8],
}

impl Row<'_> {
    /// The text in a column; `None` where there is none, or an empty one.
    pub(in crate::os) fn text(&self, wanted: usize) -> Option<String> {
        let (kind, bytes) = value(self.record, wanted)?;
        let is_text = kind >= 13 && kind % 2 == 1 && !bytes.is_empty();
        is_text.then(|| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The number in a column; `None` where there is none, or a negative one.
    pub(in crate::os) fn number(&self, wanted: usize) -> Option<u64> {
        let (kind, bytes) = value(self.record, wanted)?;
        match kind {
            8 => Some(0),
            9 => Some(1),
            1..=6 if bytes.first().is_some_and(|first| first & 0x80 == 0) => Some(
                bytes
                    .iter()
                    .fold(0_u64, |number, &byte| (number << 8) | u64::from(byte)),
            ),
            _ => None,
        }
    }
}

/// Where a table hands over its rows, or says why one of them is lost.
pub(in crate::os) type EachRow<'e> = dyn FnMut(Result<Row<'_>, Damage>) -> ControlFlow<()> + 'e;

/// Hands over each row of a table, in the order of their numbers.
pub(in crate::os) fn walk_rows(
    bytes: &mut Bytes<'_>,
    table: &str,
    each: &mut EachRow<'_>,
) -> Result<ControlFlow<()>, Damage> {
    let mut header = Vec::new();
    bytes.read(0, HEADER_BYTES, &mut header)?;
    let database = Database::of(&header)?;
    let mut root = None;
    let mut damaged = None;
    let _ = database.walk_table(bytes, SCHEMA_PAGE, &mut |row| {
        match row {
            Ok(row) => root = root.or_else(|| first_page(row.record, table)),
            Err(damage) => damaged = Some(damage),
        }
        if root.is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let Some(root) = root else {
        return Err(damaged.unwrap_or(Damage::shape("it has no table of packages", 0)));
    };
    Ok(database.walk_table(bytes, root, each))
}

/// The first page of a table, if this row of the schema (type, name, table, page, SQL) is it.
fn first_page(row: &[u8], table: &str) -> Option<u32> {
    if column(row, 0)? != b"table" || !column(row, 1)?.eq_ignore_ascii_case(table.as_bytes()) {
        return None;
    }
    // Numbers are big-endian, as long as they need.
    column(row, 3)?
        .iter()
        .try_fold(0_u32, |page, &byte| {
            Some(page.checked_mul(256)? | u32::from(byte))
        })
        .filter(|&page| page > 0)
}

/// The bytes of a column of a record.
fn column(record: &[u8], wanted: usize) -> Option<&[u8]> {
    value(record, wanted).map(|(_, bytes)| bytes)
}

/// The type and the bytes of a column of a record ("Record Format").
fn value(record: &[u8], wanted: usize) -> Option<(u64, &[u8])> {
    let (header_bytes, start) = varint(record)?;
    let header = record.get(..usize::try_from(header_bytes).ok()?)?;
    let mut types = header.get(start..)?;
    let mut at = header.len();
    for place in 0_usize.. {
        let (kind, length) = varint(types)?;
        types = types.get(length..)?;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => kind.saturating_sub(12) / 2,
        };
        let end = at.checked_add(usize::try_from(size).ok()?)?;
        if place == wanted {
            return Some((kind, record.get(at..end)?));
        }
        at = end;
    }
    None
}

/// A number of one to nine bytes and its length ("variable-length integer").
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number: u64 = 0;
    for (&byte, length) in bytes.iter().take(8).zip(1_usize..) {
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, length));
        }
    }
    let last = bytes.get(8)?;
    Some(((number << 8) | u64::from(*last), 9))
}

impl Database {
    fn of(header: &[u8]) -> Result<Self, Damage> {
        let page_bytes = match Order::Big.u16(header, 16) {
            // 65536 does not fit.
            Some(1) => 65_536,
            Some(bytes) => usize::from(bytes),
            None => 0,
        };
        let reserved = header.get(20).copied().map_or(0, usize::from);
        let usable = page_bytes.saturating_sub(reserved);
        if !page_bytes.is_power_of_two() || page_bytes < 512 || usable < 480 {
            return Err(Damage::shape(
                "its pages have a size that is not allowed",
                16,
            ));
        }
        Ok(Self { page_bytes, usable })
    }

    fn offset(self, page: u32) -> u64 {
        u64::from(page.saturating_sub(1)).saturating_mul(self.page_bytes as u64)
    }

    /// Hands over each record of a table, in the order of its rows. A page that cannot be read is told, and
    /// the walk goes on beside it.
    fn walk_table(
        self,
        bytes: &mut Bytes<'_>,
        root: u32,
        each: &mut EachRow<'_>,
    ) -> ControlFlow<()> {
        let mut page = Vec::new();
        let mut record = Vec::new();
        let mut open = vec![root];
        while let Some(number) = open.pop() {
            let at = self.offset(number);
            let head = if number == SCHEMA_PAGE {
                HEADER_BYTES
            } else {
                0
            };
            if number == 0 {
                each(Err(Damage::shape("a page has the number 0", at)))?;
                continue;
            }
            if let Err(damage) = bytes.read(at, self.page_bytes, &mut page) {
                let circular = matches!(damage, Damage::Circular);
                each(Err(damage))?;
                if circular {
                    return ControlFlow::Continue(());
                }
                continue;
            }
            match page.get(head) {
                Some(&INTERIOR) => match children(&page, head) {
                    Some(children) => open.extend(children.iter().rev()),
                    None => each(Err(Damage::shape("a page lists cells that it has not", at)))?,
                },
                Some(&LEAF) => {
                    for place in 0..cell_count(&page, head) {
                        each(
                            match self.read_cell(bytes, &page, head, place, &mut record) {
                                Some(Ok(id)) => Ok(Row {
                                    id,
                                    record: &record,
                                }),
                                Some(Err(damage)) => Err(damage),
                                None => Err(Damage::shape("a row lies out of its page", at)),
                            },
                        )?;
                    }
                }
                _ => each(Err(Damage::shape("this is no page of a table", at)))?,
            }
        }
        ControlFlow::Continue(())
    }

    /// Reads the record of a cell of a leaf ("Cell Payload Overflow Pages") and says the number of its row;
    /// `None` if the cell lies out of its page.
    fn read_cell(
        self,
        bytes: &mut Bytes<'_>,
        page: &[u8],
        head: usize,
        place: u16,
        record: &mut Vec<u8>,
    ) -> Option<Result<u64, Damage>> {
        let cell = page
            .get(..self.usable)?
            .get(cell_at(page, head.checked_add(8)?, place)?..)?;
        let (length, skip) = varint(cell)?;
        let cell = cell.get(skip..)?;
        let (id, skip) = varint(cell)?;
        let cell = cell.get(skip..)?;
        if length > bytes.size() {
            return Some(Err(Damage::Beyond { end: length }));
        }
        let length = usize::try_from(length).ok()?;
        let local = self.local_bytes(length)?;
        record.clear();
        // All cells of a page may be one and the same.
        if let Err(damage) = bytes.charge(local) {
            return Some(Err(damage));
        }
        record.extend_from_slice(cell.get(..local)?);
        if local == length {
            return Some(Ok(id));
        }
        let first = Order::Big.u32(cell, local)?;
        let read = self.read_chain(bytes, first, length, record);
        Some(read.map(|()| id))
    }

    /// How many bytes of a record lie in its cell.
    fn local_bytes(self, length: usize) -> Option<usize> {
        let most = self.usable.checked_sub(35)?;
        if length <= most {
            return Some(length);
        }
        let least = (self.usable.checked_sub(12)?.checked_mul(32)? / 255).checked_sub(23)?;
        let rest = length
            .checked_sub(least)?
            .checked_rem(self.usable.checked_sub(4)?)?;
        let local = least.checked_add(rest)?;
        Some(if local <= most { local } else { least })
    }

    /// Appends the rest of a record from its chain of pages.
    fn read_chain(
        self,
        bytes: &mut Bytes<'_>,
        first: u32,
        length: usize,
        record: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        let room = self.usable.saturating_sub(4);
        let mut next = Vec::new();
        let mut page = first;
        while record.len() < length {
            let at = self.offset(page);
            if page == 0 {
                return Err(Damage::shape("a row ends before its length", at));
            }
            bytes.read(at, 4, &mut next)?;
            let wanted = length.saturating_sub(record.len()).min(room);
            bytes.append(at.saturating_add(4), wanted, record)?;
            page = Order::Big.u32(&next, 0).unwrap_or_default();
        }
        Ok(())
    }
}

/// How many cells a page has.
fn cell_count(page: &[u8], head: usize) -> u16 {
    Order::Big
        .u16(page, head.saturating_add(3))
        .unwrap_or_default()
}

/// Where a cell begins, from the list of cells at `list`.
fn cell_at(page: &[u8], list: usize, place: u16) -> Option<usize> {
    let at = list.checked_add(usize::from(place).checked_mul(2)?)?;
    Order::Big.u16(page, at).map(usize::from)
}

/// The pages below an interior page: one for each cell, and the rightmost.
fn children(page: &[u8], head: usize) -> Option<Vec<u32>> {
    let list = head.checked_add(12)?;
    let mut children = Vec::new();
    for place in 0..cell_count(page, head) {
        children.push(Order::Big.u32(page, cell_at(page, list, place)?)?);
    }
    children.push(Order::Big.u32(page, head.checked_add(8)?)?);
    Some(children)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_length_integers() {
        assert_eq!(varint(&[0x7f]), Some((127, 1)));
        assert_eq!(varint(&[0x81, 0x00]), Some((128, 2)));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, 9)));
        assert_eq!(varint(&[0x80, 0x80]), None);
        assert_eq!(varint(&[]), None);
    }

    #[test]
    fn columns_of_a_record() {
        // Types: number of one byte, text of two bytes, blob of one byte.
        let record = [4, 1, 17, 14, 7, b'h', b'i', 0xaa];
        assert_eq!(column(&record, 0), Some(&[7][..]));
        assert_eq!(column(&record, 1), Some(&b"hi"[..]));
        assert_eq!(column(&record, 2), Some(&[0xaa][..]));
        assert_eq!(column(&record, 3), None);
        assert_eq!(column(&record[..6], 1), None);
    }
}
