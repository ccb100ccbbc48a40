//! Packages of rpm that lie in the image as files, `*.rpm`, and that nobody installed from there.
//!
//! Such a file begins with a lead of 96 bytes, a header with signatures that is filled up to eight bytes, and the
//! header of the package, which rpm copies into its database at installation (RPM file format, "The Package File").
//! The files of the package come behind it and are not read.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::EvidenceKind;

use super::rpm;

/// Packages of rpm as files.
#[derive(Debug)]
pub struct RpmArchive;

static META: Meta = Meta {
    id: "os/rpm-archive",
    revision: 1,
    docs: "Reads which package a `.rpm` is that lies in the image. Nobody need have installed it from there.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".rpm"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: u64::MAX,
    loss: Effect::Gap,
};

/// Headers grow with the number of files; that of the kernel's sources, with a hundred thousand, is larger, and then
/// it is said.
const HEAD_BYTES: u64 = 8 << 20;

const LEAD_BYTES: usize = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const HEADER_MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];

/// Magic, version and four bytes that are kept free.
const INTRO_BYTES: usize = 8;

impl Analyzer for RpmArchive {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(HEAD_BYTES)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let head = file.bytes().unwrap_or_default();
        if !head.starts_with(&LEAD_MAGIC) {
            sink.problem(Effect::Note, "is no package of rpm, whatever its name says");
            return;
        }
        let header = match header(head) {
            Ok(header) => header,
            Err(Odd::End) if head.len() as u64 == file.size => {
                return sink.unreadable("has headers that are longer than the file");
            }
            Err(Odd::End) => {
                return sink.unreadable(format!(
                    "its headers go beyond the first {} bytes, of which alone it is read",
                    head.len()
                ));
            }
            Err(Odd::Magic) => return sink.unreadable("has no header where one has to be"),
        };
        match rpm::described(header) {
            Ok(Some(mut fact)) => {
                fact.evidence = EvidenceKind::Archived;
                // Of a source package the header names the architecture that it was made on.
                if is_source(head) {
                    fact.architecture = Some("src".to_owned());
                }
                sink.package(fact);
            }
            Ok(None) => {}
            Err(odd) => sink.unreadable(odd),
        }
    }
}

/// Why there is no header.
enum Odd {
    /// The bytes end.
    End,
    /// Something else stands in its place.
    Magic,
}

/// The header of the package, from its counts on.
fn header(head: &[u8]) -> Result<&[u8], Odd> {
    let signatures = head.get(LEAD_BYTES..).ok_or(Odd::End)?;
    let length = sized(signatures)?.len().saturating_add(INTRO_BYTES);
    let after = signatures.get(length.next_multiple_of(8)..);
    sized(after.ok_or(Odd::End)?)
}

/// The header at the beginning of these bytes, without its magic: two counts, an index of 16-byte entries, and data.
fn sized(bytes: &[u8]) -> Result<&[u8], Odd> {
    let (intro, rest) = bytes.split_at_checked(INTRO_BYTES).ok_or(Odd::End)?;
    if !intro.starts_with(&HEADER_MAGIC) {
        return Err(Odd::Magic);
    }
    let count = |at: usize| {
        let number = rest.get(at..)?.first_chunk()?;
        usize::try_from(u32::from_be_bytes(*number)).ok()
    };
    let (entries, data) = count(0).zip(count(4)).ok_or(Odd::End)?;
    let length = entries
        .checked_mul(16)
        .and_then(|index| index.checked_add(data)?.checked_add(8));
    length.and_then(|length| rest.get(..length)).ok_or(Odd::End)
}

/// Whether the lead says that this is a source package.
fn is_source(head: &[u8]) -> bool {
    head.get(6..8) == Some(&[0, 1])
}

#[cfg(test)]
mod tests {
    use plimsoll_model::ImagePath;

    use super::*;

    /// Only the head of a large package is there, and its header ends behind it.
    #[test]
    fn a_header_beyond_the_head_is_said() {
        let mut bytes = LEAD_MAGIC.to_vec();
        bytes.resize(LEAD_BYTES, 0);
        let header = |data: u32| [&HEADER_MAGIC[..], &[0; 8], &data.to_be_bytes()].concat();
        bytes.extend(header(0));
        bytes.extend(header(12 << 20));
        bytes.resize(usize::try_from(HEAD_BYTES).expect("a head fits"), 0);
        let path = ImagePath::new("opt/large.rpm");
        let said = |size: u64| {
            let (mut facts, mut problems) = (Vec::new(), Vec::new());
            let mut sink = Sink::new(&path, &META, &mut facts, &mut problems);
            RpmArchive.analyze(&mut File::head(&path, 0o644, size, &bytes), &mut sink);
            assert_eq!(facts, []);
            problems.pop().expect("there is a problem").reason
        };
        assert!(said(500 << 20).contains("beyond the first 8388608 bytes"));
        assert!(said(bytes.len() as u64).contains("longer than the file"));
    }
}
