//! The tables of a PE file that tell whether it is managed code and what its version resource says.
//!
//! Source: Microsoft's "PE Format" ("Optional Header Data Directories", "The .rsrc Section") and the structures
//! `VS_VERSIONINFO`, `StringFileInfo` and `VS_FIXEDFILEINFO` of the Windows API. Everything is read from its place in
//! the file; sizes that the file claims are checked against the file before anything is held.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::sections::{Class, ElfError, Numbers, Order, read_capped};

/// Data directories: resources, and the header of the common language runtime.
const RESOURCES: usize = 2;
const MANAGED: usize = 14;
/// The type of version resources.
const RT_VERSION: u32 = 16;
/// Entries of a directory of resources are some ten.
const MOST_ENTRIES: u32 = 4096;
/// A version resource has some thousand bytes.
const MOST_VERSION: u64 = 1 << 20;
/// Texts of one resource.
const MOST_TEXTS: usize = 256;

/// Where a piece is when it is loaded, and how long it is there.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    address: u64,
    size: u64,
}

/// A section.
#[derive(Debug, Clone, Copy)]
struct Section {
    loaded: Span,
    offset: u64,
    stored: u64,
}

/// The tables.
#[derive(Debug)]
pub(super) struct Pe {
    sections: Vec<Section>,
    resources: Span,
    managed: Span,
}

/// What the version resource says.
#[derive(Debug, Default)]
pub(super) struct Version {
    /// `ProductName`, `FileVersion` and the like; of several languages the first.
    pub(super) texts: BTreeMap<String, String>,
    /// The version of the file in numbers.
    pub(super) file: Option<[u16; 4]>,
}

fn numbers(bytes: &[u8]) -> Numbers<'_> {
    Numbers {
        bytes,
        class: Class::Elf32,
        order: Order::Little,
    }
}

impl Pe {
    /// Reads the tables; `None` for files that are no PE file.
    pub(super) fn read<R: Read + Seek + ?Sized>(
        reader: &mut R,
        size: u64,
    ) -> Result<Option<Self>, ElfError> {
        const HEADER: &str = "PE header";
        let outside = || ElfError::Outside(HEADER);
        if size < 64 {
            return Ok(None);
        }
        let stub = read_capped(reader, size, (0, 64), 64, HEADER)?;
        if !stub.starts_with(b"MZ") {
            return Ok(None);
        }
        let at = u64::from(numbers(&stub).u32(0x3c).ok_or_else(outside)?);
        if at.checked_add(24).is_none_or(|end| end > size) {
            // A program for DOS.
            return Ok(None);
        }
        let coff = read_capped(reader, size, (at, 24), 24, HEADER)?;
        if !coff.starts_with(b"PE\0\0") {
            return Ok(None);
        }
        let count = u64::from(numbers(&coff).u16(6).ok_or_else(outside)?);
        let length = u64::from(numbers(&coff).u16(20).ok_or_else(outside)?);
        let at = at.saturating_add(24);
        let optional = read_capped(reader, size, (at, length), 1 << 16, HEADER)?;
        let directories = match numbers(&optional).u16(0) {
            Some(0x10b) => 96,
            Some(0x20b) => 112,
            _ => return Err(ElfError::Invalid(HEADER)),
        };
        let directory = |place: usize| {
            let at = place.checked_mul(8)?.checked_add(directories)?;
            let numbers = numbers(&optional);
            Some(Span {
                address: u64::from(numbers.u32(at)?),
                size: u64::from(numbers.u32(at.checked_add(4)?)?),
            })
        };
        let table = (at.saturating_add(length), count.saturating_mul(40));
        let table = read_capped(reader, size, table, 1 << 22, "table of sections")?;
        Ok(Some(Self {
            sections: table.chunks_exact(40).filter_map(section).collect(),
            resources: directory(RESOURCES).unwrap_or_default(),
            managed: directory(MANAGED).unwrap_or_default(),
        }))
    }

    /// Whether it is code for the common language runtime.
    pub(super) fn is_managed(&self) -> bool {
        self.managed.address != 0
    }

    /// Where the last section ends in the file. Signatures, and whatever else somebody appended, follow.
    pub(super) fn end(&self) -> u64 {
        let ends = self.sections.iter();
        let ends = ends.map(|section| section.offset.saturating_add(section.stored));
        ends.max().unwrap_or_default()
    }

    /// What the version resource says, if there is one.
    pub(super) fn version<R: Read + Seek + ?Sized>(
        &self,
        reader: &mut R,
        size: u64,
    ) -> Result<Option<Version>, ElfError> {
        const WHAT: &str = "version resource";
        if self.resources.address == 0 {
            return Ok(None);
        }
        let Some(mut at) = self.entry(reader, size, 0, Some(RT_VERSION))? else {
            return Ok(None);
        };
        // A name, then a language; the first of each.
        for _ in 0..2 {
            let Some(below) = at.checked_sub(1 << 31) else {
                break;
            };
            match self.entry(reader, size, below, None)? {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        let place = (self.resource(at)?, 16);
        let data = read_capped(reader, size, place, 16, WHAT)?;
        let outside = || ElfError::Outside(WHAT);
        let address = numbers(&data).u32(0).ok_or_else(outside)?;
        let length = numbers(&data).u32(4).ok_or_else(outside)?;
        let offset = self.offset_of(address.into()).ok_or_else(outside)?;
        let place = (offset, u64::from(length));
        let bytes = read_capped(reader, size, place, MOST_VERSION, WHAT)?;
        let version = Version::parse(&bytes).ok_or(ElfError::Invalid(WHAT))?;
        Ok(Some(version))
    }

    /// The place of a resource directory or entry in the file.
    fn resource(&self, at: u32) -> Result<u64, ElfError> {
        let address = self.resources.address.checked_add(at.into());
        address
            .and_then(|address| self.offset_of(address))
            .ok_or(ElfError::Outside("directory of resources"))
    }

    /// Where the entry with an id leads, or the first one, of the directory at a place.
    fn entry<R: Read + Seek + ?Sized>(
        &self,
        reader: &mut R,
        size: u64,
        at: u32,
        id: Option<u32>,
    ) -> Result<Option<u32>, ElfError> {
        const WHAT: &str = "directory of resources";
        let offset = self.resource(at)?;
        let head = read_capped(reader, size, (offset, 16), 16, WHAT)?;
        let count = |at| numbers(&head).u16(at).map_or(0, u32::from);
        let count = count(12).saturating_add(count(14));
        if count > MOST_ENTRIES {
            return Err(ElfError::TooLarge(WHAT));
        }
        let place = (
            offset.saturating_add(16),
            u64::from(count).saturating_mul(8),
        );
        let entries = read_capped(reader, size, place, 1 << 16, WHAT)?;
        let found = entries.chunks_exact(8).find(|entry| {
            let own = numbers(entry).u32(0);
            id.is_none_or(|id| own == Some(id))
        });
        Ok(found.and_then(|entry| numbers(entry).u32(4)))
    }

    /// Where in the file the byte with this address is.
    fn offset_of(&self, address: u64) -> Option<u64> {
        self.sections.iter().find_map(|section| {
            let into = address.checked_sub(section.loaded.address)?;
            let is_in = into < section.loaded.size.max(section.stored) && into < section.stored;
            is_in.then(|| section.offset.checked_add(into))?
        })
    }
}

fn section(entry: &[u8]) -> Option<Section> {
    let numbers = numbers(entry);
    let number = |at| numbers.u32(at).map(u64::from);
    Some(Section {
        loaded: Span {
            size: number(8)?,
            address: number(12)?,
        },
        stored: number(16)?,
        offset: number(20)?,
    })
}

/// One block of a version resource: its key, and what comes behind it.
struct Block<'a> {
    key: String,
    value: &'a [u8],
    children: &'a [u8],
}

/// The first block and what follows it. A block is its length, that of its value, its type, its key in UTF-16, its
/// value and its children; value, children and the next block begin at multiples of four.
fn block(bytes: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let length = usize::from(numbers(bytes).u16(0)?);
    let is_text = numbers(bytes).u16(4)? == 1;
    let value = usize::from(numbers(bytes).u16(2)?);
    let whole = bytes.get(..length)?;
    let after = whole.get(6..)?;
    let end = after.chunks_exact(2).position(|unit| unit == [0, 0])?;
    let key = text(after);
    let start = end.checked_mul(2)?.checked_add(8)?.next_multiple_of(4);
    let rest = whole.get(start..).unwrap_or_default();
    let value = if is_text {
        value.checked_mul(2)?
    } else {
        value
    };
    let children = rest.get(value.checked_next_multiple_of(4)?..);
    let next = bytes.get(length.next_multiple_of(4)..);
    let block = Block {
        key,
        // Some writers count bytes where they should count units.
        value: rest.get(..value).unwrap_or(rest),
        children: children.unwrap_or_default(),
    };
    Some((block, next.unwrap_or_default()))
}

fn blocks(mut bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    std::iter::from_fn(move || {
        let (block, rest) = block(bytes)?;
        bytes = rest;
        Some(block)
    })
}

/// UTF-16 until its end or a zero.
fn text(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2);
    let units = units
        .filter_map(|unit| Some(u16::from_le_bytes(*unit.first_chunk()?)))
        .take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

impl Version {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (root, _) = block(bytes)?;
        if root.key != "VS_VERSION_INFO" {
            return None;
        }
        let mut version = Self {
            file: fixed(root.value),
            ..Self::default()
        };
        let tables = blocks(root.children).filter(|block| block.key == "StringFileInfo");
        for table in tables.flat_map(|info| blocks(info.children)) {
            for entry in blocks(table.children) {
                if version.texts.len() < MOST_TEXTS {
                    let value = text(entry.value);
                    version.texts.entry(entry.key).or_insert(value);
                }
            }
        }
        Some(version)
    }
}

/// The version of the file in `VS_FIXEDFILEINFO`.
fn fixed(value: &[u8]) -> Option<[u16; 4]> {
    let numbers = numbers(value);
    (numbers.u32(0)? == 0xfeef_04bd).then_some(())?;
    // Each half has the higher part behind the lower one.
    Some([
        numbers.u16(10)?,
        numbers.u16(8)?,
        numbers.u16(14)?,
        numbers.u16(12)?,
    ])
}
