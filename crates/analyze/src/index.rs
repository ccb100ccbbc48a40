//! The interest index: which analyzers want a file, decided from its path alone and, for programs, from
//! its first bytes.

use foldhash::{HashMap, HashMapExt};
use memchr::memmem::Finder;
use plimsoll_model::ImagePath;

use crate::analyzer::{Analyzer, Executables};

/// The first bytes of every ELF file (System V ABI, chapter 4, "ELF Identification").
pub const ELF_MAGIC: [u8; 4] = *b"\x7fELF";

/// The set-user-id and the set-group-id bit (`chmod(2)`).
const PRIVILEGED: u32 = 0o6000;

/// Most rows of a table of analyzers.
const MOST: usize = 128;

/// A set of analyzers by their place in the table; tables are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted(u128);

impl Wanted {
    /// Whether no analyzer wants the file.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The places in the table, ascending.
    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..MOST).filter(move |place| self.0 & (1 << place) != 0)
    }

    /// The set with the analyzer at one place, below 128.
    pub(crate) fn at(place: usize) -> Self {
        Self(1 << place)
    }

    /// Joins two sets.
    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Answers which analyzers want a file in constant time for most files.
pub struct InterestIndex {
    analyzers: Vec<&'static dyn Analyzer>,
    paths: HashMap<&'static str, Wanted>,
    names: HashMap<&'static str, Wanted>,
    suffixes: HashMap<&'static str, Wanted>,
    /// How last parts begin, by their first byte.
    beginnings: Vec<Vec<(&'static str, Wanted)>>,
    /// By the last byte of the path.
    under: Vec<Vec<Under>>,
    /// Where the path may end with anything.
    under_any: Vec<Under>,
    elf: Wanted,
    script: Wanted,
    privileged: Wanted,
}

impl std::fmt::Debug for InterestIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InterestIndex")
            .field("analyzers", &self.analyzers.len())
            .finish_non_exhaustive()
    }
}

/// Paths below a folder, with an end.
struct Under {
    folder: Folder,
    end: &'static str,
    /// The last four bytes of the end, and which of them it has: one comparison that refuses nearly every path.
    tail: u32,
    mask: u32,
    wanted: Wanted,
}

impl Under {
    fn new(folder: &'static str, end: &'static str, wanted: Wanted) -> Self {
        let known = u32::try_from(end.len().min(4)).unwrap_or(4);
        let mask = u32::MAX.checked_shr(32 - 8 * known).unwrap_or_default();
        Self {
            folder: Folder::new(folder),
            end,
            tail: tail(end),
            mask,
            wanted,
        }
    }

    /// Whether a path is meant that ends with `tail`.
    fn has(&self, path: &str, tail: u32) -> bool {
        (tail ^ self.tail) & self.mask == 0 && path.ends_with(self.end) && self.folder.has(path)
    }
}

/// The last four bytes of a text, the last one lowest; zeros in front of a shorter one.
fn tail(text: &str) -> u32 {
    let bytes = text.as_bytes();
    bytes.last_chunk().map_or_else(
        || {
            bytes
                .iter()
                .fold(0, |tail, &byte| tail << 8 | u32::from(byte))
        },
        |last| u32::from_be_bytes(*last),
    )
}

/// Where a folder of interest is.
enum Folder {
    /// At the root.
    Root(&'static str),
    /// Anywhere: the folder, and how it is found within a path. The separator in front keeps `my-conda-meta/` from
    /// being `conda-meta/`.
    Anywhere(&'static str, Box<Finder<'static>>),
}

impl Folder {
    /// `**/` in front of a folder lets it be anywhere.
    fn new(folder: &'static str) -> Self {
        match (folder.strip_prefix("**/"), folder.strip_prefix("**")) {
            (Some(rest), Some(within)) => Self::Anywhere(rest, Box::new(Finder::new(within))),
            _ => Self::Root(folder),
        }
    }

    fn has(&self, path: &str) -> bool {
        match self {
            Self::Root(folder) => path.starts_with(folder),
            Self::Anywhere(folder, within) => {
                path.starts_with(folder) || within.find(path.as_bytes()).is_some()
            }
        }
    }
}

/// The beginning of a last part, if that is meant and no folder.
fn beginning(folder: &'static str) -> Option<&'static str> {
    let rest = folder.strip_prefix("**/")?;
    (!rest.is_empty() && !rest.ends_with('/')).then_some(rest)
}

/// Longest end of a name that anybody asks for.
const LONGEST_SUFFIX: usize = 16;

impl InterestIndex {
    /// Indexes the interests of a table of analyzers.
    ///
    /// # Panics
    /// If the table has more than 128 rows, a suffix more than 16 bytes, or the beginning of a name an end.
    #[must_use]
    pub fn new(table: &[&'static dyn Analyzer]) -> Self {
        assert!(
            table.len() <= MOST,
            "the analyzer table has more than {MOST} rows"
        );
        let mut index = Self {
            analyzers: table.to_vec(),
            paths: HashMap::new(),
            names: HashMap::new(),
            suffixes: HashMap::new(),
            beginnings: std::iter::repeat_with(Vec::new).take(256).collect(),
            under: std::iter::repeat_with(Vec::new).take(256).collect(),
            under_any: Vec::new(),
            elf: Wanted::default(),
            script: Wanted::default(),
            privileged: Wanted::default(),
        };
        for (place, analyzer) in table.iter().enumerate() {
            let bit = Wanted::at(place);
            let interest = &analyzer.meta().interest;
            for &path in interest.paths {
                index.paths.entry(path).or_default().add(bit);
            }
            for &name in interest.names {
                index.names.entry(name).or_default().add(bit);
            }
            for &suffix in interest.suffixes {
                assert!(suffix.len() <= LONGEST_SUFFIX, "`{suffix}` is too long");
                index.suffixes.entry(suffix).or_default().add(bit);
            }
            for &(folder, end) in interest.under {
                if let Some(beginning) = beginning(folder) {
                    assert!(end.is_empty(), "`{beginning}` has `{end}` behind it");
                    let first = beginning.bytes().next().map(usize::from);
                    let all = first.and_then(|first| index.beginnings.get_mut(first));
                    if let Some(all) = all {
                        all.push((beginning, bit));
                    }
                    continue;
                }
                let under = Under::new(folder, end, bit);
                let last = end.bytes().last().map(usize::from);
                let ends = last.and_then(|last| index.under.get_mut(last));
                ends.unwrap_or(&mut index.under_any).push(under);
            }
            match interest.executables {
                Executables::Ignored => {}
                Executables::Elf => index.elf.add(bit),
                Executables::Script => index.script.add(bit),
                Executables::Privileged => index.privileged.add(bit),
            }
        }
        index
    }

    /// The analyzer at a place of the table.
    #[must_use]
    pub fn analyzer(&self, place: usize) -> Option<&'static dyn Analyzer> {
        self.analyzers.get(place).copied()
    }

    /// The whole table.
    #[must_use]
    pub fn analyzers(&self) -> &[&'static dyn Analyzer] {
        &self.analyzers
    }

    /// Who wants a file with this path, whatever it contains.
    #[must_use]
    pub fn by_path(&self, path: &ImagePath) -> Wanted {
        let mut wanted = Wanted::default();
        let text = path.as_str();
        let name = path.file_name();
        if let Some(found) = self.paths.get(text) {
            wanted.add(*found);
        }
        if let Some(found) = self.names.get(name) {
            wanted.add(*found);
        }
        let first = name.bytes().next().map(usize::from);
        let beginnings = first.and_then(|first| self.beginnings.get(first));
        for (beginning, found) in beginnings.into_iter().flatten() {
            if name.starts_with(beginning) {
                wanted.add(*found);
            }
        }
        // `.tar.gz` has two ends that could be asked for.
        for (at, _) in name.match_indices('.') {
            let end = name.get(at..).unwrap_or_default();
            let mut lower = [0; LONGEST_SUFFIX];
            if let Some(lower) = lower.get_mut(..end.len()) {
                lower.copy_from_slice(end.as_bytes());
                lower.make_ascii_lowercase();
                let suffix = std::str::from_utf8(lower).unwrap_or_default();
                if let Some(found) = self.suffixes.get(suffix) {
                    wanted.add(*found);
                }
            }
        }
        let tail = tail(text);
        let last = text.bytes().last().map(usize::from);
        let ends = last.and_then(|last| self.under.get(last));
        for under in ends.into_iter().flatten().chain(&self.under_any) {
            if under.has(text, tail) {
                wanted.add(under.wanted);
            }
        }
        wanted
    }

    /// Who wants a file that begins with these bytes (at least four), whatever its path.
    #[must_use]
    pub fn by_magic(&self, first: &[u8]) -> Wanted {
        if first.starts_with(&ELF_MAGIC) {
            self.elf
        } else if first.starts_with(b"#!") {
            self.script
        } else {
            Wanted::default()
        }
    }

    /// Who wants a file with these mode bits and with or without file capabilities, whatever its path.
    #[must_use]
    pub fn by_rights(&self, mode: u32, has_capability: bool) -> Wanted {
        if has_capability || mode & PRIVILEGED != 0 {
            self.privileged
        } else {
            Wanted::default()
        }
    }

    /// Whether the first bytes of files matter to anybody.
    #[must_use]
    pub fn looks_inside(&self) -> bool {
        !self.elf.is_empty() || !self.script.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_at_the_root_or_anywhere() {
        for (path, folder, expected) in [
            ("var/lib/x", "var/lib/", true),
            ("srv/var/lib/x", "var/lib/", false),
            ("anything", "", true),
            ("opt/conda/conda-meta/x.json", "**/conda-meta/", true),
            ("conda-meta/x.json", "**/conda-meta/", true),
            ("opt/my-conda-meta/x.json", "**/conda-meta/", false),
        ] {
            assert_eq!(Folder::new(folder).has(path), expected, "{path} {folder}");
        }
    }

    #[test]
    fn a_folder_without_a_separator_is_the_beginning_of_a_name() {
        for (folder, is) in [
            ("**/vmlinuz-", Some("vmlinuz-")),
            ("**/conda-meta/", None),
            ("**/", None),
            ("boot/", None),
            ("", None),
        ] {
            assert_eq!(beginning(folder), is, "{folder}");
        }
    }

    #[test]
    fn ends_of_any_length_are_told_apart() {
        for (path, end, expected) in [
            ("a/b.json", ".json", true),
            ("a/bjson", ".json", false),
            ("a/b.xson", "json", false),
            ("a/b", "b", true),
            ("b", "b", true),
            ("b", "/b", false),
            ("son", "json", false),
            ("a/anything", "", true),
            ("", "", true),
            ("", "a", false),
        ] {
            let under = Under::new("", end, Wanted::at(0));
            assert_eq!(under.has(path, tail(path)), expected, "{path} {end}");
        }
    }
}
