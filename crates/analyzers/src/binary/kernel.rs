//! The Linux kernel: its image, and the folder with its modules.
//!
//! Sources: "The Linux/x86 Boot Protocol" of the kernel's documentation for `bzImage`: the mark `HdrS` at 0x202, and at
//! 0x20e where the text with the version is, counted from 0x200. "Booting `AArch64` Linux" for the mark of an `Image`.
//! Images that are not compressed have the text that the kernel prints first, `linux_banner`: `Linux version 6.1.0
//! (who@where) …`; those that are as a whole are unpacked up to it.
//!
//! Below `lib/modules/VERSION`, the build of the kernel lists the modules that it made (`modules.order`) or took in
//! (`modules.builtin`). What lies there in `kernel/` has no version of its own and is this one kernel, not
//! thousands of packages; what others put beside it is the concern of [`super::kernel_module`].

use std::io::Read;

use flate2::read::MultiGzDecoder;
use memchr::memmem::Finder;
use plimsoll_analyze::index::ELF_MAGIC;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, ReadSeek, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect, ImagePath};

use super::is_word;
use super::sections::Tables;

/// Images of the kernel, and lists of its modules.
#[derive(Debug)]
pub struct Kernel;

static META: Meta = Meta {
    id: "binary/kernel",
    revision: 1,
    docs: "Reads the version of the Linux kernel from its image, and from the lists of modules that its build leaves \
           in `lib/modules`.",
    interest: Interest {
        paths: &[],
        names: &[
            "bzImage", "kernel", "vmlinux", "vmlinuz", "zImage", LISTS[0], LISTS[1],
        ],
        suffixes: &[],
        under: &[
            ("**/bzImage-", ""),
            ("**/kernel-", ""),
            ("**/vmlinux-", ""),
            ("**/vmlinuz-", ""),
            ("**/zImage-", ""),
        ],
        executables: Executables::Ignored,
    },
    limit: super::LIMIT,
    // No container runs it.
    loss: Effect::Note,
};

/// Lists that the build of a kernel installs. `modules.dep` and its like are made later and by another.
const LISTS: [&str; 2] = ["modules.builtin", "modules.order"];

/// Most bytes in which the text of a kernel is searched, unpacked ones too. The largest image without debug symbols,
/// with all drivers built in, has less than half.
const MOST_BYTES: u64 = 128 << 20;

/// Bytes that are searched at once.
const BLOCK: usize = 256 << 10;
/// Longest text with a version that is looked at.
const LONGEST: usize = 512;

/// How `linux_banner` of `init/version.c` begins.
const BANNER: &[u8] = b"Linux version ";

impl Analyzer for Kernel {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let found = if LISTS.contains(&file.path.file_name()) {
            Ok(release_of(file.path)
                .filter(|_| lists_modules(file))
                .map(str::to_owned))
        } else {
            image(file)
        };
        match found {
            Ok(None) => {}
            Ok(Some(version)) if is_word(&version) => {
                let mut fact = PackageFact::new(Ecosystem::Generic, "linux-kernel", version);
                fact.evidence = EvidenceKind::Compiled;
                sink.package(fact);
            }
            Ok(Some(_)) => sink.unreadable("is a Linux kernel whose version is no version"),
            Err(error) => sink.unreadable(error),
        }
    }
}

/// `VERSION` of `…lib/modules/VERSION/…`, and what is behind it.
pub(super) fn release(path: &ImagePath) -> Option<(&str, &str)> {
    const FOLDER: &str = "lib/modules/";
    let path = path.as_str();
    let rest = match path.strip_prefix(FOLDER) {
        Some(rest) => rest,
        None => path.split_once("/lib/modules/")?.1,
    };
    rest.split_once('/')
}

/// The version of the folder, if the file is directly in it.
fn release_of(path: &ImagePath) -> Option<&str> {
    let (version, rest) = release(path)?;
    (!rest.contains('/')).then_some(version)
}

/// Whether any module of a kernel stands in a list; a kernel without modules leaves empty ones.
fn lists_modules(file: &mut File<'_>) -> bool {
    let mut head = [0; 7];
    file.reader().read_exact(&mut head).is_ok() && head == *b"kernel/"
}

/// The version in an image of the kernel; `None` for every other file.
fn image(file: &mut File<'_>) -> Result<Option<String>, String> {
    let size = file.size;
    let mut reader = file.reader();
    let head = head(&mut *reader).map_err(|error| format!("cannot be read: {error}"))?;
    let at = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
    if at(0x202, b"HdrS") && at(0x1fe, &[0x55, 0xaa]) {
        return setup(&head).map(Some);
    }
    let found = if at(0, &ELF_MAGIC) {
        // Programs may be called so; a kernel is one that has its text among its constants.
        let tables = Tables::read(&mut reader, size).ok().flatten();
        let Some(texts) = tables.and_then(|elf| elf.section(".rodata")) else {
            return Ok(None);
        };
        if !texts.is_kept() {
            return Ok(None);
        }
        let start = std::io::SeekFrom::Start(texts.offset);
        let texts = reader.seek(start).map(|_| reader.take(texts.size));
        return texts
            .and_then(banner)
            .map_err(|error| format!("cannot be searched for the version of a kernel: {error}"));
    } else if at(0, &[0x1f, 0x8b]) {
        rewind(&mut *reader).and_then(|reader| banner(MultiGzDecoder::new(reader)))
    } else if at(0x38, b"ARM\x64") {
        rewind(&mut *reader).and_then(banner)
    } else if at(0x24, &0x016f_2818_u32.to_le_bytes()) || at(4, b"zimg") {
        // A 32-bit zImage for ARM, or an EFI image that unpacks itself.
        return Err("is a Linux kernel that is compressed, so that its version is not read".into());
    } else {
        return Ok(None);
    };
    match found {
        Ok(None) if at(0, &[0x1f, 0x8b]) => Ok(None),
        Ok(None) => Err("is a Linux kernel that does not tell its version".into()),
        Ok(found) => Ok(found),
        Err(error) => Err(format!(
            "cannot be searched for the version of a kernel: {error}"
        )),
    }
}

/// The part of an x86 image in which a text may stand: at most 64 sectors of setup, and the boot sector.
fn head(reader: &mut dyn ReadSeek) -> std::io::Result<Vec<u8>> {
    const MOST: u64 = 0x200 * 65;
    let mut head = Vec::new();
    reader.take(MOST).read_to_end(&mut head)?;
    Ok(head)
}

fn rewind(reader: &mut dyn ReadSeek) -> std::io::Result<&mut dyn ReadSeek> {
    reader.rewind()?;
    Ok(reader)
}

/// The version in the setup of an image for x86.
fn setup(head: &[u8]) -> Result<String, String> {
    let at = head.get(0x20e..).and_then(|rest| rest.first_chunk::<2>());
    let at = usize::from(at.map_or(0, |bytes| u16::from_le_bytes(*bytes)));
    if at == 0 {
        return Err("is a Linux kernel that does not tell its version".into());
    }
    let text = head.get(at.saturating_add(0x200)..).unwrap_or_default();
    let text = text.get(..LONGEST).unwrap_or(text);
    let end = text.iter().position(|byte| *byte == 0);
    let text = end.and_then(|end| std::str::from_utf8(text.get(..end)?).ok());
    let version = text.and_then(|text| text.split(' ').next());
    version
        .map(str::to_owned)
        .ok_or_else(|| "is a Linux kernel without a valid version in its setup".into())
}

/// The version in the text that a kernel prints first, searched block by block.
fn banner(reader: impl Read) -> std::io::Result<Option<String>> {
    let finder = Finder::new(BANNER);
    let mut reader = reader.take(MOST_BYTES);
    let mut room = Vec::with_capacity(BLOCK.saturating_add(LONGEST));
    loop {
        // What could begin at the end of the last block is looked at again.
        let done = room.len().saturating_sub(LONGEST);
        room.drain(..done);
        let block = u64::try_from(BLOCK).unwrap_or(u64::MAX);
        if (&mut reader).take(block).read_to_end(&mut room)? == 0 {
            return Ok(None);
        }
        let mut found = finder.find_iter(&room);
        if let Some(version) = found.find_map(|at| version(room.get(at..)?)) {
            return Ok(Some(version));
        }
    }
}

/// `6.1.0` of `Linux version 6.1.0 (who@where) …`; other texts speak of versions too, and have no builder.
fn version(text: &[u8]) -> Option<String> {
    let rest = text.strip_prefix(BANNER)?;
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let end = rest.iter().position(|byte| *byte == b' ')?;
    let (version, behind) = rest.split_at_checked(end)?;
    let is_version = version.first().is_some_and(u8::is_ascii_digit) && behind.starts_with(b" (");
    let version = std::str::from_utf8(version).ok().filter(|_| is_version)?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_modules_names_the_release() {
        for (path, is) in [
            (
                "lib/modules/6.1.0-50-amd64/modules.order",
                Some("6.1.0-50-amd64"),
            ),
            ("usr/lib/modules/6.9/modules.order", Some("6.9")),
            ("lib/modules/6.9/extra/modules.order", None),
            ("lib/modules/modules.order", None),
            ("srv/mylib/modules/6.9/modules.order", None),
        ] {
            assert_eq!(release_of(&ImagePath::new(path)), is, "{path}");
        }
    }

    #[test]
    fn the_text_of_a_kernel_has_a_builder() {
        let is = |text: &[u8]| version(text);
        let text = b"Linux version 6.1.0-50-arm64 (who@where) (gcc) #1 SMP";
        assert_eq!(is(text).as_deref(), Some("6.1.0-50-arm64"));
        assert_eq!(is(b"Linux version 2.6.32 or newer"), None);
        assert_eq!(is(b"Linux version %s (who@where)"), None);
        assert_eq!(is(b"Linux version 6.1.0-50-arm64"), None);
    }

    #[test]
    fn a_text_between_two_blocks_is_found() {
        let text = b"Linux version 6.1.0 (who@where)";
        for at in BLOCK - text.len()..=BLOCK {
            let mut bytes = vec![0; at];
            bytes.extend(text);
            bytes.resize(BLOCK * 2, 0);
            let found = banner(bytes.as_slice()).expect("memory can be read");
            assert_eq!(found.as_deref(), Some("6.1.0"), "{at}");
        }
    }
}
