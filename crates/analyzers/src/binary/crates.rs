//! Crates that a Rust program gives away without audit data.
//!
//! The compiler puts the path of the source file into each message of a panic, and Cargo unpacks crates of
//! registries to `registry/src/<index>/<name>-<version>/`. A crate that cannot panic, or whose panics were
//! optimised away, is not among them, nor is one from a repository; builders that remap paths
//! (`--remap-path-prefix`) mostly keep this part.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use memchr::memmem;
use plimsoll_version::Scheme;

use super::sections::{ElfError, Tables, look_through};

/// What stands in front of the name of the index.
const FOLDER: &[u8] = b"registry/src/";
/// Longest path from [`FOLDER`] to the end of the version.
const LONGEST: u64 = 512;
/// Most crates of one program.
const MOST: usize = 20_000;

/// Name and version of a crate.
pub(super) type Crate = (String, String);

/// The crates whose paths are among the constants of a program.
pub(super) fn recover<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> Result<BTreeSet<Crate>, ElfError> {
    let mut found = BTreeSet::new();
    let Some(section) = elf.section(".rodata").filter(|section| section.is_kept()) else {
        return Ok(found);
    };
    let length = section.size.min(size.saturating_sub(section.offset));
    let finder = memmem::Finder::new(FOLDER);
    look_through(
        reader,
        (section.offset, length),
        LONGEST,
        "constants",
        |piece| {
            for place in finder.find_iter(piece) {
                let after = piece.get(place.saturating_add(FOLDER.len())..);
                found.extend(after.and_then(crate_at));
            }
            found.len() < MOST
        },
    )?;
    Ok(found)
}

/// The crate of `<index>/<name>-<version>/`.
fn crate_at(text: &[u8]) -> Option<Crate> {
    let mut parts = text
        .get(..text.len().min(300))?
        .splitn(3, |&byte| byte == b'/');
    let (index, folder, _inside) = (parts.next()?, parts.next()?, parts.next()?);
    if index.is_empty() || !index.iter().all(|&byte| is_part(byte)) {
        return None;
    }
    let folder = std::str::from_utf8(folder).ok()?;
    if !folder.bytes().all(is_part) {
        return None;
    }
    // Names have hyphens too, and so have pre-releases: the first rest that is a version is the version.
    folder.match_indices('-').find_map(|(at, _)| {
        let (name, rest) = (folder.get(..at)?, folder.get(at.checked_add(1)?..)?);
        let is_version = rest.split('.').count() >= 3
            && rest.starts_with(|c: char| c.is_ascii_digit())
            && Scheme::Semver.parse(rest).is_ok();
        (is_version && !name.is_empty()).then(|| (name.to_owned(), rest.to_owned()))
    })
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t69_folders_of_crates_are_told_from_other_text() {
        for (text, expected) in [
            (
                "index-1/serde-1.0.150/src/lib.rs",
                Some(("serde", "1.0.150")),
            ),
            (
                "i/serde-json-1.0.0-rc.1/x",
                Some(("serde-json", "1.0.0-rc.1")),
            ),
            (
                "i/zstd-sys-2.0.9+zstd.1.5.5/",
                Some(("zstd-sys", "2.0.9+zstd.1.5.5")),
            ),
            ("i/utf-8-0.7.6/", Some(("utf-8", "0.7.6"))),
            ("i/serde-1.0.150", None),
            ("i/serde-1.0/", None),
            ("i/-1.0.0/", None),
            ("/serde-1.0.0/", None),
            ("i/a b-1.0.0/", None),
            ("", None),
        ] {
            let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
            assert_eq!(crate_at(text.as_bytes()), expected, "{text}");
        }
    }
}
