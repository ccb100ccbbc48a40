//! Libraries by the paths of their classes, for archives that no longer name what was merged into them.
//!
//! Tools that merge archives (Maven's shade plugin, Gradle's shadow plugin, jarjar) drop the `pom.properties` of
//! what they merge and often move its classes into a folder of their own, `com/acme/shaded/org/yaml/…`. The path
//! below that folder stays. `table.rs` has a row for each library of which advisories speak loudly.
//!
//! Several classes of a row must stand below one folder. Where the library's own first folders are gone too
//! (`com/acme/thirdparty/jackson/…`), all of them must, since short paths say less.
//!
//! A version is stated only where a file of the library says it; else it stays empty, and whoever compares it
//! gets "unknown" for an answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::identity::Coordinates;

mod table;
mod told;

pub(super) use told::Told;

/// A library and what gives it away.
#[derive(Debug)]
pub(super) struct Library {
    /// `group:artifact`.
    pub(super) name: &'static str,
    /// Other names of the same library in files and coordinates, parted by blanks; `*` at the end stands for
    /// any rest.
    pub(super) also: &'static str,
    /// Artefacts that are made of this and others of the same version, parted by blanks: their version is its.
    pub(super) part_of: &'static str,
    /// The first folders of its classes, with a slash at the end; some tools cut them off.
    pub(super) root: &'static str,
    /// Paths of classes below `root` without their suffix, parted by blanks.
    pub(super) classes: &'static str,
    /// How many of `classes` are enough.
    pub(super) least: u32,
    /// How many of the first `classes` must be there.
    pub(super) needed: u32,
    /// Other libraries whose classes are all in this one: artefacts, parted by blanks.
    pub(super) holds: &'static str,
    /// Files that say the version.
    pub(super) told: &'static [Told],
    /// Classes below `root`, and the first version that has each.
    pub(super) since: &'static [(&'static str, &'static str)],
    /// From a version on another artefact: version and artefact.
    pub(super) later: Option<(&'static str, &'static str)>,
    /// Archives that must not be taken for it: paths of classes, parted by blanks.
    #[cfg_attr(not(test), expect(dead_code, reason = "it is there for the tests"))]
    pub(super) unlike: &'static [&'static str],
}

/// A row with nothing in it.
const LIBRARY: Library = Library {
    name: "",
    also: "",
    part_of: "",
    root: "",
    classes: "",
    least: 3,
    needed: 0,
    holds: "",
    told: &[],
    since: &[],
    later: None,
    unlike: &[],
};

impl Library {
    fn artifact(&self) -> &'static str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// Whether these coordinates are those of the library.
    pub(super) fn is_named(&self, artifact: &str) -> bool {
        self.artifact() == artifact
            || self.later.is_some_and(|(_, later)| later == artifact)
            || self
                .also
                .split(' ')
                .any(|name| match name.strip_suffix('*') {
                    Some(begin) => artifact.starts_with(begin),
                    None => name == artifact,
                })
    }

    /// Whether an artefact is made of this library and others of the same version.
    pub(super) fn is_part_of(&self, artifact: &str) -> bool {
        self.part_of.split(' ').any(|name| name == artifact)
    }

    /// The library at a version, which may be empty.
    pub(super) fn at(&self, version: &str) -> Coordinates {
        let (group, artifact) = self.name.split_once(':').unwrap_or_default();
        let is_later = |since| {
            let maven = plimsoll_version::Scheme::Maven;
            maven
                .compare(version, since)
                .is_ok_and(std::cmp::Ordering::is_ge)
        };
        let artifact = match self.later {
            Some((since, later)) if is_later(since) => later,
            _ => artifact,
        };
        Coordinates {
            group: Some(group.to_owned()),
            artifact: artifact.to_owned(),
            version: version.to_owned(),
        }
    }

    /// The classes of the row and those that tell a version, each with a bit in [`Sighting::seen`].
    fn all_classes(&self) -> impl Iterator<Item = &'static str> {
        let since = self.since.iter().map(|(class, _)| *class);
        self.classes.split(' ').chain(since)
    }

    /// Whether these classes, seen below one folder, are enough.
    fn is_enough(&self, seen: u32, has_root: bool) -> bool {
        let count = u32::try_from(self.classes.split(' ').count()).unwrap_or(32);
        let all = first_bits(count);
        let needed = first_bits(self.needed);
        let least = if has_root { self.least } else { count };
        seen & needed == needed && (seen & all).count_ones() >= least
    }
}

fn first_bits(count: u32) -> u32 {
    u32::MAX
        .checked_shr(32_u32.saturating_sub(count))
        .unwrap_or(0)
}

/// What a path can be a sign of.
#[derive(Debug, Clone, Copy)]
struct Sign {
    library: usize,
    /// Below the library's root; whole for files that no tool moves.
    path: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A class and its bit.
    Class(u32),
    /// A file that tells the version.
    Told,
}

/// Signs by the last part of their path, without the suffix of a class.
static SIGNS: LazyLock<HashMap<&'static [u8], Vec<Sign>>> = LazyLock::new(|| {
    let mut signs: HashMap<&'static [u8], Vec<Sign>> = HashMap::new();
    for (library, row) in table::LIBRARIES.iter().enumerate() {
        let classes = row
            .all_classes()
            .zip(0..)
            .map(|(path, bit)| (path, Kind::Class(bit)));
        let told = row.told.iter().map(|told| (told.file(), Kind::Told));
        for (path, kind) in classes.chain(told) {
            let last = path.rsplit('/').next().unwrap_or_default();
            signs.entry(last.as_bytes()).or_default().push(Sign {
                library,
                path,
                kind,
            });
        }
    }
    signs
});

/// Ends of the names of classes; agents that hide theirs from others use the last two.
const SUFFIXES: [&[u8]; 3] = [b".class", b".classdata", b".esclazz"];

/// Most folders with well-known classes that are told apart in one archive.
const MOST_FOLDERS: usize = 4096;

/// Takes the paths of an archive's entries and says which libraries they are of.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    /// The bits of the classes that were seen, by library and folder.
    seen: BTreeMap<(usize, String), u32>,
    /// Whether there were too many folders.
    pub(super) full: bool,
}

/// A library that was seen in an archive.
#[derive(Debug)]
pub(super) struct Sighting {
    pub(super) library: &'static Library,
    /// The folder in the archive, with a slash at the end.
    folder: String,
    seen: u32,
}

impl Sightings {
    /// Takes a path; says whether the file should be kept, because it may tell a version.
    pub(super) fn see(&mut self, name: &[u8]) -> bool {
        let bare = SUFFIXES
            .iter()
            .find_map(|suffix| name.strip_suffix(*suffix));
        let path = bare.unwrap_or(name);
        let last = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let mut keep = false;
        for sign in SIGNS.get(last).map(Vec::as_slice).unwrap_or_default() {
            let Some(folder) = path.strip_suffix(sign.path.as_bytes()) else {
                continue;
            };
            if !(folder.is_empty() || folder.ends_with(b"/")) {
                continue;
            }
            match sign.kind {
                Kind::Told => keep = true,
                Kind::Class(bit) if bare.is_some() => self.add(sign.library, folder, bit),
                Kind::Class(_) => {}
            }
        }
        keep
    }

    fn add(&mut self, library: usize, folder: &[u8], bit: u32) {
        let Ok(folder) = std::str::from_utf8(version_of_java(folder)) else {
            return;
        };
        let mark = 1_u32.checked_shl(bit).unwrap_or(0);
        let key = (library, folder.to_owned());
        if let Some(seen) = self.seen.get_mut(&key) {
            *seen |= mark;
        } else if self.seen.len() < MOST_FOLDERS {
            self.seen.insert(key, mark);
        } else {
            self.full = true;
        }
    }

    /// The libraries of which enough was seen, each once: where it lies in its own place, else at the first.
    pub(super) fn found(&self) -> Vec<Sighting> {
        let mut found: Vec<Sighting> = Vec::new();
        for ((library, folder), seen) in &self.seen {
            let Some(library) = table::LIBRARIES.get(*library) else {
                continue;
            };
            let sighting = Sighting {
                library,
                folder: folder.clone(),
                seen: *seen,
            };
            if !library.is_enough(*seen, folder.ends_with(library.root)) {
                continue;
            }
            match found
                .iter_mut()
                .find(|other| other.library.name == library.name)
            {
                Some(other) if sighting.is_own_place() && !other.is_own_place() => {
                    *other = sighting;
                }
                Some(_) => {}
                None => found.push(sighting),
            }
        }
        let held: Vec<&str> = found
            .iter()
            .flat_map(|one| one.library.holds.split(' '))
            .collect();
        found.retain(|one| !held.contains(&one.library.artifact()));
        found
    }
}

/// A folder without the part that holds classes for newer Java (JAR File Specification, "Multi-release JAR
/// files").
fn version_of_java(folder: &[u8]) -> &[u8] {
    folder
        .strip_prefix(b"META-INF/versions/")
        .and_then(|rest| {
            let end = rest.iter().position(|&byte| byte == b'/')?;
            rest.get(end.checked_add(1)?..)
        })
        .unwrap_or(folder)
}

impl Sighting {
    /// Whether the library was not moved: its classes stand where its own archive has them, or where
    /// applications keep classes.
    pub(super) fn is_own_place(&self) -> bool {
        let folder = ["BOOT-INF/classes/", "WEB-INF/classes/"]
            .iter()
            .find_map(|above| self.folder.strip_prefix(above))
            .unwrap_or(&self.folder);
        folder == self.library.root
    }

    /// Whether an entry is the file that tells this library's version in some way.
    pub(super) fn told_by(&self, entry: &str) -> Option<&'static Told> {
        let path = SUFFIXES
            .iter()
            .filter_map(|suffix| std::str::from_utf8(suffix).ok())
            .find_map(|suffix| entry.strip_suffix(suffix))
            .unwrap_or(entry);
        self.library.told.iter().find(|told| {
            if told.is_fixed() {
                path == told.file()
            } else {
                path.strip_suffix(told.file()) == Some(&self.folder)
            }
        })
    }

    /// What is to be said where no version is known.
    pub(super) fn note(&self) -> String {
        let Library {
            name,
            since,
            classes,
            ..
        } = self.library;
        let folder = if self.folder.is_empty() {
            "/"
        } else {
            &self.folder
        };
        let mut text = format!(
            "the classes in `{folder}` are those of {name}, and nothing tells their version"
        );
        let first = classes.split(' ').count();
        let newest = since
            .iter()
            .zip(first..)
            .filter(|(_, bit)| {
                u32::try_from(*bit)
                    .is_ok_and(|bit| self.seen.checked_shr(bit).unwrap_or(0) & 1 == 1)
            })
            .map(|((_, version), _)| *version)
            .max_by(|a, b| {
                let maven = plimsoll_version::Scheme::Maven;
                maven.compare(a, b).unwrap_or(std::cmp::Ordering::Equal)
            });
        if let Some(version) = newest {
            text.push_str("; by the classes there are, it is ");
            text.push_str(version);
            text.push_str(" or later");
        }
        text
    }
}

#[cfg(test)]
mod tests;
