//! The build information that Go's linker writes into each program.
//!
//! Source: Go's `debug/buildinfo` (where it is and how it is written) and `runtime/debug`
//! (`BuildInfo.String`, the text). Two forms exist: until Go 1.17 two pointers to strings, since 1.18 the
//! strings themselves.

use std::io::{Read, Seek};

use super::sections::{ElfError, PF_W, PF_X, PT_LOAD, Tables, read_capped};

/// What the build information begins with.
const MAGIC: &[u8; 14] = b"\xff Go buildinf:";
/// The information lies on a multiple of this.
const ALIGN: usize = 16;
/// The header before the strings of the newer form.
const HEADER: u64 = 32;
/// How far the information is looked for in its section or in the data segment.
const SEARCH: u64 = 1 << 20;
/// Longest name of a toolchain.
const MOST_VERSION: u64 = 4096;
/// Longest text about modules. Kubernetes has about 40 KB.
const MOST_MODULES: u64 = 8 << 20;

/// What the linker wrote.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BuildInfo {
    /// The toolchain, such as `go1.21.3 X:boringcrypto`.
    pub(super) toolchain: String,
    /// The text about modules and settings; empty if the program was built without.
    pub(super) modules: String,
}

/// The sections by which a Go program is known even where its build information is gone.
const GO_SECTIONS: [&str; 3] = [".go.buildinfo", ".gopclntab", ".note.go.buildid"];

/// Whether Go's linker made the file, as far as its sections tell.
pub(super) fn is_go(elf: &Tables) -> bool {
    GO_SECTIONS.iter().any(|name| elf.section(name).is_some())
}

impl BuildInfo {
    /// Reads the build information; `None` if there is none.
    pub(super) fn read<R: Read + Seek + ?Sized>(
        elf: &Tables,
        reader: &mut R,
        size: u64,
    ) -> Result<Option<Self>, ElfError> {
        const WHAT: &str = "Go build information";
        let Some((start, length)) = region(elf) else {
            return Ok(None);
        };
        let length = length.min(SEARCH).min(size.saturating_sub(start));
        let region = read_capped(reader, size, (start, length), SEARCH, WHAT)?;
        // The linker aligns the information in memory, and sections by at least as much in the file.
        let found = region
            .chunks(ALIGN)
            .position(|chunk| chunk.starts_with(MAGIC))
            .and_then(|chunk| chunk.checked_mul(ALIGN))
            .and_then(|at| {
                Some((
                    at,
                    *region.get(at.checked_add(14)?)?,
                    *region.get(at.checked_add(15)?)?,
                ))
            });
        let Some((at, pointer, flags)) = found else {
            return Ok(None);
        };
        let at = start.saturating_add(at as u64);
        let mut strings = Strings { elf, reader, size };
        let (toolchain, modules) = if flags & 2 != 0 {
            let (toolchain, next) = strings.inline(at.saturating_add(HEADER), MOST_VERSION)?;
            (toolchain, strings.inline(next, MOST_MODULES)?.0)
        } else {
            let pointer = u64::from(pointer);
            let first = strings.pointed(at.saturating_add(16), pointer, MOST_VERSION)?;
            let second = at.saturating_add(16).saturating_add(pointer);
            (first, strings.pointed(second, pointer, MOST_MODULES)?)
        };
        Ok(Some(Self {
            toolchain: String::from_utf8_lossy(&toolchain).into_owned(),
            modules: String::from_utf8_lossy(without_sentinels(&modules)).into_owned(),
        }))
    }
}

/// Where to look: the section that has the name, else the writable data of a file that has no sections.
fn region(elf: &Tables) -> Option<(u64, u64)> {
    if let Some(section) = elf.section(".go.buildinfo") {
        return section.is_kept().then_some((section.offset, section.size));
    }
    if elf.has_sections() && !is_go(elf) {
        return None;
    }
    elf.segments
        .iter()
        .find(|segment| segment.kind == PT_LOAD && segment.flags & (PF_X | PF_W) == PF_W)
        .map(|segment| (segment.offset, segment.size))
}

/// The text stands between two runs of sixteen bytes by which the runtime finds it; the last byte before
/// the second is a line feed.
fn without_sentinels(text: &[u8]) -> &[u8] {
    let Some(end) = text.len().checked_sub(16) else {
        return &[];
    };
    match text.get(16..end) {
        Some(inner) if inner.ends_with(b"\n") => inner,
        _ => &[],
    }
}

/// Reads the two forms of strings.
struct Strings<'a, R: ?Sized> {
    elf: &'a Tables,
    reader: &'a mut R,
    size: u64,
}

impl<R: Read + Seek + ?Sized> Strings<'_, R> {
    fn bytes(&mut self, offset: u64, length: u64, most: u64) -> Result<Vec<u8>, ElfError> {
        read_capped(
            self.reader,
            self.size,
            (offset, length),
            most,
            "Go build information",
        )
    }

    /// A length as `encoding/binary` writes it (seven bits a byte), and as many bytes; says where it ends.
    fn inline(&mut self, offset: u64, most: u64) -> Result<(Vec<u8>, u64), ElfError> {
        let room = self.size.saturating_sub(offset).min(10);
        let prefix = self.bytes(offset, room, 10)?;
        let mut length = 0_u64;
        for (place, byte) in prefix.iter().enumerate() {
            let shift = u32::try_from(place).unwrap_or(u32::MAX).saturating_mul(7);
            length |= u64::from(byte & 0x7f)
                .checked_shl(shift)
                .unwrap_or_default();
            if byte & 0x80 == 0 {
                let start = offset.saturating_add(place as u64).saturating_add(1);
                let bytes = self.bytes(start, length, most)?;
                return Ok((bytes, start.saturating_add(length)));
            }
        }
        Err(ElfError::Invalid("length in the Go build information"))
    }

    /// A pointer to Go's string header, which is a pointer and a length.
    fn pointed(&mut self, offset: u64, pointer: u64, most: u64) -> Result<Vec<u8>, ElfError> {
        let header = self.address(offset, pointer)?;
        if header == 0 {
            return Ok(Vec::new());
        }
        let header = self.place(header)?;
        let data = self.address(header, pointer)?;
        let length = self.address(header.saturating_add(pointer), pointer)?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let data = self.place(data)?;
        self.bytes(data, length, most)
    }

    fn address(&mut self, offset: u64, pointer: u64) -> Result<u64, ElfError> {
        let invalid = || ElfError::Invalid("pointer in the Go build information");
        let bytes = self.bytes(offset, pointer, 8)?;
        let mut numbers = self.elf.numbers(&bytes);
        numbers.class = match pointer {
            4 => super::sections::Class::Elf32,
            8 => super::sections::Class::Elf64,
            _ => return Err(invalid()),
        };
        numbers.word(0, 0).ok_or_else(invalid)
    }

    fn place(&self, address: u64) -> Result<u64, ElfError> {
        self.elf
            .offset_of(address)
            .ok_or(ElfError::Outside("Go build information"))
    }
}
