//! Extensions of the PHP interpreter.
//!
//! Source: PHP's `Zend/zend_modules.h`. An extension is a shared object with one table, `zend_module_entry`: its
//! second half has the version, and the last field points to the build's mark, `API20230831,NTS`. The mark is
//! searched, then the pointer to it, and from there name and version are at fixed distances. Pointers are those that
//! the dynamic linker would write: an addend of a relocation, or what stands in their place.

use std::collections::HashMap;
use std::io::{Read, Seek};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect, ImagePath};

use super::is_word;
use super::sections::{Class, ElfError, Tables, read_capped};

/// Extensions of PHP.
#[derive(Debug)]
pub struct PhpExtension;

static META: Meta = Meta {
    id: "binary/php-extension",
    revision: 1,
    docs: "Reads name and version of the extensions of PHP, shared objects below a folder `php…`.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    loss: Effect::Note,
};

/// Most bytes of a section that is looked through; that of the largest extension has five million.
const MOST_BYTES: u64 = 32 << 20;

impl Analyzer for PhpExtension {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if !is_of_php(file.path) {
            return;
        }
        let size = file.size;
        let mut reader = file.reader();
        // A file that is no valid ELF is the concern of `binary/elf`.
        let Ok(Some(elf)) = Tables::read(&mut reader, size) else {
            return;
        };
        match module(&elf, &mut reader, size) {
            Ok(None) => {}
            Ok(Some((name, version))) => {
                let name = format!("php-ext-{}", name.to_ascii_lowercase().replace(' ', "-"));
                if !is_word(&name) || !is_word(&version) {
                    return sink.unreadable("an extension of PHP without a valid name and version");
                }
                let mut fact = PackageFact::new(Ecosystem::Generic, name, version);
                fact.evidence = EvidenceKind::Compiled;
                sink.package(fact);
            }
            Err(error) => {
                sink.unreadable(format!("cannot be read as an extension of PHP: {error}"));
            }
        }
    }
}

/// `…/php/extensions/no-debug-non-zts-20230831/x.so`, `…/php/20230831/x.so`, `…/php83/modules/x.so`.
fn is_of_php(path: &ImagePath) -> bool {
    let mut parts = path.as_str().rsplit('/');
    let end = parts.next().and_then(|file| file.rsplit_once('.'));
    end.is_some_and(|(_, end)| end == "so") && parts.any(|folder| folder.starts_with("php"))
}

/// Name and version of an extension, if the shared object is one and has both.
fn module<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> Result<Option<(String, String)>, ElfError> {
    let Some(texts) = Part::read(elf, reader, size, ".rodata")? else {
        return Ok(None);
    };
    let Some(mark) = mark(&texts.bytes).and_then(|at| texts.address_of(at)) else {
        return Ok(None);
    };
    let pointers = Pointers::read(elf, reader, size)?;
    let Some(last) = pointers.place_of(mark) else {
        return Ok(None);
    };
    // Distances of the fields from the last one, with and without 64-bit pointers.
    let (name, version) = match elf.class {
        Class::Elf64 => (128, 72),
        Class::Elf32 => (68, 40),
    };
    let text = |distance: u64| {
        let address = pointers.at(last.checked_sub(distance)?)?;
        texts.text(address)
    };
    Ok(text(name).zip(text(version)))
}

/// Where the mark of the build is: `API`, eight digits, `,NTS` or `,TS`.
fn mark(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, b"API").find(|at| {
        let rest = bytes.get(at.saturating_add(3)..).unwrap_or_default();
        let Some((digits, kind)) = rest.split_first_chunk::<8>() else {
            return false;
        };
        digits.iter().all(u8::is_ascii_digit)
            && (kind.starts_with(b",NTS") || kind.starts_with(b",TS"))
    })
}

/// A section with its address.
struct Part {
    address: u64,
    bytes: Vec<u8>,
}

impl Part {
    fn read<R: Read + Seek + ?Sized>(
        elf: &Tables,
        reader: &mut R,
        size: u64,
        name: &'static str,
    ) -> Result<Option<Self>, ElfError> {
        let Some(section) = elf.section(name).filter(|section| section.is_kept()) else {
            return Ok(None);
        };
        let place = (section.offset, section.size);
        Ok(Some(Self {
            address: section.address,
            bytes: read_capped(reader, size, place, MOST_BYTES, "section")?,
        }))
    }

    fn address_of(&self, at: usize) -> Option<u64> {
        self.address.checked_add(u64::try_from(at).ok()?)
    }

    fn text(&self, address: u64) -> Option<String> {
        let at = usize::try_from(address.checked_sub(self.address)?).ok()?;
        let rest = self.bytes.get(at..)?;
        let end = rest.iter().take(256).position(|byte| *byte == 0)?;
        String::from_utf8(rest.get(..end)?.to_vec()).ok()
    }
}

/// What the dynamic linker writes, by the address where it writes it.
struct Pointers {
    written: HashMap<u64, u64>,
    tables: Vec<Part>,
    wide: bool,
    big: bool,
}

impl Pointers {
    fn read<R: Read + Seek + ?Sized>(
        elf: &Tables,
        reader: &mut R,
        size: u64,
    ) -> Result<Self, ElfError> {
        let mut this = Self {
            written: HashMap::new(),
            tables: Vec::new(),
            wide: elf.class == Class::Elf64,
            big: elf.order == super::sections::Order::Big,
        };
        if let Some(relocations) = Part::read(elf, reader, size, ".rela.dyn")? {
            let step = if this.wide { 24 } else { 12 };
            for entry in relocations.bytes.chunks_exact(step) {
                let numbers = elf.numbers(entry);
                if let (Some(place), Some(addend)) = (numbers.word(0, 0), numbers.word(8, 16)) {
                    this.written.insert(place, addend);
                }
            }
        }
        for name in [".data.rel.ro", ".data.rel.ro.local", ".data"] {
            this.tables.extend(Part::read(elf, reader, size, name)?);
        }
        Ok(this)
    }

    fn width(&self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.big {
            bytes.iter().fold(0, join)
        } else {
            bytes.iter().rev().fold(0, join)
        }
    }

    /// The lowest address at which a pointer to `target` stands.
    fn place_of(&self, target: u64) -> Option<u64> {
        let written = self.written.iter();
        let written = written
            .filter(|(_, to)| **to == target)
            .map(|(place, _)| *place)
            .min();
        written.or_else(|| {
            self.tables.iter().find_map(|table| {
                let words = table.bytes.chunks_exact(self.width());
                let at = words
                    .enumerate()
                    .find(|(_, word)| self.number(word) == target)?;
                table.address_of(at.0.checked_mul(self.width())?)
            })
        })
    }

    /// The pointer at an address.
    fn at(&self, address: u64) -> Option<u64> {
        if let Some(to) = self.written.get(&address) {
            return Some(*to);
        }
        self.tables.iter().find_map(|table| {
            let at = usize::try_from(address.checked_sub(table.address)?).ok()?;
            let word = table.bytes.get(at..)?.get(..self.width())?;
            Some(self.number(word)).filter(|to| *to != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_lie_below_folders_of_php() {
        for (path, is) in [
            (
                "usr/local/lib/php/extensions/no-debug-non-zts-20230831/redis.so",
                true,
            ),
            ("usr/lib/php/20230831/redis.so", true),
            ("usr/lib64/php-zts/modules/redis.so", true),
            ("usr/lib/php83/modules/redis.so", true),
            ("usr/lib/libphp.so", false),
            ("usr/lib/php/redis.so.1", false),
        ] {
            assert_eq!(is_of_php(&ImagePath::new(path)), is, "{path}");
        }
    }

    #[test]
    fn the_mark_of_a_build_is_found() {
        assert_eq!(mark(b"API\0API20230831,NTS\0"), Some(4));
        assert_eq!(mark(b"API20230831,XTS"), None);
        assert_eq!(mark(b"API2023"), None);
    }
}
