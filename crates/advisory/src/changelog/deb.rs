//! The changelog in a binary package (deb(5)): an `ar` archive whose member `data.tar.*` holds the files.

use std::io::{self, BufRead, Read};

/// The most that the files of a package unpack to before its changelog must have come.
const DATA_LIMIT: u64 = 16 << 30;
/// The largest changelog.
const CHANGELOG_LIMIT: u64 = 64 << 20;
/// The most memory for the dictionary of xz, in KiB; `xz -9` needs a quarter of it.
const XZ_MEMORY: u32 = 256 << 10;

/// The bytes of `usr/share/doc/*/changelog.Debian.gz`, or `changelog.gz` of packages that are Debian's own, which
/// have no other.
pub(super) fn changelog(mut file: impl BufRead) -> io::Result<Vec<u8>> {
    let mut magic = [0_u8; 8];
    file.read_exact(&mut magic)?;
    if magic != *b"!<arch>\n" {
        return Err(io::Error::other("it is no Debian package"));
    }
    loop {
        let mut head = [0_u8; 60];
        file.read_exact(&mut head)?;
        let name = head.get(..16).unwrap_or_default();
        let size: u64 = head
            .get(48..58)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.trim_end().parse().ok())
            .ok_or_else(|| io::Error::other("a member of the package has no size"))?;
        if name.starts_with(b"data.tar") {
            let member = io::BufReader::new(file.by_ref().take(size));
            return in_files(plain(member)?.take(DATA_LIMIT));
        }
        // Members begin at even places.
        let padded = size.saturating_add(size & 1);
        let skipped = io::copy(&mut file.by_ref().take(padded), &mut io::sink())?;
        if skipped < padded {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn in_files(tar: impl Read) -> io::Result<Vec<u8>> {
    let mut archive = tar::Archive::new(tar);
    let mut own = None;
    for entry in archive.entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Some(rest) = path.trim_start_matches("./").strip_prefix("usr/share/doc/") else {
            continue;
        };
        let Some((_, name)) = rest.split_once('/') else {
            continue;
        };
        if !matches!(
            name,
            "changelog.Debian.gz" | "changelog.Debian" | "changelog.gz"
        ) {
            continue;
        }
        let mut bytes = Vec::new();
        plain(io::BufReader::new(entry))?
            .take(CHANGELOG_LIMIT)
            .read_to_end(&mut bytes)?;
        if name != "changelog.gz" {
            return Ok(bytes);
        }
        own = Some(bytes);
    }
    own.ok_or_else(|| io::Error::other("it has no changelog, or a link to that of another package"))
}

/// What was packed, by gzip, xz or Zstandard, or not at all.
pub(super) fn plain<'a>(mut packed: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let head = packed.fill_buf()?;
    Ok(match head {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, XZ_MEMORY))
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        _ => Box::new(packed),
    })
}
