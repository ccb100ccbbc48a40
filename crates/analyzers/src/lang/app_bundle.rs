//! Applications for Apple's systems: `Info.plist` in the folder `Contents` of a folder `….app`.
//!
//! Sources: "Information Property List Key Reference" of Apple's developer documentation, `plist(5)` and its DTD for the
//! form in XML, and `CFBinaryPList.c` of Apple's Core Foundation for the binary form. Only the outermost dictionary is
//! read, and of that the texts. An application without a version is told by nobody: such a list is that of a template.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::document;
use super::text;
use super::xml::{Event, Reader, unescape};

/// Applications of macOS.
#[derive(Debug)]
pub struct AppBundle;

static META: Meta = Meta {
    id: "lang/app-bundle",
    revision: 1,
    docs: "Reads name and version of applications for macOS from their property list, in XML or binary.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("", ".app/Contents/Info.plist")],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Note,
};

/// Names for people, then that of the program, then the identifier: the first that there is.
const NAMES: [&str; 4] = [
    "CFBundleDisplayName",
    "CFBundleName",
    "CFBundleExecutable",
    "CFBundleIdentifier",
];
/// The version for people, then the number of the build.
const VERSIONS: [&str; 2] = ["CFBundleShortVersionString", "CFBundleVersion"];

impl Analyzer for AppBundle {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(bytes) = document::bytes(file, sink) else {
            return;
        };
        let texts = match bytes.strip_prefix(binary::MAGIC) {
            Some(_) => binary::texts(bytes),
            None => std::str::from_utf8(bytes)
                .map_err(|_| "is neither text nor a binary property list")
                .and_then(xml),
        };
        let texts = match texts {
            Ok(texts) => texts,
            Err(reason) => return sink.unreadable(reason),
        };
        let first = |keys: &[&str]| {
            let mut values = keys.iter().filter_map(|key| texts.get(*key));
            values.find_map(|value| text::statement(value))
        };
        let (Some(name), Some(version)) = (first(&NAMES), first(&VERSIONS)) else {
            return;
        };
        if !text::is_word(&version) {
            return sink.unreadable("names a version that is none");
        }
        let mut fact = PackageFact::new(Ecosystem::Generic, name, version);
        fact.evidence = EvidenceKind::Installed;
        sink.package(fact);
    }
}

/// Texts of the outermost dictionary, by their keys.
type Texts = BTreeMap<String, String>;

/// The form in XML: `<plist><dict><key>…</key><string>…</string>…`.
fn xml(document: &str) -> Result<Texts, &'static str> {
    let mut reader = Reader::new(document);
    let mut texts = Texts::new();
    let mut depth = 0_usize;
    let (mut key, mut value) = (None::<String>, String::new());
    let mut is_list = false;
    for event in reader.by_ref() {
        match event {
            Event::Start { name, empty, .. } => {
                is_list |= depth == 0 && name == "plist";
                value.clear();
                if !empty {
                    depth = depth.saturating_add(1);
                } else if depth == 2 {
                    // A value without anything inside, such as `<true/>`.
                    key = None;
                }
            }
            Event::Text(text) => value.push_str(&unescape(text)),
            Event::End(name) => {
                // `plist`, `dict`, and this one.
                match (depth, name) {
                    (3, "key") => key = Some(std::mem::take(&mut value)),
                    (3, "string") => {
                        if let Some(key) = key.take() {
                            texts.entry(key).or_insert(std::mem::take(&mut value));
                        }
                    }
                    (3, _) => key = None,
                    _ => {}
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
    if !is_list {
        return Err("is no property list");
    }
    if reader.is_cut_off() {
        return Err("is cut off");
    }
    Ok(texts)
}

/// The binary form: a magic number, objects, a table with their offsets, and 32 bytes that tell where that is.
mod binary {
    use super::Texts;

    pub(super) const MAGIC: &[u8] = b"bplist00";

    /// Most keys of a dictionary that are looked at.
    const MOST_KEYS: u64 = 4_096;
    /// How many bytes of a text are kept, because many keys may mean the same long one.
    const MOST_BYTES: u64 = 1_024;

    /// What the last 32 bytes tell.
    struct Objects<'a> {
        bytes: &'a [u8],
        /// Bytes of an offset, and of the number of an object.
        widths: (u64, u64),
        count: u64,
        table: u64,
    }

    pub(super) fn texts(bytes: &[u8]) -> Result<Texts, &'static str> {
        const DAMAGED: &str = "is a damaged binary property list";
        let trailer = bytes.last_chunk::<32>().ok_or(DAMAGED)?;
        let field = |at| number(trailer, at, 8).ok_or(DAMAGED);
        let width = |at| number(trailer, at, 1).filter(|width| (1..=8).contains(width));
        let objects = Objects {
            bytes,
            widths: width(6).zip(width(7)).ok_or(DAMAGED)?,
            count: field(8)?,
            table: field(24)?,
        };
        objects.dictionary(field(16)?).ok_or(DAMAGED)
    }

    impl Objects<'_> {
        /// Kind and length of an object, and where what it has begins.
        fn object(&self, index: u64) -> Option<(u8, u64, u64)> {
            let (width, _) = self.widths;
            let at = Some(index).filter(|index| *index < self.count)?;
            let at = self.table.checked_add(at.checked_mul(width)?)?;
            let at = number(self.bytes, at, width)?;
            let mark = u8::try_from(number(self.bytes, at, 1)?).ok()?;
            let after = at.checked_add(1)?;
            if mark & 0x0f != 0x0f {
                return Some((mark >> 4, u64::from(mark & 0x0f), after));
            }
            // A length that does not fit is an integer behind the mark: `0x1n`, and 2ⁿ bytes.
            let exponent = number(self.bytes, after, 1)?.checked_sub(0x10)?;
            let width = 1_u64.checked_shl(u32::try_from(exponent).ok()?)?;
            let after = after.checked_add(1)?;
            let length = number(self.bytes, after, width)?;
            Some((mark >> 4, length, after.checked_add(width)?))
        }

        /// The texts of a dictionary: the numbers of all keys, then those of all values.
        fn dictionary(&self, index: u64) -> Option<Texts> {
            let (13, length, at) = self.object(index)? else {
                return None;
            };
            let (_, width) = self.widths;
            let member = |place: u64| {
                let at = at.checked_add(place.checked_mul(width)?)?;
                number(self.bytes, at, width)
            };
            let mut texts = Texts::new();
            for place in 0..Some(length).filter(|length| *length <= MOST_KEYS)? {
                let key = self.text(member(place)?);
                let value = self.text(member(length.checked_add(place)?)?);
                if let Some((key, value)) = key.zip(value) {
                    texts.insert(key, value);
                }
            }
            Some(texts)
        }

        /// A text: kind 5 is ASCII, kind 6 UTF-16, of which the length counts the units.
        fn text(&self, index: u64) -> Option<String> {
            let (kind, length, at) = self.object(index)?;
            let size = match kind {
                5 => length,
                6 => length.checked_mul(2)?,
                _ => return None,
            };
            slice(self.bytes, at, size)?;
            let bytes = slice(self.bytes, at, size.min(MOST_BYTES))?;
            if kind == 5 {
                return String::from_utf8(bytes.to_vec()).ok();
            }
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .filter_map(|unit| unit.try_into().ok().map(u16::from_be_bytes))
                .collect();
            Some(String::from_utf16_lossy(&units))
        }
    }

    fn slice(bytes: &[u8], at: u64, size: u64) -> Option<&[u8]> {
        let at = usize::try_from(at).ok()?;
        bytes.get(at..)?.get(..usize::try_from(size).ok()?)
    }

    /// A number of at most eight bytes, the most significant one first.
    fn number(bytes: &[u8], at: u64, width: u64) -> Option<u64> {
        let bytes = slice(bytes, at, width).filter(|bytes| bytes.len() <= 8)?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_of_the_outermost_dictionary_count() {
        let list = "<plist><dict><key>A</key><dict><key>B</key><string>in</string></dict><key>C</key><true/>\
                    <string>of nothing</string><key>B</key><string>x &amp; y</string></dict></plist>";
        let texts = xml(list).expect("the list can be read");
        let texts: Vec<_> = texts.into_iter().collect();
        assert_eq!(texts, [("B".to_owned(), "x & y".to_owned())]);
        assert!(xml("<plist><dict>").is_err());
        assert!(xml("<html></html>").is_err());
    }
}
