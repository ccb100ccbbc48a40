//! The interest index: which analyzers want a file, decided from its path alone and, for programs, from
//! its first bytes.

use foldhash::{HashMap, HashMapExt};

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
    under: Vec<(&'static str, &'static str, Wanted)>,
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

/// Whether a path is below a folder; `**/` in front of the folder lets it be anywhere.
fn is_below(path: &str, folder: &str) -> bool {
    let Some(anywhere) = folder.strip_prefix("**") else {
        return path.starts_with(folder);
    };
    // The separator in front keeps `my-conda-meta/` from being `conda-meta/`.
    path.contains(anywhere)
        || anywhere
            .strip_prefix('/')
            .is_some_and(|folder| path.starts_with(folder))
}

impl InterestIndex {
    /// Indexes the interests of a table of analyzers.
    ///
    /// # Panics
    /// If the table has more than 128 rows.
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
            under: Vec::new(),
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
                index.suffixes.entry(suffix).or_default().add(bit);
            }
            for &(folder, end) in interest.under {
                index.under.push((folder, end, bit));
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
        // `.tar.gz` has two ends that could be asked for.
        for (at, _) in name.match_indices('.') {
            let end = name.get(at..).unwrap_or_default();
            if end.len() <= 16 && !self.suffixes.is_empty() {
                let lower = end.to_ascii_lowercase();
                if let Some(found) = self.suffixes.get(lower.as_str()) {
                    wanted.add(*found);
                }
            }
        }
        for &(folder, end, bit) in &self.under {
            if text.ends_with(end) && is_below(text, folder) {
                wanted.add(bit);
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
            assert_eq!(is_below(path, folder), expected, "{path} {folder}");
        }
    }
}
