//! Packages of dpkg that lie in the image as files, `*.deb`, and that nobody installed from there.
//!
//! Such a file is an `ar` archive (`deb(5)`): `debian-binary` with the version of the format, `control.tar` with what
//! describes the package, compressed by gzip, xz or zstd or not at all, and `data.tar` with its files, which are not
//! read. The control file is what dpkg copies into its database at installation.

use std::io::{self, BufRead, BufReader, Read};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::dpkg;
use super::dpkg::stanza::Stanza;

/// Packages of dpkg as files.
#[derive(Debug)]
pub struct DebArchive;

static META: Meta = Meta {
    id: "os/deb-archive",
    revision: 1,
    docs: "Reads which package a `.deb` is that lies in the image. Nobody need have installed it from there.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".deb"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: u64::MAX,
    loss: Effect::Gap,
};

/// What describes a package comes first; the largest, with sums of a hundred thousand files, is a megabyte.
const HEAD_BYTES: u64 = 4 << 20;

/// Control archives inflate to a few megabytes.
const INFLATED_BYTES: u64 = 16 << 20;

/// Control files have some kilobytes, mostly of dependencies.
const CONTROL_BYTES: u64 = 1 << 20;

/// Memory for the dictionary of xz in KiB: `xz -9` takes 64 MiB and a little.
const XZ_KIB: u32 = 80 << 10;

/// Windows up to 128 MB, what `zstd` itself accepts without being asked for more.
const WINDOW_LOG: u32 = 27;

const MAGIC: &[u8] = b"!<arch>\n";
const MEMBER_BYTES: usize = 60;

impl Analyzer for DebArchive {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(HEAD_BYTES)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let head = file.bytes().unwrap_or_default();
        let Some(members) = head.strip_prefix(MAGIC) else {
            sink.problem(
                Effect::Note,
                "is no package of dpkg, whatever its name says",
            );
            return;
        };
        match control(members).and_then(|control| package(&control)) {
            Ok(fact) => sink.package(fact),
            Err(Odd::Says(reason)) => sink.unreadable(reason),
            Err(Odd::End) if head.len() as u64 == file.size => {
                sink.unreadable("is cut off before the end of its control archive");
            }
            Err(Odd::End) => sink.unreadable(format!(
                "its control archive goes beyond the first {} bytes, of which alone it is read",
                head.len()
            )),
        }
    }
}

/// Why there is no package.
enum Odd {
    /// The bytes end.
    End,
    /// They do not make sense.
    Says(String),
}

/// One member of the archive.
struct Member<'b> {
    /// Without the slash that some writers put behind it.
    name: &'b [u8],
    bytes: &'b [u8],
    /// Whether the archive ends before the member does.
    is_cut: bool,
    /// What comes behind it.
    rest: &'b [u8],
}

/// The member at the beginning of these bytes: a head of 60 bytes with name, size and a mark, and as many bytes as it
/// says, filled up to an even number (`ar(5)`).
fn member(bytes: &[u8]) -> Result<Member<'_>, Odd> {
    let damaged = || Odd::Says("has a damaged head of a member".to_owned());
    let (head, rest) = bytes.split_at_checked(MEMBER_BYTES).ok_or(Odd::End)?;
    let field = |from: usize, to: usize| head.get(from..to).unwrap_or_default().trim_ascii_end();
    if head.get(58..) != Some(b"`\n") {
        return Err(damaged());
    }
    let digits = std::str::from_utf8(field(48, 58)).unwrap_or_default();
    // A number may bear a sign, a size may not.
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let size: usize = digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(damaged)?;
    let name = field(0, 16);
    Ok(Member {
        name: name.strip_suffix(b"/").unwrap_or(name),
        bytes: rest.get(..size).unwrap_or(rest),
        is_cut: rest.len() < size,
        rest: rest.get(size.next_multiple_of(2)..).unwrap_or_default(),
    })
}

/// The control file in the members of a package.
fn control(members: &[u8]) -> Result<Vec<u8>, Odd> {
    let first = member(members)?;
    if first.name != b"debian-binary" {
        return Err(Odd::Says(
            "is an archive that does not begin with `debian-binary`".to_owned(),
        ));
    }
    // dpkg takes every minor version of 2.
    if !first.bytes.starts_with(b"2.") {
        let version = String::from_utf8_lossy(first.bytes.get(..8).unwrap_or(first.bytes));
        let version = version.trim();
        return Err(Odd::Says(format!(
            "is of version `{version}` of the format, which is not known"
        )));
    }
    let mut rest = first.rest;
    loop {
        if rest.is_empty() {
            return Err(Odd::End);
        }
        let next = member(rest)?;
        if next.name.starts_with(b"control.tar") {
            return in_archive(&next);
        }
        rest = next.rest;
    }
}

/// The file `control` of the control archive.
fn in_archive(member: &Member<'_>) -> Result<Vec<u8>, Odd> {
    let found = plain(member.bytes).map(|plain| plain.take(INFLATED_BYTES));
    let mut inflated = match found {
        Ok(inflated) => inflated,
        Err(_) if member.is_cut => return Err(Odd::End),
        Err(error) => {
            let reason = format!("has a control archive that cannot be read: {error}");
            return Err(Odd::Says(reason));
        }
    };
    let control = named_control(&mut inflated);
    let reason = match control {
        Ok(Some(control)) => return Ok(control),
        _ if member.is_cut => return Err(Odd::End),
        _ if inflated.limit() == 0 => format!(
            "has no control file in the first {} MiB of its control archive",
            INFLATED_BYTES >> 20
        ),
        Ok(None) => "has no control file in its control archive".to_owned(),
        Err(error) => format!("has a control archive that cannot be read: {error}"),
    };
    Err(Odd::Says(reason))
}

/// The content of the first file of a tar archive that is called `control`.
fn named_control(tar: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries()? {
        let entry = entry?;
        let path = entry.path_bytes();
        let is_control = path.strip_prefix(b"./").unwrap_or(&path) == b"control";
        if !is_control || !entry.header().entry_type().is_file() {
            continue;
        }
        let size = entry.size();
        if size > CONTROL_BYTES {
            return Err(io::Error::other(format!(
                "its control file has {size} bytes"
            )));
        }
        let mut control = Vec::new();
        entry.take(size).read_to_end(&mut control)?;
        if (control.len() as u64) < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        return Ok(Some(control));
    }
    Ok(None)
}

/// What was compressed by gzip, xz or zstd, or not at all.
fn plain(packed: &[u8]) -> io::Result<Box<dyn BufRead + '_>> {
    Ok(match packed {
        [0x1f, 0x8b, ..] => Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(packed))),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Box::new(BufReader::new(
            lzma_rust2::XzReader::new_mem_limit(packed, true, XZ_KIB),
        )),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(BufReader::new(decoder))
        }
        _ => Box::new(packed),
    })
}

/// The package of a control file.
fn package(control: &[u8]) -> Result<PackageFact, Odd> {
    let mut stanza = Stanza::default();
    let lines = control.split(|&byte| byte == b'\n');
    for (number, line) in (1_u64..).zip(lines) {
        if line.trim_ascii().is_empty() {
            if stanza.is_named() {
                break;
            }
            continue;
        }
        if let Some(odd) = stanza.take(line, number) {
            return Err(Odd::Says(format!(
                "line {number} of its control file {odd}"
            )));
        }
    }
    if stanza.package.is_empty() || stanza.version.is_empty() {
        let lack = "has a control file without a name or a version";
        return Err(Odd::Says(lack.to_owned()));
    }
    Ok(PackageFact {
        evidence: EvidenceKind::Archived,
        ..dpkg::fact(stanza, Ecosystem::Deb)
    })
}

#[cfg(test)]
mod tests {
    use plimsoll_model::ImagePath;

    use super::*;

    /// Only the head of a large package is there, and its description is not in it.
    #[test]
    fn a_description_beyond_the_head_is_said() {
        let member = |name: &str, size: u64| format!("{name:<48}{size:<10}`\n");
        let mut bytes = MAGIC.to_vec();
        bytes.extend(member("debian-binary", 4).bytes());
        bytes.extend(b"2.0\n");
        bytes.extend(member("control.tar", HEAD_BYTES).bytes());
        let description = bytes.len() + usize::try_from(HEAD_BYTES).expect("a head fits");
        let whole = description as u64 + (500 << 20);
        bytes.resize(usize::try_from(HEAD_BYTES).expect("a head fits"), 0);
        let path = ImagePath::new("opt/large.deb");
        let said = |size: u64| {
            let (mut facts, mut problems) = (Vec::new(), Vec::new());
            let mut sink = Sink::new(&path, &META, &mut facts, &mut problems);
            DebArchive.analyze(&mut File::head(&path, 0o644, size, &bytes), &mut sink);
            assert_eq!(facts, []);
            problems.pop().expect("there is a problem").reason
        };
        assert!(said(whole).contains("beyond the first 4194304 bytes"));
        assert!(said(bytes.len() as u64).contains("is cut off"));
    }
}
