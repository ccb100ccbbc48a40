//! The dynamic linker's table: what a program or a library asks for.
//!
//! Source: System V Application Binary Interface, chapter 5, "Dynamic Section" and "Shared Object Dependencies".

use std::io::{Read, Seek};

use plimsoll_model::fact::Linkage;

use super::sections::{Class, ElfError, PT_DYNAMIC, PT_INTERP, Tables, read_at};

const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_SONAME: u64 = 14;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;
const DT_FLAGS_1: u64 = 0x6fff_fffb;
const DF_1_PIE: u64 = 0x0800_0000;

/// Most libraries that one file may ask for; the largest programs ask for some three hundred.
const MOST_NEEDED: usize = 1024;
/// Longest name or list of folders, in bytes: `PATH_MAX`.
const LONGEST: u64 = 4096;
/// Most bytes of all names of libraries of one file, and never more than the file has: names may lie in one another,
/// so that a small file could ask for megabytes of them.
const MOST_BYTES: u64 = 64 << 10;

/// What the table says; names are places in the table of strings.
#[derive(Debug, Default)]
pub(super) struct Dynamic {
    /// `DF_1_PIE` is set in `DT_FLAGS_1`.
    pub(super) program: bool,
    /// `DT_SONAME`.
    pub(super) soname: Option<u64>,
    needed: Vec<u64>,
    rpath: Option<u64>,
    runpath: Option<u64>,
    /// Address of the strings.
    strings: Option<u64>,
}

impl Dynamic {
    /// Reads the table; an empty one where the file has none.
    pub(super) fn read<R: Read + Seek + ?Sized>(
        elf: &Tables,
        reader: &mut R,
        size: u64,
    ) -> Result<Self, ElfError> {
        let mut all = Self::default();
        let Some(segment) = elf.segment_of(PT_DYNAMIC) else {
            return Ok(all);
        };
        // A table has some thirty entries, and one more for each library.
        let length = segment.size.min(64 << 10);
        let table = read_at(reader, size, segment.offset, length, "dynamic table")?;
        let step = match elf.class {
            Class::Elf32 => 8,
            Class::Elf64 => 16,
        };
        for entry in table.chunks_exact(step) {
            let numbers = elf.numbers(entry);
            let (Some(tag), Some(value)) = (numbers.word(0, 0), numbers.word(4, 8)) else {
                break;
            };
            match tag {
                0 => break,
                DT_NEEDED if all.needed.len() < MOST_NEEDED => all.needed.push(value),
                DT_STRTAB => all.strings = Some(value),
                DT_SONAME => all.soname = Some(value),
                DT_RPATH => all.rpath = Some(value),
                DT_RUNPATH => all.runpath = Some(value),
                DT_FLAGS_1 => all.program = value & DF_1_PIE != 0,
                _ => {}
            }
        }
        Ok(all)
    }

    /// The names behind the places; one that cannot be read is left out.
    pub(super) fn linkage<R: Read + Seek + ?Sized>(
        &self,
        elf: &Tables,
        reader: &mut R,
        size: u64,
    ) -> Linkage {
        let interpreter = elf
            .segment_of(PT_INTERP)
            .and_then(|segment| text(reader, size, segment.offset, segment.size));
        let strings = self.strings.and_then(|address| elf.offset_of(address));
        let mut name = |place: u64| {
            let at = strings?.checked_add(place)?;
            text(reader, size, at, LONGEST)
        };
        let mut left = MOST_BYTES.min(size);
        let needed = self.needed.iter().copied().filter_map(&mut name);
        let needed = needed.take_while(|name| {
            let rest = left.checked_sub(name.len() as u64);
            left = rest.unwrap_or_default();
            rest.is_some()
        });
        let needed = needed.collect();
        Linkage {
            interpreter,
            soname: self.soname.and_then(&mut name),
            needed,
            search: self.runpath.or(self.rpath).and_then(&mut name),
        }
    }
}

/// The text at a place of the file, up to the first zero, at most so many bytes; `None` if it is empty, does not end,
/// or is no text.
fn text<R: Read + Seek + ?Sized>(reader: &mut R, size: u64, at: u64, most: u64) -> Option<String> {
    // Names are short: what is read first is nearly always enough.
    for length in [128, LONGEST] {
        let length = length.min(most).min(size.checked_sub(at)?);
        let bytes = read_at(reader, size, at, length, "name in the dynamic table").ok()?;
        if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
            let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
            return (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned());
        }
    }
    None
}
