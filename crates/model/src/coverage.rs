//! How much of an image was understood, in figures.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::fact::Opaque;
use crate::{Effect, ImagePath, Problem, Stage, Text};

/// A kind of file that could not be read, whole or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    /// A record of installed packages: what it would say is missing, so that nothing found means nothing.
    Database,
    /// An archive with packages inside.
    Archive,
    /// Another file, such as a lock file or a program.
    File,
}

impl Unreadable {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Database, Self::Archive, Self::File];

    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Archive => "archive",
            Self::File => "file",
        }
    }

    /// Words for people, that follow a number of them: `2 package databases`.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Database => Text::fixed("package databases", "软件包数据库"),
            Self::Archive => Text::fixed("archives", "归档文件"),
            Self::File => Text::fixed("other files", "其他文件"),
        }
    }

    /// What a problem says is unreadable; `None` for problems of other stages, and for mere oddities.
    fn of(problem: &Problem) -> Option<Self> {
        if problem.stage != Stage::Analyze {
            return None;
        }
        match problem.effect {
            Effect::Note => None,
            Effect::Blind => Some(Self::Database),
            Effect::Gap if is_archive(&problem.subject) => Some(Self::Archive),
            Effect::Gap => Some(Self::File),
        }
    }
}

/// Whether a path has the name of an archive.
fn is_archive(path: &str) -> bool {
    const ENDS: [&str; 24] = [
        "jar", "war", "ear", "par", "sar", "nar", "kar", "rar", "lpkg", "jpi", "hpi", "aar", "zip",
        "whl", "egg", "nupkg", "tar", "tgz", "gz", "bz2", "xz", "zst", "deb", "rpm",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(_, end)| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// How much of the image was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Entries in all layers.
    pub entries: u64,
    /// Executables and libraries that are visible.
    pub executables: u64,
    /// Of them: shipped by an OS package, or with packages found inside.
    pub explained: u64,
    /// Of them: neither, sorted by path.
    pub unexplained: Vec<ImagePath>,
    /// Programs that no OS package ships and whose contents cannot be known, by the reason, sorted by path.
    /// Some may be explained in part.
    pub opaque: BTreeMap<Opaque, Vec<ImagePath>>,
    /// Paths of what could not be read, whole or in part, by kind, sorted.
    pub unreadable: BTreeMap<Unreadable, Vec<String>>,
    /// OS packages of which only a lower layer tells, because a higher one deleted their database.
    pub deleted: u64,
}

impl Coverage {
    /// Programs and libraries of which it is not known what they are or what is in them.
    #[must_use]
    pub fn dark(&self) -> usize {
        let mut dark: BTreeSet<&ImagePath> = self.unexplained.iter().collect();
        dark.extend(self.opaque.values().flatten());
        dark.len()
    }

    /// The share of programs and libraries that are understood, 0 to 1; 1 where there are none.
    #[must_use]
    pub fn programs(&self) -> f64 {
        let known = self.executables.saturating_sub(self.dark() as u64);
        share(known, self.executables)
    }

    /// Takes in what the problems say of files that could not be read.
    pub fn add_unreadable(&mut self, problems: &[Problem]) {
        for problem in problems {
            if let Some(kind) = Unreadable::of(problem) {
                let subject = problem.subject.clone();
                self.unreadable.entry(kind).or_default().push(subject);
            }
        }
        for paths in self.unreadable.values_mut() {
            paths.sort();
            paths.dedup();
        }
    }
}

/// How many packages advisories could speak about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Looked up in advisories that speak of their ecosystem and release.
    pub judged: usize,
    /// Installed by an OS package, which was looked up in their place.
    pub owned: usize,
    /// Not judged, for which there is a problem. What no container runs, such as packages that are only there as
    /// files, counts nowhere.
    pub blind: usize,
}

impl Judged {
    /// The share of packages that were judged, themselves or through their owner, 0 to 1; 1 where there are
    /// none.
    #[must_use]
    pub fn packages(&self) -> f64 {
        let known = self.judged.saturating_add(self.owned);
        share(known as u64, known.saturating_add(self.blind) as u64)
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "no image has so many files that a share of them would show it"
)]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_dark_twice_counts_once() {
        let paths = |names: &[&str]| names.iter().map(|name| ImagePath::new(name)).collect();
        let mut coverage = Coverage {
            executables: 8,
            explained: 6,
            unexplained: paths(&["bin/a", "bin/b"]),
            ..Coverage::default()
        };
        let opaque = &mut coverage.opaque;
        opaque.insert(Opaque::Packed, paths(&["bin/a"]));
        opaque.insert(Opaque::RustWithoutAuditData, paths(&["bin/c"]));
        assert_eq!(coverage.dark(), 3);
        assert!((coverage.programs() - 0.625).abs() < 1e-9);
        assert!((Coverage::default().programs() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn problems_tell_what_could_not_be_read() {
        use Unreadable::{Archive, Database, File};
        let mut coverage = Coverage::default();
        coverage.add_unreadable(&[
            Problem::blind(Stage::Analyze, "var/lib/dpkg/status", "is cut off"),
            Problem::gap(Stage::Analyze, "app/x.JAR", "has no end"),
            Problem::gap(Stage::Analyze, "app/x.JAR", "`y.jar`: has no end"),
            Problem::gap(Stage::Analyze, "app/yarn.lock", "is no lock file"),
            Problem::note(Stage::Analyze, "app/z.jar", "does not say what it is"),
            Problem::gap(Stage::Squash, "programs", "2 belong to no package"),
        ]);
        let all: Vec<(Unreadable, usize)> = coverage
            .unreadable
            .iter()
            .map(|(kind, paths)| (*kind, paths.len()))
            .collect();
        assert_eq!(all, [(Database, 1), (Archive, 1), (File, 1)]);
    }

    #[test]
    fn packages_are_judged_by_themselves_or_by_their_owner() {
        let judged = Judged {
            judged: 2,
            owned: 1,
            blind: 1,
        };
        assert!((judged.packages() - 0.75).abs() < 1e-9);
        assert!((Judged::default().packages() - 1.0).abs() < 1e-9);
    }
}
