//! Modules of the Linux kernel that did not come with it: drivers of vendors, modules that DKMS built.
//!
//! Sources: `include/linux/module.h` and `scripts/mod/modpost.c`: the section `.modinfo` is a list of texts `key=value`,
//! each with a zero byte behind it; `kmod` for the compressions, `.gz`, `.xz` and `.zst`.
//!
//! What lies below `lib/modules/VERSION/kernel/` came with the kernel, thousands of files, and is told by
//! [`super::kernel`]; these are not even unpacked. A module elsewhere has its own version, or the kernel's if it was built
//! within the kernel's tree, or none.

use std::io::{Read, Seek, Write};

use flate2::read::MultiGzDecoder;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, ReadSeek, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::is_word;
use super::kernel::release;
use super::sections::{ElfError, Tables, read_at};

/// Modules beside those of the kernel.
#[derive(Debug)]
pub struct KernelModule;

static META: Meta = Meta {
    id: "binary/kernel-module",
    revision: 1,
    docs: "Reads name, version and licence of each module of the Linux kernel that lies in `lib/modules` beside those \
           that came with the kernel.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[
            ("**/lib/modules/", ".ko"),
            ("**/lib/modules/", ".ko.gz"),
            ("**/lib/modules/", ".ko.xz"),
            ("**/lib/modules/", ".ko.zst"),
        ],
        executables: Executables::Ignored,
    },
    limit: super::LIMIT,
    loss: Effect::Note,
};

/// Largest module, unpacked; the largest of a vendor have a hundred million bytes.
const MOST_BYTES: u64 = 512 << 20;
/// The most memory for a dictionary of xz, in KiB; the kernel's build takes 1 or 2 MiB, `xz -9` 64.
const XZ_MEMORY: u32 = 80 << 10;
/// The largest window of zstd, as a power of two; `zstd -19` has 2^23.
const ZSTD_WINDOW: u32 = 26;

impl Analyzer for KernelModule {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some((_, place)) = release(file.path) else {
            return;
        };
        if place.starts_with("kernel/") {
            return;
        }
        let name = file.path.file_name().to_owned();
        match read(file, &name) {
            Ok(None) => {}
            Ok(Some(bytes)) => match module(&bytes, &name) {
                Some(fact) => sink.package(fact),
                None => sink.unreadable("a module of the kernel without a valid name and version"),
            },
            Err(error) => {
                sink.unreadable(format!("cannot be read as a module of the kernel: {error}"));
            }
        }
    }
}

/// Why a module cannot be read.
#[derive(Debug, thiserror::Error)]
enum ModuleError {
    #[error(transparent)]
    Elf(#[from] ElfError),
    #[error("it cannot be unpacked: {0}")]
    Unpack(#[source] std::io::Error),
    #[error("it has more than {MOST_BYTES} bytes unpacked")]
    TooLarge,
}

/// The section `.modinfo`; `None` for a file that is none of the kernel's modules.
fn read(file: &mut File<'_>, name: &str) -> Result<Option<Vec<u8>>, ModuleError> {
    let size = file.size;
    let mut reader = file.reader();
    let packed: Box<dyn Read + '_> = match name.rsplit_once('.') {
        Some((_, "gz")) => Box::new(MultiGzDecoder::new(reader)),
        Some((_, "xz")) => Box::new(lzma_rust2::XzReader::new_mem_limit(reader, true, XZ_MEMORY)),
        Some((_, "zst")) => Box::new(zstd(reader).map_err(ModuleError::Unpack)?),
        _ => return Ok(described(&mut reader, size)?),
    };
    // The table of sections is at the end of the file, and so all of it is needed.
    let (mut unpacked, size) = unpack(packed)?;
    Ok(described(&mut unpacked, size)?)
}

fn zstd(reader: Box<dyn ReadSeek + '_>) -> std::io::Result<impl Read> {
    let mut decoder = zstd::Decoder::new(reader)?;
    decoder.window_log_max(ZSTD_WINDOW)?;
    Ok(decoder)
}

/// Unpacks into a temporary file; the answer has its size.
fn unpack(packed: impl Read) -> Result<(std::fs::File, u64), ModuleError> {
    let mut packed = packed.take(MOST_BYTES.saturating_add(1));
    let mut file = tempfile::tempfile().map_err(ModuleError::Unpack)?;
    let size = std::io::copy(&mut packed, &mut file).map_err(ModuleError::Unpack)?;
    if size > MOST_BYTES {
        return Err(ModuleError::TooLarge);
    }
    file.flush().map_err(ModuleError::Unpack)?;
    Ok((file, size))
}

fn described<R: Read + Seek + ?Sized>(
    reader: &mut R,
    size: u64,
) -> Result<Option<Vec<u8>>, ElfError> {
    const SECTION: &str = ".modinfo";
    let Some(elf) = Tables::read_object(reader, size)? else {
        return Ok(None);
    };
    let Some(section) = elf.section(SECTION).filter(|section| section.is_kept()) else {
        return Ok(None);
    };
    read_at(reader, size, section.offset, section.size, SECTION).map(Some)
}

/// The values of a key.
fn texts<'a>(bytes: &'a [u8], wanted: &'a str) -> impl Iterator<Item = &'a str> {
    bytes.split(|byte| *byte == 0).filter_map(move |text| {
        let (key, value) = std::str::from_utf8(text).ok()?.split_once('=')?;
        (key == wanted && !value.is_empty()).then_some(value)
    })
}

/// What a module says of itself; `None` without a name and a version that could be those of a package.
fn module(bytes: &[u8], file: &str) -> Option<PackageFact> {
    let all = |wanted| texts(bytes, wanted);
    let one = |wanted| texts(bytes, wanted).next();
    // Modules of kernels before 4.13 have no name but that of the file, in which the two signs mean the same.
    let name = one("name").map_or_else(
        || file.split('.').next().unwrap_or(file).replace('-', "_"),
        str::to_owned,
    );
    // `vermagic=6.1.0-50-amd64 SMP preempt mod_unload modversions`
    let kernel = one("vermagic").and_then(|magic| magic.split(' ').next());
    let kernel = kernel.filter(|_| one("intree").is_some());
    let version = one("version").and_then(|text| text.split_whitespace().next());
    let version = version.or(kernel).unwrap_or_default();
    if !is_word(&name) || !(version.is_empty() || is_word(version)) {
        return None;
    }
    let mut fact = PackageFact::new(Ecosystem::Generic, name, version);
    fact.evidence = EvidenceKind::Compiled;
    fact.licenses.extend(all("license").map(str::to_owned));
    let needed = all("depends").flat_map(|names| names.split(','));
    fact.depends
        .extend(needed.map(|name| name.replace('-', "_")));
    Some(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_its_version_or_that_of_its_kernel() {
        let told =
            |text: &[u8]| module(text, "acme-net.ko.xz").map(|fact| (fact.name, fact.version));
        for (text, name, version) in [
            (
                &b"version=1.2\0name=acme\0vermagic=6.1.0 SMP \0"[..],
                "acme",
                "1.2",
            ),
            (
                b"intree=Y\0name=acme\0vermagic=6.1.0 SMP \0",
                "acme",
                "6.1.0",
            ),
            (b"name=acme\0vermagic=6.1.0 SMP \0", "acme", ""),
            (b"version=\xff\0version=2\0name=acme", "acme", "2"),
            (b"name=acme\0version=2.0 beta", "acme", "2.0"),
            (b"", "acme_net", ""),
        ] {
            let expected = Some((name.to_owned(), version.to_owned()));
            assert_eq!(told(text), expected, "{}", text.escape_ascii());
        }
        assert_eq!(told(b"name=a b\0version=1"), None);
        assert_eq!(told(b"name=a\0version=1\x1b[2J"), None);
    }
}
