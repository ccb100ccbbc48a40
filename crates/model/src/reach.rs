//! Which files the program that a container starts loads, as the files themselves say.
//!
//! This is evidence and no proof. What a program opens while it runs (`dlopen(3)`, plugins, other programs) is in no
//! table, so a package that is not among these files may still be used.

use serde::{Deserialize, Serialize};

use crate::ImagePath;
use crate::fact::EvidenceKind;
use crate::facts::{Package, PackageIndex};

/// A file that is loaded when a container starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReachedFile {
    /// The file.
    pub path: ImagePath,
    /// The file that asks for it; `None` for what the command itself names.
    pub through: Option<ImagePath>,
    /// The OS package that ships it, if one does.
    pub owner: Option<PackageIndex>,
}

/// Whether a package is among what a container loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reachability {
    /// A file of it is started by the command, or linked to what is started.
    Linked,
    /// It cannot be said: nothing is known of the command, or a script or an interpreter decides what runs.
    #[default]
    Unknown,
    /// The command starts compiled programs, and none of them is linked to a file of it.
    NotLinked,
}

impl Reachability {
    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Unknown => "unknown",
            Self::NotLinked => "not-linked",
        }
    }
}

/// What is loaded when a container starts with the image's own command.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reach {
    /// The files, sorted by path; empty where the command starts nothing that is in the image.
    pub files: Vec<ReachedFile>,
    /// A script, a shell or an interpreter is among them: what it runs is in no table.
    pub hands_over: bool,
}

/// Most files of a way that are told.
const LONGEST_WAY: usize = 16;

impl Reach {
    /// Whether a package is loaded, and the first of its files that is.
    #[must_use]
    pub fn of(
        &self,
        index: PackageIndex,
        package: &Package,
    ) -> (Reachability, Option<&ReachedFile>) {
        let is_here = |file: &&ReachedFile| {
            let mut places = package.locations.iter();
            file.owner == Some(index) || places.any(|place| place.path == file.path)
        };
        if let Some(file) = self.files.iter().find(is_here) {
            return (Reachability::Linked, Some(file));
        }
        let in_programs =
            package.fact.is_installed_by_os() || package.fact.evidence == EvidenceKind::Compiled;
        if self.files.is_empty() || self.hands_over || !in_programs {
            (Reachability::Unknown, None)
        } else {
            (Reachability::NotLinked, None)
        }
    }

    /// The way from the command to a file, that file last; of a longer way the end.
    #[must_use]
    pub fn way<'a>(&'a self, file: &'a ReachedFile) -> Vec<&'a ImagePath> {
        let mut way = vec![&file.path];
        let mut current = file;
        while let Some(above) = &current.through
            && way.len() < LONGEST_WAY
            && let Ok(at) = self.files.binary_search_by(|other| other.path.cmp(above))
            && let Some(next) = self.files.get(at)
        {
            way.push(&next.path);
            current = next;
        }
        way.reverse();
        way
    }
}
