//! The tables of an ELF file: header, segments and sections, and nothing else.
//!
//! Source: System V Application Binary Interface, chapters 4 and 5 ("Object Files", "Program Loading and
//! Dynamic Linking"). Both classes and both byte orders are read. Everything is read from its place in the
//! file; sizes that the file claims are checked against the file before anything is held.

use std::io::{Read, Seek, SeekFrom};

/// Sections of this kind have no bytes in the file.
const SHT_NOBITS: u32 = 8;
/// A segment that is mapped into memory.
pub(super) const PT_LOAD: u32 = 1;
/// The segment with the dynamic linker's table.
pub(super) const PT_DYNAMIC: u32 = 2;
/// The segment that names the dynamic linker.
pub(super) const PT_INTERP: u32 = 3;
/// A segment of notes.
pub(super) const PT_NOTE: u32 = 4;
/// Segment flags: executable, writable.
pub(super) const PF_X: u32 = 1;
/// See [`PF_X`].
pub(super) const PF_W: u32 = 2;

/// Sections of symbols: all, and those that the dynamic linker needs.
const SHT_SYMTAB: u32 = 2;
const SHT_DYNSYM: u32 = 11;
/// Most bytes of a table of symbols or of their names.
const MOST_SYMBOLS: u64 = 64 << 20;

/// Most bytes of a table of headers: 16 384 sections of the 64-bit class.
const MOST_TABLE: u64 = 1 << 20;

/// Why an ELF file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ElfError {
    /// Something reaches beyond the end of the file.
    #[error("the {0} is outside of the file")]
    Outside(&'static str),
    /// Something is not what the specification says.
    #[error("the {0} is not valid")]
    Invalid(&'static str),
    /// Something is larger than any sane file needs.
    #[error("the {0} is too large")]
    TooLarge(&'static str),
    /// The file cannot be read at all.
    #[error("the {what} cannot be read: {source}")]
    Io {
        /// What was to be read.
        what: &'static str,
        /// What went wrong.
        source: std::io::Error,
    },
}

/// Width of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// 32 bits.
    Elf32,
    /// 64 bits.
    Elf64,
}

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// What kind of program a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `ET_EXEC`: loads at fixed addresses.
    Fixed,
    /// `ET_DYN`: a shared object or a program that loads anywhere.
    Movable,
    /// `ET_REL`: an object file, such as a module of the kernel.
    Object,
}

/// A program header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) kind: u32,
    pub(super) flags: u32,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) size: u64,
}

/// A section header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    name: u32,
    kind: u32,
    pub(super) address: u64,
    pub(super) offset: u64,
    pub(super) size: u64,
    /// The section that belongs to this one: for symbols, that of their names.
    link: u32,
}

impl Section {
    /// Whether the section has bytes in the file; those of separate debug files have not.
    pub(super) fn is_kept(self) -> bool {
        self.kind != SHT_NOBITS
    }
}

/// The tables of one ELF program or shared object.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) class: Class,
    pub(super) order: Order,
    pub(super) kind: Kind,
    pub(super) machine: u16,
    pub(super) segments: Vec<Segment>,
    sections: Vec<Section>,
    names: Vec<u8>,
}

/// Numbers in a piece of an ELF file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) class: Class,
    pub(super) order: Order,
}

impl Numbers<'_> {
    fn take<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk::<N>().copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.take(at)?;
        Some(match self.order {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        })
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.take(at)?;
        Some(match self.order {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }

    pub(super) fn u64(&self, at: usize) -> Option<u64> {
        let bytes = self.take(at)?;
        Some(match self.order {
            Order::Little => u64::from_le_bytes(bytes),
            Order::Big => u64::from_be_bytes(bytes),
        })
    }

    /// A number as wide as an address, which lies at different places in the two classes.
    pub(super) fn word(&self, at32: usize, at64: usize) -> Option<u64> {
        match self.class {
            Class::Elf32 => self.u32(at32).map(u64::from),
            Class::Elf64 => self.u64(at64),
        }
    }
}

impl Tables {
    /// Reads the tables; `None` for files that the kernel does not load, such as object files and cores.
    pub(super) fn read<R: Read + Seek + ?Sized>(
        reader: &mut R,
        size: u64,
    ) -> Result<Option<Self>, ElfError> {
        Self::read_kind(reader, size, |number| match number {
            2 => Some(Kind::Fixed),
            3 => Some(Kind::Movable),
            _ => None,
        })
    }

    /// Reads the tables of an object file; `None` for every other file.
    pub(super) fn read_object<R: Read + Seek + ?Sized>(
        reader: &mut R,
        size: u64,
    ) -> Result<Option<Self>, ElfError> {
        Self::read_kind(reader, size, |number| (number == 1).then_some(Kind::Object))
    }

    /// Reads the tables of a file whose `e_type` is wanted.
    fn read_kind<R: Read + Seek + ?Sized>(
        reader: &mut R,
        size: u64,
        wanted: fn(u16) -> Option<Kind>,
    ) -> Result<Option<Self>, ElfError> {
        let (header, class, order) = header(reader, size)?;
        let numbers = Numbers {
            bytes: &header,
            class,
            order,
        };
        let outside = || ElfError::Outside(HEADER);
        let Some(kind) = wanted(numbers.u16(16).ok_or_else(outside)?) else {
            return Ok(None);
        };
        let machine = numbers.u16(18).ok_or_else(outside)?;
        let layout = Layout::read(&numbers).ok_or_else(outside)?;
        let mut elf = Self {
            class,
            order,
            kind,
            machine,
            segments: Vec::new(),
            sections: Vec::new(),
            names: Vec::new(),
        };
        elf.read_sections(reader, size, &layout)?;
        elf.read_segments(reader, size, &layout)?;
        Ok(Some(elf))
    }

    fn read_segments<R: Read + Seek + ?Sized>(
        &mut self,
        reader: &mut R,
        size: u64,
        layout: &Layout,
    ) -> Result<(), ElfError> {
        const WHAT: &str = "table of segments";
        if layout.segments == 0 || layout.segment_count == 0 {
            return Ok(());
        }
        let step = match self.class {
            Class::Elf32 => 32,
            Class::Elf64 => 56,
        };
        if usize::from(layout.segment_step) != step {
            return Err(ElfError::Invalid(WHAT));
        }
        let bytes = (layout.segment_count).saturating_mul(step as u64);
        let table = read_at(reader, size, layout.segments, bytes, WHAT)?;
        self.segments = table
            .chunks_exact(step)
            .filter_map(|entry| self.segment(entry))
            .collect();
        Ok(())
    }

    fn segment(&self, entry: &[u8]) -> Option<Segment> {
        let numbers = self.numbers(entry);
        Some(Segment {
            kind: numbers.u32(0)?,
            flags: match self.class {
                Class::Elf32 => numbers.u32(24)?,
                Class::Elf64 => numbers.u32(4)?,
            },
            offset: numbers.word(4, 8)?,
            address: numbers.word(8, 16)?,
            size: numbers.word(16, 32)?,
        })
    }

    fn read_sections<R: Read + Seek + ?Sized>(
        &mut self,
        reader: &mut R,
        size: u64,
        layout: &Layout,
    ) -> Result<(), ElfError> {
        const WHAT: &str = "table of sections";
        if layout.sections == 0 {
            return Ok(());
        }
        let step = match self.class {
            Class::Elf32 => 40,
            Class::Elf64 => 64,
        };
        if usize::from(layout.section_step) != step {
            return Err(ElfError::Invalid(WHAT));
        }
        let mut count = u64::from(layout.section_count);
        let mut names = u64::from(layout.section_names);
        // "Extended numbering": when the numbers do not fit, the first section has them.
        if count == 0 || names == 0xffff {
            let first = read_at(reader, size, layout.sections, step as u64, WHAT)?;
            let numbers = self.numbers(&first);
            if count == 0 {
                count = numbers.word(20, 32).unwrap_or_default();
            }
            if names == 0xffff {
                names = numbers.word(24, 40).unwrap_or_default() & 0xffff_ffff;
            }
        }
        let bytes = count.saturating_mul(step as u64);
        let table = read_at(reader, size, layout.sections, bytes, WHAT)?;
        self.sections = table
            .chunks_exact(step)
            .filter_map(|entry| self.parse_section(entry))
            .collect();
        let names = usize::try_from(names).ok();
        if let Some(names) = names.and_then(|names| self.sections.get(names)).copied()
            && names.is_kept()
        {
            self.names = read_at(reader, size, names.offset, names.size, "names of sections")?;
        }
        Ok(())
    }

    fn parse_section(&self, entry: &[u8]) -> Option<Section> {
        let numbers = self.numbers(entry);
        Some(Section {
            name: numbers.u32(0)?,
            kind: numbers.u32(4)?,
            address: numbers.word(12, 16)?,
            offset: numbers.word(16, 24)?,
            size: numbers.word(20, 32)?,
            link: numbers.u32(match self.class {
                Class::Elf32 => 24,
                Class::Elf64 => 40,
            })?,
        })
    }

    /// Numbers of a piece of this file.
    pub(super) fn numbers<'a>(&self, bytes: &'a [u8]) -> Numbers<'a> {
        Numbers {
            bytes,
            class: self.class,
            order: self.order,
        }
    }

    /// The section with this name.
    pub(super) fn section(&self, name: &str) -> Option<Section> {
        let is_it = |section: &&Section| {
            let rest = usize::try_from(section.name)
                .ok()
                .and_then(|at| self.names.get(at..));
            rest.and_then(|rest| rest.strip_prefix(name.as_bytes()))
                .is_some_and(|after| after.first() == Some(&0))
        };
        self.sections.iter().find(is_it).copied()
    }

    /// The addresses of symbols by their names, from the dynamic linker's table or else from that of all.
    /// A symbol that is only asked for, and defined elsewhere, counts as missing.
    pub(super) fn symbols<const N: usize, R: Read + Seek + ?Sized>(
        &self,
        reader: &mut R,
        size: u64,
        wanted: [&str; N],
    ) -> Result<[Option<u64>; N], ElfError> {
        let mut found = [None; N];
        for kind in [SHT_DYNSYM, SHT_SYMTAB] {
            let of_kind = |section: &&Section| section.kind == kind;
            let Some(table) = self.sections.iter().find(of_kind) else {
                continue;
            };
            let link = usize::try_from(table.link).unwrap_or(usize::MAX);
            let Some(names) = self.sections.get(link).filter(|names| names.is_kept()) else {
                continue;
            };
            let place = (names.offset, names.size);
            // Most programs have none of them, and their tables need not be held.
            if !has_names(reader, size, place, wanted)? {
                continue;
            }
            let names = read_capped(reader, size, place, MOST_SYMBOLS, NAMES)?;
            let place = (table.offset, table.size);
            let table = read_capped(reader, size, place, MOST_SYMBOLS, "table of symbols")?;
            self.look_up(&table, &names, wanted, &mut found);
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        Ok(found)
    }

    fn look_up<const N: usize>(
        &self,
        table: &[u8],
        names: &[u8],
        wanted: [&str; N],
        found: &mut [Option<u64>; N],
    ) {
        let (step, section) = match self.class {
            Class::Elf32 => (16, 14),
            Class::Elf64 => (24, 6),
        };
        for entry in table.chunks_exact(step) {
            let numbers = self.numbers(entry);
            let (Some(name), Some(section), Some(address)) =
                (numbers.u32(0), numbers.u16(section), numbers.word(4, 8))
            else {
                continue;
            };
            let rest = usize::try_from(name).ok().and_then(|at| names.get(at..));
            for (wanted, found) in wanted.iter().zip(found.iter_mut()) {
                let is_it = rest
                    .and_then(|rest| rest.strip_prefix(wanted.as_bytes()))
                    .is_some_and(|after| after.first() == Some(&0));
                if is_it && section != 0 && found.is_none() {
                    *found = Some(address);
                }
            }
        }
    }

    /// Whether the file has a table of sections; packers take it away.
    pub(super) fn has_sections(&self) -> bool {
        !self.sections.is_empty()
    }

    /// The first segment of this kind.
    pub(super) fn segment_of(&self, kind: u32) -> Option<Segment> {
        self.segments
            .iter()
            .find(|segment| segment.kind == kind)
            .copied()
    }

    /// Where in the file the byte with this address is.
    pub(super) fn offset_of(&self, address: u64) -> Option<u64> {
        self.segments
            .iter()
            .filter(|segment| segment.kind == PT_LOAD)
            .find_map(|segment| {
                let into = address.checked_sub(segment.address)?;
                (into < segment.size).then(|| segment.offset.checked_add(into))?
            })
    }
}

const HEADER: &str = "ELF header";

/// The header, and how its numbers are written.
fn header<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
) -> Result<(Vec<u8>, Class, Order), ElfError> {
    let header = read_at(reader, size, 0, size.min(64), HEADER)?;
    let class = match header.get(4) {
        Some(1) => Class::Elf32,
        Some(2) => Class::Elf64,
        _ => return Err(ElfError::Invalid("class")),
    };
    let order = match header.get(5) {
        Some(1) => Order::Little,
        Some(2) => Order::Big,
        _ => return Err(ElfError::Invalid("byte order")),
    };
    Ok((header, class, order))
}

/// Where the program ends in a file: behind its last section, segment or table. Linkers write the table of sections
/// last, so that for nearly every program the header is all that is read. `None` for files that the kernel does not
/// load.
pub(super) fn end<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
) -> Result<Option<u64>, ElfError> {
    let (header, class, order) = header(reader, size)?;
    let numbers = Numbers {
        bytes: &header,
        class,
        order,
    };
    let layout = Layout::read(&numbers).ok_or(ElfError::Outside(HEADER))?;
    let table = u64::from(layout.section_step).saturating_mul(layout.section_count.into());
    let table = layout.sections.saturating_add(table);
    if table >= size {
        return Ok(Some(table));
    }
    let Some(elf) = Tables::read(reader, size)? else {
        return Ok(None);
    };
    let segments = elf.segments.iter();
    let segments = segments.map(|segment| segment.offset.saturating_add(segment.size));
    let sections = elf.sections.iter().filter(|section| section.is_kept());
    let sections = sections.map(|section| section.offset.saturating_add(section.size));
    Ok(segments.chain(sections).chain([table]).max())
}

const NAMES: &str = "names of symbols";

/// Whether a table of names ends some of its names like each of these; linkers let names share their ends.
fn has_names<const N: usize, R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
    place: (u64, u64),
    wanted: [&str; N],
) -> Result<bool, ElfError> {
    let names = wanted.map(|name| [name.as_bytes(), &[0]].concat());
    let longest = names.iter().map(Vec::len).max().unwrap_or_default() as u64;
    let mut found = [false; N];
    within(size, place, MOST_SYMBOLS, NAMES)?;
    look_through(reader, place, longest, NAMES, |piece| {
        for (found, name) in found.iter_mut().zip(&names) {
            *found = *found || memchr::memmem::find(piece, name).is_some();
        }
        found.contains(&false)
    })?;
    Ok(!found.contains(&false))
}

/// Where the tables are, from the ELF header.
struct Layout {
    segments: u64,
    segment_step: u16,
    segment_count: u64,
    sections: u64,
    section_step: u16,
    section_count: u16,
    section_names: u16,
}

impl Layout {
    fn read(numbers: &Numbers<'_>) -> Option<Self> {
        // The six 16-bit numbers at the end of the header.
        let tail = match numbers.class {
            Class::Elf32 => 42,
            Class::Elf64 => 54,
        };
        let short = |place: usize| numbers.u16(place.checked_mul(2)?.checked_add(tail)?);
        Some(Self {
            segments: numbers.word(28, 32)?,
            segment_step: short(0)?,
            segment_count: u64::from(short(1)?),
            sections: numbers.word(32, 40)?,
            section_step: short(2)?,
            section_count: short(3)?,
            section_names: short(4)?,
        })
    }
}

/// Reads `length` bytes at `offset` of a file of `size` bytes, at most [`MOST_TABLE`].
pub(super) fn read_at<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
    offset: u64,
    length: u64,
    what: &'static str,
) -> Result<Vec<u8>, ElfError> {
    read_capped(reader, size, (offset, length), MOST_TABLE, what)
}

/// Reads the bytes at `(offset, length)` of a file of `size` bytes, at most `most`.
pub(super) fn read_capped<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
    (offset, length): (u64, u64),
    most: u64,
    what: &'static str,
) -> Result<Vec<u8>, ElfError> {
    let held = within(size, (offset, length), most, what)?;
    let mut bytes = vec![0; held];
    read_into(reader, offset, &mut bytes, what)?;
    Ok(bytes)
}

/// Fills `bytes` with what stands at `offset`.
fn read_into<R: Read + Seek + ?Sized>(
    reader: &mut R,
    offset: u64,
    bytes: &mut [u8],
    what: &'static str,
) -> Result<(), ElfError> {
    reader
        .seek(SeekFrom::Start(offset))
        .and_then(|_| reader.read_exact(bytes))
        .map_err(|source| ElfError::Io { what, source })
}

/// How many bytes there are at `(offset, length)` of a file of `size` bytes, at most `most`.
fn within(
    size: u64,
    (offset, length): (u64, u64),
    most: u64,
    what: &'static str,
) -> Result<usize, ElfError> {
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(ElfError::Outside(what));
    }
    usize::try_from(length)
        .ok()
        .filter(|_| length <= most)
        .ok_or(ElfError::TooLarge(what))
}

/// Bytes of one piece of [`look_through`], besides what it shares with the next one.
const PIECE: u64 = 128 << 10;

/// Shows the bytes at `(offset, length)` of a file piece by piece, as long as `look` asks for more. Two pieces share
/// `shared` bytes, so that nothing as long as that is missed between them.
pub(super) fn look_through<R: Read + Seek + ?Sized>(
    reader: &mut R,
    (offset, length): (u64, u64),
    shared: u64,
    what: &'static str,
    mut look: impl FnMut(&[u8]) -> bool,
) -> Result<(), ElfError> {
    let end = offset.saturating_add(length);
    let mut at = offset;
    // One room for all pieces: pages fresh from the system cost more than the search.
    let mut room = Vec::new();
    while at < end {
        let length = end.saturating_sub(at).min(PIECE.saturating_add(shared));
        room.resize(usize::try_from(length).unwrap_or_default(), 0);
        read_into(reader, at, &mut room, what)?;
        if !look(&room) {
            break;
        }
        at = at.saturating_add(PIECE);
    }
    Ok(())
}
